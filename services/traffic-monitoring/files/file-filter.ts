import type { TelemetryFilter } from '@sphinx/platform';
import { FileCategory } from '@sphinx/schema';
import { z } from 'zod';
import { type RowOrder, RowPage } from '../traffic/row-page.ts';
import { rangeOf, TimeRange } from '../traffic/traffic-filter.ts';

const Word = z.string().max(100).optional();
/** What a person may know of a file that is looked for. */
const SEARCHED = [
  'name',
  'extension',
  'type',
  'media_type',
  'declared_type',
  'rules',
  'md5',
  'sha1',
  'sha256',
  'src_ip',
  'dst_ip',
];

/** What narrows questions about files. */
export const FileFilter = TimeRange.extend({
  address: Word.meta({ description: 'Either end has this address' }),
  protocol: Word,
  source: Word,
  flow: Word.meta({ description: 'Id of one flow' }),
  search: Word.meta({ description: 'Stands in name, type, hash, address or name of a YARA rule' }),
  type: Word.meta({ description: 'By content, for example `pe`' }),
  category: FileCategory.optional(),
  verdict: z.enum(['matched', 'clean', 'unscanned']).optional(),
  rule: Word.meta({ description: 'Name of a YARA rule that matched' }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  activity: z.enum(['upload', 'download']).optional(),
  isMismatch: z.stringbool().optional().meta({ description: 'Content is another kind of thing than the name says' }),
  isClinical: z.stringbool().optional(),
  isKept: z.stringbool().optional().meta({ description: 'Policy said to keep the content' }),
});
export type FileFilter = z.infer<typeof FileFilter>;

const SORTS = ['time', '-time', 'size', '-size', 'name', '-name', 'type', '-type'] as const;

export const FileListQuery = FileFilter.extend({
  ...RowPage,
  sort: z.enum(SORTS).default('-time').meta({ description: 'A minus is descending' }),
});

/** The filter as the event store understands it. */
export function fileFilter(query: FileFilter): TelemetryFilter<'file_activity'> {
  const { protocol, source, flow, type, category, verdict, sha256, activity, address, search, rule } = query;
  const wanted = {
    ...{ app_name: protocol, source_id: source, flow_id: flow, type, category, verdict, sha256, activity },
    ...{ is_mismatch: query.isMismatch, is_clinical: query.isClinical, is_kept: query.isKept },
  };
  const contains = [
    ...(search === undefined ? [] : [{ text: search, columns: SEARCHED }]),
    ...(rule === undefined ? [] : [{ text: JSON.stringify(rule), columns: ['rules'] }]),
  ];
  return {
    ...rangeOf(query),
    ...(address === undefined ? {} : { address }),
    equals: Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
    contains,
  };
}

export function fileOrder(sort: (typeof SORTS)[number]): RowOrder<'file_activity'> {
  const by = sort.replace('-', '') as 'time' | 'size' | 'name' | 'type';
  return { by, isAscending: !sort.startsWith('-') };
}
