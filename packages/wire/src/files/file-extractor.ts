import { ContentBudget } from './content-budget.ts';
import { FileTypes } from './file-type.ts';
import type { FileLimits, FileOptions, FileRecord, FileStatistics } from './types.ts';

const MEGABYTE = 1024 * 1024;
const DEFAULT_LIMITS: FileLimits = {
  contentBytes: 16 * MEGABYTE,
  totalContentBytes: 128 * MEGABYTE,
  openPerFlow: 64,
  open: 4096,
  waiting: 20_000,
};

export const NO_FILES: FileStatistics = { files: 0, bytes: 0, filesShed: 0, contentBytesShed: 0 };

/** Follows the files of all flows of a sensor within its limits. */
export class FileExtractor {
  readonly types: FileTypes;
  readonly options: FileOptions;
  readonly limits: FileLimits;
  readonly budget: ContentBudget;
  #records: FileRecord[] = [];
  #open = 0;
  #files = 0;
  #bytes = 0;
  #filesShed = 0;

  constructor(options: FileOptions) {
    this.types = new FileTypes(options.types);
    this.options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.budget = new ContentBudget(this.limits.totalContentBytes);
  }

  /** @returns whether one more file may be followed; one that may not is counted */
  open(openOfFlow: number): boolean {
    const may = this.#open < this.limits.open && openOfFlow < this.limits.openPerFlow;
    if (may) this.#open += 1;
    else this.#filesShed += 1;
    return may;
  }

  /** A file has ended. @returns whether its record, and with it its content, waits to be taken */
  ended(record: FileRecord): boolean {
    this.#open -= 1;
    this.#files += 1;
    this.#bytes += record.sizeBytes;
    const waits = this.#records.length < this.limits.waiting;
    if (waits) this.#records.push(record);
    else this.#filesShed += 1;
    return waits;
  }

  takeRecords(): FileRecord[] {
    const records = this.#records;
    this.#records = [];
    for (const { content } of records) this.budget.giveBack(content?.length ?? 0);
    return records;
  }

  statistics(): FileStatistics {
    return {
      files: this.#files,
      bytes: this.#bytes,
      filesShed: this.#filesShed,
      contentBytesShed: this.budget.shedBytes,
    };
  }
}
