import { CaptureFormatError, DetectingFeed, ImportingSensor, type SensorBatch } from '@sphinx/wire';
import type { BatchSource } from './batcher.ts';
import type { SensorTask } from './sensor-messages.ts';

/** What several connections tell of other sensors' records, as one source. */
export class RecordFeed implements BatchSource {
  readonly importer: ImportingSensor;
  readonly #task: SensorTask;

  constructor(task: SensorTask) {
    this.#task = task;
    this.importer = new ImportingSensor(task);
  }

  get entries(): number {
    return this.importer.entries;
  }

  get losses(): { readonly lost: number; readonly unreadable: number } {
    return this.importer.account;
  }

  /** @returns a reader of one more connection */
  openConnection(): DetectingFeed {
    const { source, isSample } = this.#task;
    return new DetectingFeed({
      source,
      isSample,
      name: '',
      importer: this.importer,
      createSensor: () => {
        throw new CaptureFormatError('Packets came where records are awaited: use a source of kind pcap-over-IP.');
      },
    });
  }

  takeBatch(): SensorBatch {
    return this.importer.takeBatch();
  }
}
