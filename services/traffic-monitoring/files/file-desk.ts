import { join } from 'node:path';
import { loadFileTypes, type ServiceContext } from '@sphinx/platform';
import { createFact } from '@sphinx/schema';
import type { FileOptions, FileRecord } from '@sphinx/wire';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import { createDetections, createFileRow, type ScanOutcome } from './describe-file.ts';
import { KeptFiles } from './kept-files.ts';
import { FileScanner } from './scanner.ts';
import { type RejectedSource, readYaraSources } from './yara-rules.ts';

const PRUNE_INTERVAL_MS = 3_600_000;
const BYTES_PER_MEGABYTE = 1_000_000;

/** Source that files come from. */
interface FileSource {
  readonly id: string;
  readonly isSample: boolean;
}

/** Takes the files that sensors saw: scans them, tells what matched, keeps what policy keeps. */
export class FileDesk {
  readonly kept: KeptFiles;
  /** How sensors follow files; undefined where they do not. */
  readonly options: FileOptions | undefined;
  readonly rejected: readonly RejectedSource[];
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  readonly #scanner: FileScanner | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    context: ServiceContext<TrafficMonitoringSettings>,
    options: FileOptions | undefined,
    scanner: FileScanner | undefined,
    rejected: readonly RejectedSource[],
  ) {
    this.#context = context;
    this.options = options;
    this.#scanner = scanner;
    this.rejected = rejected;
    this.kept = new KeptFiles(context);
    this.#timer = setInterval(() => this.#prune().catch((error) => context.fail(error)), PRUNE_INTERVAL_MS);
    this.#timer.unref();
  }

  static async open(context: ServiceContext<TrafficMonitoringSettings>): Promise<FileDesk> {
    const { settings, knowledgeFolder, logger } = context;
    if (!settings.followsFiles) return new FileDesk(context, undefined, undefined, []);
    const own = settings.yaraFolder === '' ? [] : [settings.yaraFolder];
    const sources = await readYaraSources([join(knowledgeFolder, 'yara'), ...own]);
    const scanner = new FileScanner(sources, (error) => context.fail(error));
    const rejected = await scanner.ready;
    for (const { name, reason } of rejected) logger.warn('YARA rules are not in force', { name, reason });
    const options: FileOptions = {
      types: await loadFileTypes(knowledgeFolder),
      names: settings.fileNames,
      givesContent: true,
      limits: { contentBytes: settings.maximumFileMegabytes * BYTES_PER_MEGABYTE },
    };
    return new FileDesk(context, options, scanner, rejected);
  }

  get figures(): { readonly filesScanned: number; readonly filesUnscanned: number } {
    return { filesScanned: this.#scanner?.scanned ?? 0, filesUnscanned: this.#scanner?.unscanned ?? 0 };
  }

  /** @param mayWait the source waits for the outcome, so that every file is scanned. Resolves when all is stored and told */
  async take(source: FileSource, files: readonly FileRecord[], mayWait: boolean): Promise<void> {
    if (mayWait) for (const file of files) await this.#take(source, file, mayWait);
    else await Promise.all(files.map((file) => this.#take(source, file, mayWait)));
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
    this.#context.notify('files');
  }

  /** Never clinical content; else what policy says. */
  #isToKeep({ isClinical, type, category }: FileRecord, matches: ScanOutcome): boolean {
    const { keptFiles, keptFileTypes } = this.#context.settings;
    if (isClinical || keptFiles === 'none') return false;
    if (matches !== undefined && matches.length > 0) return true;
    return keptFiles === 'types' && (keptFileTypes.includes(type) || keptFileTypes.includes(category));
  }

  async #prune(): Promise<void> {
    const { clock, settings } = this.#context;
    await this.kept.prune(clock.now(), { days: settings.keptFileDays, megabytes: settings.keptFileMegabytes });
  }
}
