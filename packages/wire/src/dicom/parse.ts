import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { type AssociateBody, parseAssociateBody, parseReject } from './association.ts';
import { type CommandSet, isPending, parseCommandSet } from './command-set.ts';
import { DATA_SET_HEAD_BYTES, readDeviceAttributes } from './data-set.ts';
import { type PduHandler, PduStream } from './pdu-stream.ts';
import type { DeviceAttributes, DicomRecord, DimseOperation } from './types.ts';
import { sopClassName, transferSyntaxName } from './uids.ts';

const ASSOCIATE_REQUEST = 0x01;
const ASSOCIATE_ACCEPT = 0x02;
const ASSOCIATE_REJECT = 0x03;
const RELEASE_RESPONSE = 0x06;
const ABORT = 0x07;
const ACCEPTANCE = 0;
const MAXIMUM_COMMAND_BYTES = 16 * 1024;
/** Operations without an answer that are remembered. */
const MAXIMUM_OPEN_OPERATIONS = 256;
/** Objects of one association whose head is read; all of a series come from one device. */
const MAXIMUM_HEADS_READ = 64;
const MAXIMUM_DEVICES = 8;

interface OpenOperation {
  readonly command: CommandSet;
  readonly invokedBy: 'client' | 'server';
  dataSetBytes: number;
  responses: number;
}

/** Message that is being put together in one direction. */
class Message implements PduHandler {
  readonly #association: DicomParser;
  readonly #direction: Direction;
  #command: Uint8Array[] = [];
  #commandBytes = 0;
  #present: CommandSet | undefined;
  #head: ByteCollector | undefined;
  #dataSetBytes = 0;

  constructor(association: DicomParser, direction: Direction) {
    this.#association = association;
    this.#direction = direction;
  }

  pdu(type: number, body: Uint8Array): void {
    this.#association.controlPdu(type, body, this.#direction);
  }

