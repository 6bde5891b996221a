import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction } from '../protocol.ts';
import { type CommandSet, parseCommandSet } from './command-set.ts';
import type { PduHandler } from './pdu-stream.ts';

const MAXIMUM_COMMAND_BYTES = 16 * 1024;
/** Messages of other contexts that are kept while fragments of one pass. */
const MAXIMUM_WAITING = 8;

/** What is done with the messages of one association. */
export interface MessageHandler {
  /** A whole PDU other than P-DATA-TF. */
  controlPdu(type: number, body: Uint8Array, direction: Direction): void;
  command(command: CommandSet, direction: Direction, contextId: number): void;
  /** @returns how many bytes of the data set that follows are worth reading, 0 for none */
  wantedBytes(command: CommandSet, direction: Direction): number;
  /** Bytes of a data set, where they are wanted whole. @returns false where they are not */
  dataSetBytes(command: CommandSet, direction: Direction, contextId: number, bytes: Uint8Array): boolean;
  /** Part of a data set has passed, of `bytes` bytes. */
  dataSetPart(command: CommandSet, direction: Direction, bytes: number): void;
  /** The data set of a message has passed whole, `bytes` in all; `head` is undefined where nobody wanted it. */
  dataSet(command: CommandSet, direction: Direction, contextId: number, bytes: number, head?: Uint8Array): void;
}

/** What has come of one message. */
class Assembly {
  readonly command = new ByteCollector(MAXIMUM_COMMAND_BYTES);
  /** Its command, while its data set passes. */
  present: CommandSet | undefined;
  head: ByteCollector | undefined;
  dataSetBytes = 0;

  get isIdle(): boolean {
    return this.present === undefined && this.command.length === 0;
  }
}

/**
 * Puts the messages of one direction together: a command set, then perhaps a data set (PS3.7 §6.3, PS3.8 annex E). Fragments
 * of messages in several presentation contexts may come in turn.
 */
export class MessageAssembler implements PduHandler {
  readonly #handler: MessageHandler;
  readonly #direction: Direction;
  /** Of the context whose fragment came last. */
  #assembly = new Assembly();
  #contextId = -1;
  /** Messages of other contexts that are not whole yet. */
  readonly #waiting = new Map<number, Assembly>();

  constructor(handler: MessageHandler, direction: Direction) {
    this.#handler = handler;
    this.#direction = direction;
  }

  pdu(type: number, body: Uint8Array): void {
    this.#handler.controlPdu(type, body, this.#direction);
  }

  fragment(contextId: number, isCommand: boolean, bytes: Uint8Array): boolean {
    if (contextId !== this.#contextId) this.#turnTo(contextId);
    const assembly = this.#assembly;
    if (isCommand) {
      assembly.command.add(bytes);
      return !assembly.command.isFull;
    }
    const command = assembly.present;
    const isWhole = command !== undefined && this.#handler.dataSetBytes(command, this.#direction, contextId, bytes);
    assembly.head?.add(bytes);
    return isWhole || assembly.head?.isFull === false;
  }

  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean, itemBytes: number): void {
    if (contextId !== this.#contextId) this.#turnTo(contextId);
    if (!isCommand) {
      this.#assembly.dataSetBytes += itemBytes;
      const command = this.#assembly.present;
      if (command !== undefined) this.#handler.dataSetPart(command, this.#direction, itemBytes);
    }
    if (!isLast) return;
    if (isCommand) this.#endCommand(contextId);
    else this.#endDataSet(contextId);
  }

  #turnTo(contextId: number): void {
    const waiting = this.#waiting.get(contextId);
    if (!this.#assembly.isIdle) {
      this.#waiting.set(this.#contextId, this.#assembly);
      // Who begins message after message and ends none loses the oldest.
      const [oldest = -1] = this.#waiting.keys();
      if (this.#waiting.size > MAXIMUM_WAITING) this.#waiting.delete(oldest);
      this.#assembly = waiting ?? new Assembly();
    } else if (waiting !== undefined) this.#assembly = waiting;
    this.#waiting.delete(contextId);
    this.#contextId = contextId;
  }

  #endCommand(contextId: number): void {
    const assembly = this.#assembly;
    const command = parseCommandSet(assembly.command.view());
    assembly.command.clear();
    assembly.dataSetBytes = 0;
    assembly.present = command?.hasDataSet === true ? command : undefined;
    const wanted = command?.hasDataSet === true ? this.#handler.wantedBytes(command, this.#direction) : 0;
    assembly.head = wanted > 0 ? new ByteCollector(wanted) : undefined;
    if (command !== undefined) this.#handler.command(command, this.#direction, contextId);
  }

  #endDataSet(contextId: number): void {
    const { present: command, head, dataSetBytes } = this.#assembly;
    if (command === undefined) return;
    this.#handler.dataSet(command, this.#direction, contextId, dataSetBytes, head?.view());
    this.#assembly.head = undefined;
    this.#assembly.present = undefined;
  }
}
