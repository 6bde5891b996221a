import type { FoundBy } from '@sphinx/platform';
import { JoinedBatches, type SensorBatch, type SharedRing } from '@sphinx/wire';
import type { InspectionTask, SensorMessage, SensorProgress, SensorTask } from '../sensor-messages.ts';
import { FindingsJoints } from './findings-joints.ts';
import { ShardThreads } from './shard-threads.ts';

/** What all threads of a source say together. */
export interface WholeBatch {
  readonly batch: SensorBatch;
  readonly progress: SensorProgress;
  readonly findings: readonly FoundBy[];
}

/** A source whose packets several threads look at: joins what they say to what one would have said. */
export class SplitSource {
  readonly #threads: ShardThreads;
  readonly #joined: JoinedBatches;
  readonly #joints: FindingsJoints;

  /** @param onFailure called when threads die again and again */
  constructor(task: SensorTask, rings: readonly SharedRing[], onFailure: (error: Error) => void) {
    const { source, isSample, inspections = [] } = task;
    this.#threads = new ShardThreads(task, rings, onFailure);
    this.#joined = new JoinedBatches(source, isSample);
    this.#joints = new FindingsJoints(source, inspections);
  }

  async join(message: Extract<SensorMessage, { kind: 'batch' }>, number: number): Promise<WholeBatch> {
    const parts = await this.#threads.take(number);
    const batch = this.#joined.join(message.batch, parts, this.#threads.restarts);
    const { losses, note, fraction } = message.progress;
    const notes = [note, this.#threads.note].filter((each) => each !== '');
    return {
      batch,
      progress: {
        fraction,
        losses: { ...losses, lost: losses.lost + this.#joined.packetsLost },
        note: notes.join(' '),
      },
      findings: await this.#joints.join([message.findings, ...parts.map(({ findings }) => findings)]),
    };
  }

  inspect(inspections: readonly InspectionTask[]): void {
    this.#threads.inspect(inspections);
    this.#joints.use(inspections);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
