import { join } from 'node:path';
import { loadFileTypes, type ServiceContext } from '@sphinx/platform';
import { FileScanner, type RejectedSource, readYaraSources } from '@sphinx/rules/yara';
import { createFact, type FileTypeDefinition, type TelemetryRow } from '@sphinx/schema';
import type { FileOptions, FileRecord } from '@sphinx/wire';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import { createDetections, createFileRow, type ScanOutcome } from './describe-file.ts';
import { type FilePolicy, TypeTitles } from './file-views.ts';
import { KeptFiles } from './kept-files.ts';
import { type RuleMeaning, readRuleMeanings } from './rule-meanings.ts';

const PRUNE_INTERVAL_MS = 3_600_000;
const BYTES_PER_MEGABYTE = 1_000_000;

/** Source that files come from. */
interface FileSource {
  readonly id: string;
  readonly isSample: boolean;
}

interface DeskParts {
  readonly types: readonly FileTypeDefinition[];
  readonly options?: FileOptions;
  readonly scanner?: FileScanner;
  readonly rejected: readonly RejectedSource[];
  readonly meanings: ReadonlyMap<string, RuleMeaning>;
}

/** Takes the files that sensors saw: scans them, tells what matched, keeps what policy keeps. */
export class FileDesk {
  readonly kept: KeptFiles;
  /** How sensors follow files; undefined where they do not. */
  readonly options: FileOptions | undefined;
  readonly rejected: readonly RejectedSource[];
  /** YARA rules in force by name. */
  readonly meanings: ReadonlyMap<string, RuleMeaning>;
  readonly titles: TypeTitles;
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  readonly #scanner: FileScanner | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(context: ServiceContext<TrafficMonitoringSettings>, parts: DeskParts) {
    this.#context = context;
    this.options = parts.options;
    this.#scanner = parts.scanner;
    this.rejected = parts.rejected;
    this.meanings = parts.meanings;
    this.titles = new TypeTitles(parts.types);
    this.kept = new KeptFiles(context);
    this.#timer = setInterval(() => this.#prune().catch((error) => context.fail(error)), PRUNE_INTERVAL_MS);
    this.#timer.unref();
  }

  static async open(context: ServiceContext<TrafficMonitoringSettings>): Promise<FileDesk> {
    const { settings, knowledgeFolder, logger } = context;
    const types = await loadFileTypes(knowledgeFolder);
    if (!settings.followsFiles) return new FileDesk(context, { types, rejected: [], meanings: new Map() });
    const own = settings.yaraFolder === '' ? [] : [settings.yaraFolder];
    const sources = await readYaraSources([join(knowledgeFolder, 'yara'), ...own]);
    const scanner = new FileScanner(sources, (error) => context.fail(error));
    const rejected = await scanner.ready;
    for (const { name, reason } of rejected) logger.warn('YARA rules are not in force', { name, reason });
    const inForce = sources.filter(({ name }) => !rejected.some((one) => one.name === name));
    const options: FileOptions = {
      types,
      names: settings.fileNames,
      givesContent: true,
      clinicalHashes: settings.clinicalHashes,
      limits: { contentBytes: settings.maximumFileMegabytes * BYTES_PER_MEGABYTE },
    };
    return new FileDesk(context, { types, options, scanner, rejected, meanings: readRuleMeanings(inForce) });
  }

  get settings(): TrafficMonitoringSettings {
    return this.#context.settings;
  }

  async policy(): Promise<FilePolicy> {
    const { followsFiles, maximumFileMegabytes, fileNames, keptFiles, keptFileTypes } = this.settings;
    const { keptFileDays, keptFileMegabytes } = this.settings;
    return {
      ...{ followsFiles, maximumFileMegabytes, fileNames, keptFiles, keptFileTypes, keptFileDays, keptFileMegabytes },
      rules: this.meanings.size,
      rejected: [...this.rejected],
      keptNow: await this.kept.total(),
    };
  }

  get figures(): { readonly filesScanned: number; readonly filesUnscanned: number } {
    return { filesScanned: this.#scanner?.scanned ?? 0, filesUnscanned: this.#scanner?.unscanned ?? 0 };
  }

  /** @param mayWait the source waits for the outcome, so that every file is scanned. Resolves when all is stored and told */
  async take(source: FileSource, files: readonly FileRecord[], mayWait: boolean): Promise<void> {
    if (mayWait) for (const file of files) await this.#take(source, file, mayWait);
    else await Promise.all(files.map((file) => this.#take(source, file, mayWait)));
    this.#context.notify('files');
  }

  /** Takes files that a remote sensor saw, whose content is not here. */
  takeRows(rows: readonly TelemetryRow<'file_activity'>[]): void {
    const { followsFiles, fileNames } = this.settings;
    if (!followsFiles || rows.length === 0) return;
    const hidden = fileNames === 'none' ? rows.map((row) => ({ ...row, name: hiddenName(row) })) : rows;
    this.#context.telemetry.append('file_activity', hidden);
    this.#context.notify('files');
  }

  async removeSource(id: string): Promise<void> {
    await this.kept.removeSource(id);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#scanner?.close();
  }

  async #take(source: FileSource, file: FileRecord, mayWait: boolean): Promise<void> {
    const { bus, telemetry, clock } = this.#context;
    const { content } = file;
    const matches = content === undefined ? undefined : await this.#scanner?.scan(file.sha256, content, mayWait);
    const isKept = content !== undefined && this.#isToKeep(file, matches);
    if (isKept) await this.kept.keep(file.id, source.id, content, clock.now());
    telemetry.append('file_activity', [createFileRow(file, source, matches, isKept)]);
    if (matches === undefined || matches.length === 0) return;
    await bus.publish(
      createDetections(file, source, matches).map((data) =>
        createFact('detection.found', {
          key: `detection:${data.id}`,
          time: data.time,
          source: 'traffic-monitoring',
          data,
        }),
      ),
    );
  }

  /** Never clinical content; else what policy says. */
  #isToKeep({ isClinical, isWanted, type, category }: FileRecord, matches: ScanOutcome): boolean {
    const { keptFiles, keptFileTypes } = this.#context.settings;
    if (isClinical || keptFiles === 'none') return false;
    if (isWanted === true || (matches !== undefined && matches.length > 0)) return true;
    return keptFiles === 'types' && (keptFileTypes.includes(type) || keptFileTypes.includes(category));
  }

  async #prune(): Promise<void> {
    const { clock, settings } = this.#context;
    await this.kept.prune(clock.now(), { days: settings.keptFileDays, megabytes: settings.keptFileMegabytes });
  }
}

function hiddenName({ name, extension }: TelemetryRow<'file_activity'>): string {
  if (name === '') return '';
  return extension === '' ? '*' : `*.${extension}`;
}
