import type { AggregateRow } from '@sphinx/platform';
import { FileCategory, type FileTypeDefinition, TELEMETRY, type TelemetryRow } from '@sphinx/schema';
import { z } from 'zod';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import type { KeptContent } from './kept-files.ts';
import { RuleMeaning } from './rule-meanings.ts';

const MS_PER_DAY = 86_400_000;

export const FileRow = TELEMETRY.file_activity.meta({ id: 'FileActivity' });
type FileRow = TelemetryRow<'file_activity'>;

/** One file with all that is known of it. */
export const FileDetail = FileRow.extend({
  typeTitle: z.string().meta({ description: 'What it is, in words, by its content' }),
  namedTypes: z.array(z.string()).meta({ description: 'What things with the ending of its name are, in words' }),
  matches: z.array(RuleMeaning).meta({ description: 'YARA rules that matched, with what they mean' }),
  kept: z
    .object({
      bytes: z.number(),
      keptAt: z.number(),
      until: z.number().meta({ description: 'It goes then, or earlier when all kept files are larger than the limit' }),
    })
    .nullable()
    .meta({ description: 'Content that is still there' }),
}).meta({ id: 'FileDetail' });
export type FileDetail = z.infer<typeof FileDetail>;

/** Files of one type. */
export const FileTypeCount = z
  .object({
    type: z.string(),
    title: z.string(),
    category: FileCategory,
    files: z.number(),
    bytes: z.number(),
    matched: z.number(),
    mismatched: z.number(),
    unscanned: z.number(),
  })
  .meta({ id: 'FileTypeCount' });
export type FileTypeCount = z.infer<typeof FileTypeCount>;

/** How files are treated: settings in force, rules in force, and what is kept at the moment. */
export const FilePolicy = z
  .object({
    followsFiles: z.boolean(),
    maximumFileMegabytes: z.number(),
    fileNames: z.enum(['programs', 'all', 'none']),
    keptFiles: z.enum(['none', 'matched', 'types']),
    keptFileTypes: z.array(z.string()),
    keptFileDays: z.number(),
    keptFileMegabytes: z.number(),
    rules: z.number(),
    rejected: z.array(z.object({ name: z.string(), reason: z.string() })),
    keptNow: z.object({ files: z.number(), bytes: z.number() }),
  })
  .meta({ id: 'FilePolicy' });
export type FilePolicy = z.infer<typeof FilePolicy>;

/** Types of files in words. */
export class TypeTitles {
  readonly #titles: ReadonlyMap<string, string>;
  readonly #byExtension = new Map<string, string[]>();

  constructor(types: readonly FileTypeDefinition[]) {
    this.#titles = new Map(types.map(({ id, description }) => [id, description]));
    for (const { extensions, description } of types) {
      for (const extension of extensions)
        this.#byExtension.set(extension, [...(this.#byExtension.get(extension) ?? []), description]);
    }
  }

  of(type: string): string {
    if (type === 'text') return 'text';
    return this.#titles.get(type) ?? 'unknown data';
  }

  /** @returns what a name with this ending speaks of, each once */
  named(extension: string): string[] {
    return [...new Set(this.#byExtension.get(extension))];
  }
}

/** @returns the file with words for its type, the meaning of its matches, and what is kept of it */
export function describeDetail(
  row: FileRow,
  titles: TypeTitles,
  meanings: ReadonlyMap<string, RuleMeaning>,
  kept: KeptContent | undefined,
  { keptFileDays }: Pick<TrafficMonitoringSettings, 'keptFileDays'>,
): FileDetail {
  return {
    ...row,
    is_kept: kept !== undefined,
    typeTitle: titles.of(row.type),
    namedTypes: titles.named(row.extension),
    matches: rulesOf(row).map((rule) => meanings.get(rule) ?? unknownMeaning(rule)),
    kept: kept === undefined ? null : { ...kept, until: kept.keptAt + keptFileDays * MS_PER_DAY },
  };
}

/** Names of the YARA rules that matched a file. */
function rulesOf({ rules }: Pick<FileRow, 'rules'>): readonly string[] {
  return z.array(z.string()).catch([]).parse(JSON.parse(rules));
}

/** A rule that matched and is no longer in force. */
function unknownMeaning(rule: string): RuleMeaning {
  return { rule, file: '', title: rule, severity: 'medium', rationale: '', references: [], techniques: [] };
}

/** @param groups by type, category, verdict and mismatch, with `count` and `sum_size` */
export function countTypes(groups: readonly AggregateRow[], titles: TypeTitles): readonly FileTypeCount[] {
  const counts = new Map<string, FileTypeCount>();
  for (const { type, category, verdict, is_mismatch, count, sum_size } of groups) {
    const files = Number(count);
    const known = counts.get(String(type));
    const title = titles.of(String(type));
    const before = known ?? {
      ...{ type: String(type), title, category: FileCategory.catch('other').parse(category) },
      ...{ files: 0, bytes: 0, matched: 0, mismatched: 0, unscanned: 0 },
    };
    counts.set(String(type), {
      ...before,
      files: before.files + files,
      bytes: before.bytes + Number(sum_size),
      matched: before.matched + (verdict === 'matched' ? files : 0),
      mismatched: before.mismatched + (is_mismatch === true ? files : 0),
      unscanned: before.unscanned + (verdict === 'unscanned' ? files : 0),
    });
  }
  return [...counts.values()].sort((left, right) => right.files - left.files || left.type.localeCompare(right.type));
}