  fragment(_contextId: number, isCommand: boolean, bytes: Uint8Array): boolean {
    if (isCommand) {
      this.#commandBytes += bytes.length;
      if (this.#commandBytes <= MAXIMUM_COMMAND_BYTES) this.#command.push(bytes.slice());
      return this.#commandBytes <= MAXIMUM_COMMAND_BYTES;
    }
    if (this.#head === undefined) return false;
    this.#head.add(bytes);
    return !this.#head.isFull;
  }

  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean, itemBytes: number): void {
    if (!isCommand) this.#dataSetBytes += itemBytes;
    if (!isLast) return;
    if (isCommand) this.#endCommand();
    else this.#endDataSet(contextId);
  }

  #endCommand(): void {
    const command = parseCommandSet(Buffer.concat(this.#command));
    this.#command = [];
    this.#commandBytes = 0;
    this.#dataSetBytes = 0;
    this.#present = command;
    const isWanted = command?.hasDataSet === true && this.#association.wantsHead(command, this.#direction);
    this.#head = isWanted ? new ByteCollector(DATA_SET_HEAD_BYTES) : undefined;
    if (command !== undefined) this.#association.command(command, this.#direction);
  }

  #endDataSet(contextId: number): void {
    const command = this.#present;
    if (command === undefined) return;
    this.#association.dataSet(command, this.#direction, this.#dataSetBytes);
    if (this.#head !== undefined) this.#association.head(contextId, this.#head.view());
    this.#head = undefined;
    this.#present = undefined;
  }
}

/** Parses one DICOM association (PS3.8 §9, PS3.7 §6 to §10). */
export class DicomParser implements StreamParser {
  readonly #context: ParserContext<DicomRecord>;
  readonly #streams: Readonly<Record<Direction, PduStream>>;
  readonly #open = new Map<string, OpenOperation>();
  readonly #transferSyntaxes = new Map<number, string>();
  readonly #devices = new Map<string, DeviceAttributes>();
  #request: AssociateBody | undefined;
  #headsRead = 0;
  #isEnded = false;

  constructor(context: ParserContext<DicomRecord>) {
    this.#context = context;
    this.#streams = {
      'to-server': new PduStream(new Message(this, 'to-server')),
      'to-client': new PduStream(new Message(this, 'to-client')),
    };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    this.#streams[direction].push(bytes);
    return this.#streams[direction].isBroken ? 'failed' : 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    return this.#streams[direction].gap(length) ? 'continue' : 'failed';
  }

  skippable(direction: Direction): number {
    return this.#streams[direction].takeSkippable();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const operation of this.#open.values()) this.#emitOperation(operation, undefined);
    this.#open.clear();
    this.#emitDevice();
  }

  controlPdu(type: number, body: Uint8Array, direction: Direction): void {
    switch (type) {
      case ASSOCIATE_REQUEST:
        this.#associateRequest(body, direction);
        return;
      case ASSOCIATE_ACCEPT:
        this.#associateAccept(body, direction);
        return;
      case ASSOCIATE_REJECT: {
        const calledAeTitle = this.#request?.calledAeTitle ?? '';
        const rejection = parseReject(body);
        this.#context.emit({ protocol: 'dicom', activity: 'associate-reject', calledAeTitle, ...rejection }, direction);
        return;
      }
      case RELEASE_RESPONSE:
      case ABORT:
        this.#context.emit({ protocol: 'dicom', activity: type === ABORT ? 'abort' : 'release' }, direction);
        this.end();
        return;
      default:
    }
  }

  /** Is the head of the data set that follows worth reading? */
  wantsHead(command: CommandSet, direction: Direction): boolean {
    // Only what a client stores of its own accord tells about the client: answers to C-GET and objects that move on
    // somebody's request were made by other devices.
    const isOwnObject = command.operation === 'C-STORE' && !command.isResponse && !command.hasMoveOriginator;
    return isOwnObject && direction === 'to-server' && this.#headsRead < MAXIMUM_HEADS_READ;
  }

  command(command: CommandSet, direction: Direction): void {
    const isFromClient = direction === 'to-server';
    if (!command.isResponse) {
      const invokedBy = isFromClient ? 'client' : 'server';
      const operation = { command, invokedBy, dataSetBytes: 0, responses: 0 } as const;
      if (command.operation === 'C-CANCEL') return;
      if (this.#open.size < MAXIMUM_OPEN_OPERATIONS)
        this.#open.set(`${invokedBy}${command.messageId}`, { ...operation });
      return;
    }
    const key = `${isFromClient ? 'server' : 'client'}${command.messageId}`;
    const operation = this.#open.get(key);
    if (operation === undefined) return;
    operation.responses += 1;
    if (isPending(command.status)) return;
    this.#open.delete(key);
    this.#emitOperation(operation, command.status);
  }

  dataSet(command: CommandSet, direction: Direction, bytes: number): void {
    if (command.isResponse) return;
    const operation = this.#open.get(`${direction === 'to-server' ? 'client' : 'server'}${command.messageId}`);
    if (operation !== undefined) operation.dataSetBytes += bytes;
  }

  head(contextId: number, head: Uint8Array): void {
    this.#headsRead += 1;
    const transferSyntax = this.#transferSyntaxes.get(contextId) ?? guessTransferSyntax(head);
    const device = readDeviceAttributes(head, transferSyntax);
    if (Object.keys(device).length === 0) return;
    const { manufacturer, model, serial, stationName } = device;
    const identity = [manufacturer, model, serial, stationName].join('|');
    if (this.#devices.size < MAXIMUM_DEVICES && !this.#devices.has(identity)) this.#devices.set(identity, device);
  }

  #associateRequest(body: Uint8Array, direction: Direction): void {
    const parsed = parseAssociateBody(body);
    if (parsed === undefined) return;
    this.#request = parsed;
    const { proposed, accepted: _accepted, ...association } = parsed;
    this.#context.emit(
      { protocol: 'dicom', activity: 'associate-request', ...association, contexts: proposed },
      direction,
    );
  }

  #associateAccept(body: Uint8Array, direction: Direction): void {
    const parsed = parseAssociateBody(body);
    if (parsed === undefined) return;
    const { proposed: _proposed, accepted, userIdentity: _identity, ...association } = parsed;
    const inUse = accepted.filter(({ result }) => result === ACCEPTANCE);
    for (const { id, transferSyntax } of inUse) this.#transferSyntaxes.set(id, transferSyntax);
    const asked = new Map(this.#request?.proposed.map(({ id, abstractSyntax }) => [id, abstractSyntax]));
    const abstractSyntaxes = inUse.map(({ id }) => asked.get(id)).filter((uid) => uid !== undefined);
    this.#context.emit(
      {
        protocol: 'dicom',
        activity: 'associate-accept',
        ...association,
        contexts: accepted,
        sopClasses: unique(abstractSyntaxes.map(sopClassName)),
        transferSyntaxes: unique(inUse.map(({ transferSyntax }) => transferSyntaxName(transferSyntax))),
        isCalledAeTitleUnchecked:
          this.#request !== undefined && this.#request.calledAeTitle !== association.calledAeTitle,
      },
      direction,
    );
  }

  #emitOperation({ command, invokedBy, dataSetBytes, responses }: OpenOperation, status: number | undefined): void {
    const record: DimseOperation = {
      protocol: 'dicom',
      activity: 'operation',
      operation: command.operation,
      sopClass: sopClassName(command.sopClass),
      status,
      responses,
      dataSetBytes,
      invokedBy,
    };
    this.#context.emit(record, invokedBy === 'client' ? 'to-client' : 'to-server');
  }

  /** Objects of several devices in one association come from an archive or a workstation, not from a device. */
  #emitDevice(): void {
    if (this.#devices.size !== 1) return;
    for (const attributes of this.#devices.values()) {
      this.#context.emit({ protocol: 'dicom', activity: 'producing-device', attributes }, 'to-server');
    }
  }
}

/** Without the negotiation (mid-stream pick-up): explicit encodings show two letters behind the first tag. */
function guessTransferSyntax(head: Uint8Array): string {
  const isLetter = (byte = 0) => byte >= 0x41 && byte <= 0x5a;
  return isLetter(head[4]) && isLetter(head[5]) ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2';
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
