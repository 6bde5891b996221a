import { addressBound, type Bound } from '../address-set.ts';
import type { Direction, FlowVariables, InspectedFlowState, TransactionView } from '../inspector.ts';
import type { PayloadGroup } from './payload-groups.ts';
import type { Window } from './window-pool.ts';

/** Rules whose first pattern was found while the rest is still to come, per direction. */
const MAXIMUM_WAITING = 16;

/** Texts that expressions took out of one flow, the last of them. */
const MAXIMUM_TEXTS = 16;

function textsOf(taken: readonly (readonly [string, string])[], kind: 'flow' | 'pkt'): (readonly [string, string])[] {
  return taken.flatMap(([name, text]): (readonly [string, string])[] => {
    const [before = '', own] = name.split(':');
    return own !== undefined && before === kind ? [[own, text.slice(0, MAXIMUM_TEXT_BYTES)]] : [];
  });
}

const MAXIMUM_TEXT_BYTES = 256;

const NO_RULES: readonly number[] = [];

/** One direction of one flow. */
export class DirectionNotes {
  /** Bytes of the stream that were handed on in order. */
  streamBytes = 0;
  /** The last of them. */
  tail: Window | undefined;
  hasSeenAddresses = false;
  hasSeenProtocol = false;
  /** Rules that this direction can concern, while the flow is of `groupProtocol`. */
  group: PayloadGroup | undefined;
  groupProtocol: string | undefined;
  /** Rules without a pattern that transactions of `viewRoom` in this direction may concern. */
  viewRules: readonly number[] = NO_RULES;
  viewRoom: string | undefined;

  // Most flows need none of these sets.
  #waiting: Set<number> | undefined;
  #spoken: Set<number> | undefined;
  #spokenOfView: Set<number> | undefined;

  /** @returns whether a rule has spoken that speaks once for this direction */
  hasSpoken(rule: number): boolean {
    return this.#spoken?.has(rule) ?? false;
  }

  speak(rule: number): void {
    this.#spoken ??= new Set();
    this.#spoken.add(rule);
  }

  /** @returns whether a rule has spoken of the side of a transaction that is being told */
  hasSpokenOfView(rule: number): boolean {
    return this.#spokenOfView?.has(rule) ?? false;
  }

  speakOfView(rule: number): void {
    this.#spokenOfView ??= new Set();
    this.#spokenOfView.add(rule);
  }

  /** Another side of a transaction is told from now on. */
  beginView(): void {
    this.#spokenOfView?.clear();
  }

  /** Rules wait for more of the stream, or for the protocol to be known. */
  get hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0;
  }

  wait(rule: number): void {
    this.#waiting ??= new Set();
    if (this.#waiting.size < MAXIMUM_WAITING) this.#waiting.add(rule);
  }

  /** Rules that have waited do so no longer. @param found takes each */
  takeWaiting(found: (rule: number) => void): void {
    if (this.#waiting === undefined) return;
    for (const rule of this.#waiting) found(rule);
    this.#waiting.clear();
  }

  forgetWaiting(): void {
    this.#waiting?.clear();
  }
}

/** What the engine knows of one flow beside what the sensor does. */
export class FlowNotes {
  readonly client: Bound | undefined;
  readonly server: Bound | undefined;
  readonly firstMicros: number;
  readonly toServer = new DirectionNotes();
  readonly toClient = new DirectionNotes();
  #bits: Set<string> | undefined;
  #numbers: Map<string, number> | undefined;
  #texts: (readonly [string, string])[] | undefined;
  /** The request that waits for its answer, for rules on both. */
  request: TransactionView | undefined;
  /** The flow was established before the packet at hand. */
  wasEstablished = false;
  /** A `pass` rule holds for the rest of the flow. */
  isPassed = false;
  /** Files that rules ask to keep; see wanted-files.ts. */
  wantedFiles = 0;

  constructor(flow: InspectedFlowState, timeMicros: number) {
    this.client = addressBound(flow.clientIp);
    this.server = addressBound(flow.serverIp);
    this.firstMicros = timeMicros;
  }

  of(direction: Direction): DirectionNotes {
    return direction === 'to-server' ? this.toServer : this.toClient;
  }

  /** @param taken what groups of expressions took, by `flow:name` or `pkt:name` */
  keepTexts(taken: readonly (readonly [string, string])[]): void {
    const ofFlow = textsOf(taken, 'flow');
    if (ofFlow.length > 0) this.#texts = [...(this.#texts ?? []), ...ofFlow].slice(-MAXIMUM_TEXTS);
  }

  /** @param taken what groups of expressions took of the packet at hand. @returns undefined where nothing was noted */
  variables(taken: readonly (readonly [string, string])[] | undefined): FlowVariables | undefined {
    if (this.#bits === undefined && this.#numbers === undefined && this.#texts === undefined && taken === undefined) {
      return undefined;
    }
    return {
      bits: this.#bits ?? [],
      numbers: this.#numbers ?? [],
      flowTexts: this.#texts ?? [],
      packetTexts: textsOf(taken ?? [], 'pkt'),
    };
  }

  get bits(): Set<string> {
    this.#bits ??= new Set();
    return this.#bits;
  }

  get numbers(): Map<string, number> {
    this.#numbers ??= new Map();
    return this.#numbers;
  }
}
