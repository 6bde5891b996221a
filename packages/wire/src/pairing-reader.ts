import type { MessageReader } from './framed-room.ts';
import type { TransactionView } from './inspector.ts';
import { PendingRequests } from './pending-requests.ts';
import type { Direction, ParserContext, ProtocolRecord } from './protocol.ts';

/** What became of a request. */
export type Outcome = 'success' | 'failure' | 'unanswered';

/** How a room whose answers name their request makes transactions of single messages. */
export interface Pairing<S, R extends ProtocolRecord> {
  /** @returns one side of a transaction; undefined for a message that tells nothing */
  parse(message: Uint8Array, direction: Direction, context: ParserContext<R>): S | undefined;
  isRequest(side: S): boolean;
  /** It is shown to rules, and answers nothing yet. */
  isInterim?(side: S): boolean;
  /** @returns what an answer shares with its request; undefined where a message stands alone */
  keyOf(side: S): number | string | undefined;
  /** @param durationMs from request to answer; undefined where one of them was not seen */
  join(request: S | undefined, answer: S | undefined, durationMs: number | undefined): R;
  /** What rules may look at; called only where somebody looks. */
  view?(side: S, message: Uint8Array): TransactionView | undefined;
  /** Named parts of the message, for rules on frames. */
  frames?(message: Uint8Array, side: S): readonly (readonly [string, Uint8Array])[];
  /** The side alone as a record, where a log tells of each by itself (`TransactionView.record`). */
  sideRecord?(side: S): ProtocolRecord;
}

/** Readers that give one record for a request with its answer. */
export function pairingReader<S, R extends ProtocolRecord>(pairing: Pairing<S, R>): () => MessageReader<R> {
  return () => new PairingReader(pairing);
}

class PairingReader<S, R extends ProtocolRecord> implements MessageReader<R> {
  readonly #pairing: Pairing<S, R>;
  readonly #pending = new PendingRequests<S>();

  constructor(pairing: Pairing<S, R>) {
    this.#pairing = pairing;
  }

  message(message: Uint8Array, direction: Direction, context: ParserContext<R>): boolean {
    const pairing = this.#pairing;
    const side = pairing.parse(message, direction, context);
    if (side === undefined) return true;
    if (context.frame !== undefined) {
      for (const [name, part] of pairing.frames?.(message, side) ?? []) context.frame(direction, name, part);
    }
    if (context.inspect !== undefined) this.#show(side, message, direction, context);
    if (pairing.isInterim?.(side) === true) return true;
    const key = pairing.keyOf(side);
    if (pairing.isRequest(side)) {
      const given = key === undefined ? side : this.#pending.ask(key, side, context.timeMicros?.());
      if (given !== undefined) context.emit(pairing.join(given, undefined, undefined), direction);
      return true;
    }
    const answered = key === undefined ? undefined : this.#pending.answer(key, context.timeMicros?.());
    context.emit(pairing.join(answered?.request, side, answered?.durationMs), direction);
    return true;
  }

  end(context: ParserContext<R>): void {
    for (const request of this.#pending.takeAll()) {
      context.emit(this.#pairing.join(request, undefined, undefined), 'to-server');
    }
  }

  #show(side: S, message: Uint8Array, direction: Direction, context: ParserContext<R>): void {
    const { view, sideRecord } = this.#pairing;
    const shown = view?.(side, message);
    if (sideRecord === undefined) {
      if (shown !== undefined) context.inspect?.(direction, shown);
      return;
    }
    const record = () => sideRecord(side);
    context.inspect?.(direction, { ...(shown ?? { protocol: record().protocol, buffers: {} }), record });
  }
}
