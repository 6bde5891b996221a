import type { CreateInspection, ThreadInspection } from '@sphinx/platform';
import type { Direction, InspectedFlowState, InspectedPacket, Inspector, TransactionView } from '@sphinx/wire';
import type { InspectionTask } from './sensor-messages.ts';

const NONE: ReadonlySet<string> = new Set();

/** What looks at packets in this thread: the module that a service offered, which may change while the thread reads. */
export class ThreadInspector implements Inspector {
  readonly #source: string;
  readonly #isPart: boolean;
  #current: (ThreadInspection & { readonly inspector: Inspector }) | undefined;
  #left: unknown[] = [];

  /** @param isPart other threads look at the other packets of the source */
  constructor(source: string, isPart = false) {
    this.#source = source;
    this.#isPart = isPart;
  }

  /** @throws Error when the module cannot be loaded; what was used before goes on */
  async use(task: InspectionTask | undefined): Promise<void> {
    const next = task === undefined ? undefined : await load(task, this.#source, this.#isPart);
    this.#left.push(...(this.#current?.takeFindings() ?? []));
    this.#current = next;
  }

  /** What was found since the last call. */
  takeFindings(): readonly unknown[] {
    const findings = [...this.#left, ...(this.#current?.takeFindings() ?? [])];
    this.#left = [];
    return findings;
  }

  /** SHA-256 of files that rules asked to keep since the last call. */
  takeWantedFiles(): ReadonlySet<string> {
    return this.#current?.takeWantedFiles?.() ?? NONE;
  }

  packet(packet: InspectedPacket): void {
    this.#current?.inspector.packet(packet);
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    this.#current?.inspector.stream(flow, direction, bytes);
  }

  gap(flow: InspectedFlowState, direction: Direction, length: number): void {
    this.#current?.inspector.gap?.(flow, direction, length);
  }

  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void {
    this.#current?.inspector.transaction(flow, direction, view);
  }

  flowEnded(flow: InspectedFlowState): void {
    this.#current?.inspector.flowEnded(flow);
  }
}

async function load({ module, data }: InspectionTask, source: string, isPart: boolean) {
  const { createInspection } = (await import(module)) as { createInspection: CreateInspection };
  const inspection = createInspection(data, source, { isPart });
  // The platform knows no packets: that the module makes an inspector is its promise to whoever offered it.
  return { ...inspection, inspector: inspection.inspector as Inspector };
}
