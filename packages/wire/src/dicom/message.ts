import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction } from '../protocol.ts';
import { type CommandSet, parseCommandSet } from './command-set.ts';
import { DATA_SET_HEAD_BYTES } from './data-set.ts';
import type { PduHandler } from './pdu-stream.ts';

const MAXIMUM_COMMAND_BYTES = 16 * 1024;

/** What is done with the messages of one association. */
export interface MessageHandler {
  /** A whole PDU other than P-DATA-TF. */
  controlPdu(type: number, body: Uint8Array, direction: Direction): void;
  command(command: CommandSet, direction: Direction, contextId: number): void;
  /** Is the head of the data set that follows worth reading? */
  wantsHead(command: CommandSet, direction: Direction): boolean;
  /** Bytes of a data set, where they are wanted whole. @returns false where they are not */
  dataSetBytes(command: CommandSet, direction: Direction, contextId: number, bytes: Uint8Array): boolean;
  /** Part of a data set has passed, of `bytes` bytes. */
  dataSetPart(command: CommandSet, direction: Direction, bytes: number): void;
  /** The data set of a message has passed whole, `bytes` in all; `head` is undefined where nobody wanted it. */
  dataSet(command: CommandSet, direction: Direction, contextId: number, bytes: number, head?: Uint8Array): void;
}

/** Puts the messages of one direction together: a command set, then perhaps a data set (PS3.7 §6.3, PS3.8 annex E). */
export class MessageAssembler implements PduHandler {
  readonly #handler: MessageHandler;
  readonly #direction: Direction;
  readonly #command = new ByteCollector(MAXIMUM_COMMAND_BYTES);
  #present: CommandSet | undefined;
  #head: ByteCollector | undefined;
  #dataSetBytes = 0;

  constructor(handler: MessageHandler, direction: Direction) {
    this.#handler = handler;
    this.#direction = direction;
  }

  pdu(type: number, body: Uint8Array): void {
    this.#handler.controlPdu(type, body, this.#direction);
  }

  fragment(contextId: number, isCommand: boolean, bytes: Uint8Array): boolean {
    if (isCommand) {
      this.#command.add(bytes);
      return !this.#command.isFull;
    }
    const command = this.#present;
    const isWhole = command !== undefined && this.#handler.dataSetBytes(command, this.#direction, contextId, bytes);
    this.#head?.add(bytes);
    return isWhole || this.#head?.isFull === false;
  }

  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean, itemBytes: number): void {
    if (!isCommand) {
      this.#dataSetBytes += itemBytes;
      if (this.#present !== undefined) this.#handler.dataSetPart(this.#present, this.#direction, itemBytes);
    }
    if (!isLast) return;
    if (isCommand) this.#endCommand(contextId);
    else this.#endDataSet(contextId);
  }

  #endCommand(contextId: number): void {
    const command = parseCommandSet(this.#command.view());
    this.#command.clear();
    this.#dataSetBytes = 0;
    this.#present = command;
    const isWanted = command?.hasDataSet === true && this.#handler.wantsHead(command, this.#direction);
    this.#head = isWanted ? new ByteCollector(DATA_SET_HEAD_BYTES) : undefined;
    if (command !== undefined) this.#handler.command(command, this.#direction, contextId);
  }

  #endDataSet(contextId: number): void {
    const command = this.#present;
    if (command === undefined) return;
    this.#handler.dataSet(command, this.#direction, contextId, this.#dataSetBytes, this.#head?.view());
    this.#head = undefined;
    this.#present = undefined;
  }
}
