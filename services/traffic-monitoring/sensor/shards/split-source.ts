import type { CreateFindingsJoint, JoinFindings } from '@sphinx/platform';
import { JoinedBatches, type SensorBatch, type SharedRing } from '@sphinx/wire';
import type { InspectionTask, SensorMessage, SensorProgress, SensorTask } from '../sensor-messages.ts';
import { ShardThreads } from './shard-threads.ts';

/** What all threads of a source say together. */
export interface WholeBatch {
  readonly batch: SensorBatch;
  readonly progress: SensorProgress;
  readonly findings: readonly unknown[];
}

/** A source whose packets several threads look at: joins what they say to what one would have said. */
export class SplitSource {
  readonly #threads: ShardThreads;
  readonly #joined: JoinedBatches;
  readonly #source: string;
  #joint: Promise<JoinFindings>;

  /** @param onFailure called when threads die again and again */
  constructor(task: SensorTask, rings: readonly SharedRing[], onFailure: (error: Error) => void) {
    const { source, isSample, inspection } = task;
    this.#source = source;
    this.#threads = new ShardThreads(task, rings, onFailure);
    this.#joined = new JoinedBatches(source, isSample);
    this.#joint = loadJoint(inspection, source);
  }

  async join(message: Extract<SensorMessage, { kind: 'batch' }>, number: number): Promise<WholeBatch> {
    const parts = await this.#threads.take(number);
    const joinFindings = await this.#joint;
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
      findings: joinFindings([message.findings, ...parts.map(({ findings }) => findings)]),
    };
  }

  inspect(inspection: InspectionTask | undefined): void {
    this.#threads.inspect(inspection);
    this.#joint = loadJoint(inspection, this.#source);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}

async function loadJoint(inspection: InspectionTask | undefined, source: string): Promise<JoinFindings> {
  if (inspection === undefined) return (parts) => parts.flat();
  const { createFindingsJoint } = (await import(inspection.module)) as { createFindingsJoint: CreateFindingsJoint };
  return createFindingsJoint(source);
}
