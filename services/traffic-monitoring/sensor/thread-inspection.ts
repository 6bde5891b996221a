import type { CreateInspection, FoundBy, ThreadInspection } from '@sphinx/platform';
import type { StreamEvent } from '@sphinx/schema';
import type { Direction, InspectedFlowState, InspectedPacket, Inspector, TransactionView } from '@sphinx/wire';
import type { InspectionTask } from './sensor-messages.ts';

const NONE: ReadonlySet<string> = new Set();

interface LoadedInspection extends ThreadInspection {
  readonly by: string;
  readonly version: number;
  readonly inspector: Inspector;
}

/** What looks at packets in this thread: the modules that services offered, which may change while the thread reads. */
export class ThreadInspector implements Inspector {
  readonly #source: string;
  readonly #isPart: boolean;
  #loaded: readonly LoadedInspection[] = [];
  #left: FoundBy[] = [];
  wantsFrames = false;
  wantsStreamEvents = false;

  /** @param isPart other threads look at the other packets of the source */
  constructor(source: string, isPart = false) {
    this.#source = source;
    this.#isPart = isPart;
  }

  /**
   * Looks with these modules from here on; one that is used already goes on as it is.
   *
   * @throws Error when one cannot be loaded; what was used before goes on
   */
  async use(tasks: readonly InspectionTask[]): Promise<void> {
    const known = this.#loaded;
    const next = await Promise.all(
      tasks.map(
        (task) =>
          known.find(({ by, version }) => by === task.by && version === task.version) ??
          load(task, this.#source, this.#isPart),
      ),
    );
    this.#left.push(...found(known.filter((each) => !next.includes(each))));
    this.#loaded = next;
    this.wantsFrames = next.some(({ inspector }) => inspector.wantsFrames === true);
    this.wantsStreamEvents = next.some(({ inspector }) => inspector.wantsStreamEvents === true);
  }

  /** What was found since the last call. */
  takeFindings(): readonly FoundBy[] {
    const findings = [...this.#left, ...found(this.#loaded)];
    this.#left = [];
    return findings;
  }

  /** SHA-256 of files that rules asked to keep since the last call. */
  takeWantedFiles(): ReadonlySet<string> {
    const sets = this.#loaded.map(({ takeWantedFiles }) => takeWantedFiles?.() ?? NONE).filter(({ size }) => size > 0);
    return sets.length < 2 ? (sets[0] ?? NONE) : new Set(sets.flatMap((set) => [...set]));
  }

  packet(packet: InspectedPacket): void {
    for (const { inspector } of this.#loaded) inspector.packet(packet);
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    for (const { inspector } of this.#loaded) inspector.stream(flow, direction, bytes);
  }

  gap(flow: InspectedFlowState, direction: Direction, length: number): void {
    for (const { inspector } of this.#loaded) inspector.gap?.(flow, direction, length);
  }

  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void {
    const isFrame = view.frame !== undefined;
    for (const { inspector } of this.#loaded) {
      if (!isFrame || inspector.wantsFrames === true) inspector.transaction(flow, direction, view);
    }
  }

  streamEvents(packet: InspectedPacket, events: readonly StreamEvent[]): void {
    for (const { inspector } of this.#loaded) {
      if (inspector.wantsStreamEvents === true) inspector.streamEvents?.(packet, events);
    }
  }

  flowEnded(flow: InspectedFlowState): void {
    for (const { inspector } of this.#loaded) inspector.flowEnded(flow);
  }
}

/** @returns what a person reads of a source that modules cannot look at */
export function cannotLook(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Rules and searches for patient data cannot look at this source: ${reason}`;
}

function found(inspections: readonly LoadedInspection[]): FoundBy[] {
  return inspections.flatMap(({ by, takeFindings }) => {
    const findings = takeFindings();
    return findings.length === 0 ? [] : [{ by, findings }];
  });
}

async function load({ by, version, module, data }: InspectionTask, source: string, isPart: boolean) {
  const { createInspection } = (await import(module)) as { createInspection: CreateInspection };
  const inspection = createInspection(data, source, { isPart });
  // The platform knows no packets: that the module makes an inspector is its promise to whoever offered it.
  return { ...inspection, by, version, inspector: inspection.inspector as Inspector };
}
