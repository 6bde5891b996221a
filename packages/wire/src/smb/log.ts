import type { RpcDetail } from '../dcerpc/calls.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { SmbTransactions } from './transactions.ts';
import { Smb1Transactions } from './transactions1.ts';
import type { SmbRecord } from './types.ts';

/** Of the header (MS-SMB2 §2.2.1.2). */
const FLAGS = 16;
const IS_RESPONSE = 1;

/** What who writes a log gets of a connection of any version of SMB. */
export class SmbLog {
  readonly #transactions: SmbTransactions;
  readonly #transactions1: Smb1Transactions;
  #calls: ParserContext<SmbRecord> | undefined;

  constructor(context: ParserContext) {
    let id = 0;
    const nextId = () => ++id;
    this.#transactions = new SmbTransactions(context, nextId);
    this.#transactions1 = new Smb1Transactions(context, nextId);
  }

  smb1(message: Uint8Array, direction: Direction): void {
    this.#transactions1.message(message, direction);
  }

  /** @param message that is read next */
  begin(message: Uint8Array): void {
    this.#transactions.begin(message);
  }

  smb2(message: Uint8Array, direction: Direction): void {
    const isResponse = ((message[FLAGS] ?? 0) & IS_RESPONSE) !== 0;
    if (isResponse) this.#transactions1.answeredBySmb2(direction);
    this.#transactions.message(message, isResponse, direction);
  }

  /** @returns the same context, for whom calls over pipes are transactions of SMB */
  callsOf(context: ParserContext<SmbRecord>): ParserContext<SmbRecord> {
    const { transport, clientPort, serverPort, inspect } = context;
    this.#calls ??= {
      transport,
      clientPort,
      serverPort,
      emit: (record, direction) => context.emit(record, direction),
      ...(inspect === undefined ? {} : { inspect: (direction, view) => context.inspect?.(direction, view) }),
      ...(context.timeMicros === undefined ? {} : { timeMicros: () => context.timeMicros?.() ?? 0 }),
      detail: (direction, call) => this.#transactions.call(call as RpcDetail, direction),
      handOver: (room, rest) => context.handOver(room, rest),
    };
    return this.#calls;
  }

  end(): void {
    this.#transactions.end();
    this.#transactions1.end();
  }
}
