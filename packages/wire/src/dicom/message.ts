import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction } from '../protocol.ts';
import { type CommandSet, parseCommandSet } from './command-set.ts';
import { type DataSetFacts, NO_FACTS } from './operations.ts';
import type { PduHandler } from './pdu-stream.ts';

const MAXIMUM_COMMAND_BYTES = 16 * 1024;
/** Messages of other contexts that are kept while fragments of one pass. */
const MAXIMUM_WAITING = 8;
const NOTHING: Uint8Array = new Uint8Array(0);

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
  /**
   * The data set begins with these bytes.
   * @param isLast no more of it will be shown
   * @returns what they tell; undefined where more of it may tell more
   */
  head(
    command: CommandSet,
    direction: Direction,
    contextId: number,
    bytes: Uint8Array,
    isLast: boolean,
  ): DataSetFacts | undefined;
  /** No data set at hand in this direction will be whole. */
  lost(direction: Direction): void;
  /** The data set of a message has passed whole, `bytes` in all. */
  dataSet(command: CommandSet, direction: Direction, contextId: number, bytes: number, facts: DataSetFacts): void;
}

/** What has come of one message. */
class Assembly {
  /** Of a command that comes in pieces. */
  command: ByteCollector | undefined;
  /** A command that came in one piece, until its end is told. */
  commandInPlace: Uint8Array | undefined;
  /** Its command, while its data set passes. */
  present: CommandSet | undefined;
  /** Bytes of the data set that are worth reading; 0 once what they tell is known. */
  wantedBytes = 0;
  head: ByteCollector | undefined;
  /** The head is looked at again when this many bytes of it are there. */
  nextLook = 0;
  facts = NO_FACTS;
  dataSetBytes = 0;

  get isIdle(): boolean {
    return this.present === undefined && this.command === undefined;
  }

  /** @returns the command, valid until the next fragment */
  takeCommand(): Uint8Array {
    const bytes = this.commandInPlace ?? this.command?.view() ?? NOTHING;
    this.command = undefined;
    this.commandInPlace = undefined;
    return bytes;
  }

  /** @returns false when it is too long */
  addToCommand(bytes: Uint8Array): boolean {
    this.command ??= new ByteCollector(MAXIMUM_COMMAND_BYTES);
    this.command.add(bytes);
    return !this.command.isFull;
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

  fragment(contextId: number, isCommand: boolean, bytes: Uint8Array, isRest: boolean): boolean {
    if (contextId !== this.#contextId) this.#turnTo(contextId);
    const assembly = this.#assembly;
    if (isCommand) {
      if (!isRest || assembly.command !== undefined) return assembly.addToCommand(bytes);
      assembly.commandInPlace = bytes;
      return true;
    }
    const command = assembly.present;
    if (command === undefined) return false;
    const isWhole = this.#handler.dataSetBytes(command, this.#direction, contextId, bytes);
    if (assembly.wantedBytes > 0) this.#headFragment(assembly, command, bytes);
    return isWhole || assembly.wantedBytes > 0;
  }

  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean, itemBytes: number): void {
    if (contextId !== this.#contextId) this.#turnTo(contextId);
    const assembly = this.#assembly;
    if (isCommand) {
      if (isLast) this.#endCommand(contextId);
      else if (assembly.commandInPlace !== undefined) assembly.addToCommand(assembly.takeCommand());
      return;
    }
    assembly.dataSetBytes += itemBytes;
    const command = assembly.present;
    if (command === undefined) return;
    this.#handler.dataSetPart(command, this.#direction, itemBytes);
    if (isLast) this.#endDataSet(assembly, command);
  }

  lost(): void {
    this.#assembly = new Assembly();
    this.#waiting.clear();
    this.#handler.lost(this.#direction);
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

  /** Mostly the first bytes tell everything; where they do not, they are kept and looked at whenever they have doubled. */
  #headFragment(assembly: Assembly, command: CommandSet, bytes: Uint8Array): void {
    if (assembly.head === undefined) {
      const first = bytes.subarray(0, assembly.wantedBytes);
      this.#look(assembly, command, first);
      if (assembly.wantedBytes === 0) return;
      assembly.head = new ByteCollector(assembly.wantedBytes);
      assembly.head.add(first);
      return;
    }
    assembly.head.add(bytes);
    if (assembly.head.length >= assembly.nextLook || assembly.head.isFull) {
      this.#look(assembly, command, assembly.head.view());
    }
  }

  #look(assembly: Assembly, command: CommandSet, head: Uint8Array): void {
    const isLast = head.length >= assembly.wantedBytes;
    const facts = this.#handler.head(command, this.#direction, this.#contextId, head, isLast);
    assembly.nextLook = head.length * 2;
    if (facts === undefined) return;
    assembly.facts = facts;
    assembly.wantedBytes = 0;
    assembly.head = undefined;
  }

  #endCommand(contextId: number): void {
    const assembly = this.#assembly;
    const command = parseCommandSet(assembly.takeCommand());
    assembly.dataSetBytes = 0;
    assembly.facts = NO_FACTS;
    assembly.head = undefined;
    assembly.present = command?.hasDataSet === true ? command : undefined;
    assembly.wantedBytes = command?.hasDataSet === true ? this.#handler.wantedBytes(command, this.#direction) : 0;
    if (command !== undefined) this.#handler.command(command, this.#direction, contextId);
  }

  #endDataSet(assembly: Assembly, command: CommandSet): void {
    if (assembly.wantedBytes > 0) {
      assembly.wantedBytes = assembly.head?.length ?? 0;
      this.#look(assembly, command, assembly.head?.view() ?? NOTHING);
    }
    this.#handler.dataSet(command, this.#direction, this.#contextId, assembly.dataSetBytes, assembly.facts);
    assembly.present = undefined;
  }
}
