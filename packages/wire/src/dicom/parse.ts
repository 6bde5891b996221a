import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { type AssociateBody, parseAbort, parseAssociateBody, parseReject } from './association.ts';
import { agreementOf, requestRecord } from './association-records.ts';
import type { CommandSet } from './command-set.ts';
import { readDeviceAttributes, readPerformedStep, readPrinter, readQueryLevel } from './data-set.ts';
import { guessTransferSyntax } from './elements.ts';
import { MessageAssembler, type MessageHandler } from './message.ts';
import { ObjectFiles } from './object-files.ts';
import { type DataSetFacts, NO_FACTS, Operations } from './operations.ts';
import { PduStream } from './pdu-stream.ts';
import { readReferences } from './references.ts';
import type { DeviceAttributes, DicomRecord, DimseOperation } from './types.ts';
import { acceptView, associationEndView, operationView, requestView } from './views.ts';
import { PERFORMED_PROCEDURE_STEP, PRINTER, wantedBytes } from './wanted.ts';

const ASSOCIATE_REQUEST = 0x01;
const ASSOCIATE_ACCEPT = 0x02;
const ASSOCIATE_REJECT = 0x03;
const RELEASE_REQUEST = 0x05;
const RELEASE_RESPONSE = 0x06;
const ABORT = 0x07;
/** UIDs by presentation context. */
const NOTHING_AGREED: ReadonlyMap<number, string> = new Map();
const MAXIMUM_DEVICES = 8;

/** Parses one DICOM association (PS3.8 §9, PS3.7 §6 to §10). */
export class DicomParser implements StreamParser, MessageHandler {
  readonly #context: ParserContext<DicomRecord>;
  readonly #streams: Readonly<Record<Direction, PduStream>>;
  readonly #operations: Operations;
  #transferSyntaxes = NOTHING_AGREED;
  /** By what tells one from another; made when the first shows. */
  #devices: Map<string, DeviceAttributes> | undefined;
  #request: AssociateBody | undefined;
  readonly #objects: ObjectFiles | undefined;
  #storesRead = 0;
  #releaseAsked: Direction | undefined;
  #isEnded = false;
  readonly findsWayAgain = true;

  constructor(context: ParserContext<DicomRecord>) {
    this.#context = context;
    this.#objects = context.files === undefined ? undefined : new ObjectFiles(context.files);
    this.#operations = new Operations(() => context.timeMicros?.());
    this.#streams = {
      'to-server': new PduStream(new MessageAssembler(this, 'to-server')),
      'to-client': new PduStream(new MessageAssembler(this, 'to-client')),
    };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    this.#streams[direction].push(bytes);
    return this.#streams[direction].isBroken ? 'failed' : 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    this.#objects?.gap(direction, length);
    this.#streams[direction].gap(length);
    return 'continue';
  }

  lost(direction: Direction): void {
    this.#objects?.lost(direction);
  }

  skippable(direction: Direction): number {
    return this.#streams[direction].takeSkippable();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#objects?.end();
    for (const operation of this.#operations.takeUnanswered()) this.#emitOperation(operation);
    this.#emitDevice();
    if (this.#releaseAsked !== undefined) this.#emitRelease(this.#releaseAsked, false);
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
        const { calledAeTitle = '', callingAeTitle = '' } = this.#request ?? {};
        const rejection = { calledAeTitle, callingAeTitle, ...parseReject(body) };
        this.#context.emit({ protocol: 'dicom', activity: 'associate-reject', ...rejection }, direction);
        this.#context.inspect?.(direction, associationEndView('rejected', rejection.reason, this.#request));
        return;
      }
      case RELEASE_REQUEST:
        this.#releaseAsked = direction;
        return;
      case RELEASE_RESPONSE:
        this.#emitRelease(direction === 'to-client' ? 'to-server' : 'to-client', true);
        this.end();
        return;
      case ABORT: {
        this.#releaseAsked = undefined;
        const abort = parseAbort(body);
        this.#context.emit(abort, direction);
        this.#context.inspect?.(direction, associationEndView('aborted', '', this.#request));
        this.end();
        return;
      }
      default:
    }
  }

  wantedBytes(command: CommandSet, direction: Direction): number {
    return wantedBytes(command, this.#sopClassOf(command, direction), direction, this.#storesRead);
  }

  command(command: CommandSet, direction: Direction, contextId: number): void {
    const transferSyntax = this.#transferSyntaxes.get(contextId) ?? '';
    if (!command.hasDataSet) this.#inspect(command, direction, transferSyntax, undefined, NO_FACTS);
    const invokedBy = invokerOf(command, direction);
    if (!command.isResponse) {
      this.#operations.request(command, invokedBy, transferSyntax);
      return;
    }
    const finished = this.#operations.response(command, invokedBy);
    if (finished !== undefined) this.#emitOperation(finished);
  }

  dataSetBytes(command: CommandSet, direction: Direction, contextId: number, bytes: Uint8Array): boolean {
    if (this.#objects === undefined) return false;
    return this.#objects.write(command, direction, this.#transferSyntaxes.get(contextId) ?? '', bytes);
  }

  dataSetPart(command: CommandSet, direction: Direction, bytes: number): void {
    this.#operations.dataSetPart(command, invokerOf(command, direction), bytes);
  }

  head(
    command: CommandSet,
    direction: Direction,
    contextId: number,
    bytes: Uint8Array,
    isLast: boolean,
  ): DataSetFacts | undefined {
    const negotiated = this.#transferSyntaxes.get(contextId) ?? '';
    const transferSyntax = negotiated === '' ? guessTransferSyntax(bytes) : negotiated;
    if (command.operation !== 'C-STORE') {
      return isLast ? this.#readHead(command, bytes, transferSyntax, direction) : undefined;
    }
    const { facts, isComplete } = readDeviceAttributes(bytes, transferSyntax);
    if (!isComplete && !isLast) return undefined;
    this.#storesRead += 1;
    this.#addDevice(facts);
    return NO_FACTS;
  }

  dataSet(command: CommandSet, direction: Direction, contextId: number, bytes: number, facts: DataSetFacts): void {
    this.#objects?.complete(command);
    this.#inspect(command, direction, this.#transferSyntaxes.get(contextId) ?? '', bytes, facts);
    const finished = this.#operations.dataSet(command, invokerOf(command, direction), facts);
    if (finished !== undefined) this.#emitOperation(finished);
  }

  #readHead(command: CommandSet, head: Uint8Array, transferSyntax: string, direction: Direction): DataSetFacts {
    const { operation, isResponse } = command;
    const sopClass = this.#sopClassOf(command, direction);
    if (sopClass === PRINTER) {
      const printer = direction === 'to-client' ? 'server' : 'client';
      const status = readPrinter(head, transferSyntax);
      this.#context.emit({ protocol: 'dicom', activity: 'printer-status', ...status, printer }, direction);
      return NO_FACTS;
    }
    if (sopClass === PERFORMED_PROCEDURE_STEP && direction === 'to-server') {
      const step = readPerformedStep(head, transferSyntax);
      if (Object.values(step).some((value) => value !== ''))
        this.#context.emit({ protocol: 'dicom', activity: 'performed-procedure-step', ...step }, direction);
    }
    const isQuery = operation.startsWith('C-') && !isResponse;
    const queryLevel = isQuery ? readQueryLevel(head, transferSyntax) : '';
    return { queryLevel, references: readReferences(head, transferSyntax) };
  }

  /** Answers may leave it out (PS3.7 §10.1). */
  #sopClassOf(command: CommandSet, direction: Direction): string {
    if (command.sopClass !== '' || !command.isResponse) return command.sopClass;
    return this.#operations.sopClassOf(command, invokerOf(command, direction));
  }

  #addDevice(device: DeviceAttributes): void {
    if (Object.keys(device).length === 0) return;
    const { manufacturer, model, serial, stationName } = device;
    const identity = [manufacturer, model, serial, stationName].join('|');
    this.#devices ??= new Map();
    if (this.#devices.size < MAXIMUM_DEVICES && !this.#devices.has(identity)) this.#devices.set(identity, device);
  }

  #inspect(
    command: CommandSet,
    direction: Direction,
    transferSyntax: string,
    bytes: number | undefined,
    facts: DataSetFacts,
  ): void {
    this.#context.inspect?.(
      direction,
      operationView(command, {
        transferSyntax,
        dataSetBytes: bytes,
        facts,
        sopClass: this.#sopClassOf(command, direction),
        association: this.#request,
      }),
    );
  }

  #associateRequest(body: Uint8Array, direction: Direction): void {
    const request = parseAssociateBody(body);
    if (request === undefined) return;
    this.#request = request;
    this.#context.emit(requestRecord(request), direction);
    this.#context.inspect?.(direction, requestView(request));
  }

  #associateAccept(body: Uint8Array, direction: Direction): void {
    const accept = parseAssociateBody(body);
    if (accept === undefined) return;
    const { record, abstractSyntaxes, transferSyntaxes } = agreementOf(this.#request, accept);
    this.#transferSyntaxes = transferSyntaxes;
    this.#context.emit(record, direction);
    this.#context.inspect?.(direction, acceptView(accept, abstractSyntaxes));
  }

  #emitRelease(asked: Direction, isConfirmed: boolean): void {
    this.#releaseAsked = undefined;
    const releasedBy = asked === 'to-server' ? 'client' : 'server';
    const direction = asked === 'to-server' ? 'to-client' : 'to-server';
    this.#context.emit({ protocol: 'dicom', activity: 'release', releasedBy, isConfirmed }, direction);
  }

  #emitOperation(operation: DimseOperation): void {
    this.#context.emit(operation, operation.invokedBy === 'client' ? 'to-client' : 'to-server');
  }

  /** Objects of several devices in one association come from an archive or a workstation, not from a device. */
  #emitDevice(): void {
    if (this.#devices?.size !== 1) return;
    for (const attributes of this.#devices.values()) {
      this.#context.emit({ protocol: 'dicom', activity: 'producing-device', attributes }, 'to-server');
    }
  }
}

/** Who asked: requests travel away from that end, answers towards it. */
function invokerOf({ isResponse }: CommandSet, direction: Direction): 'client' | 'server' {
  return (direction === 'to-server') === isResponse ? 'server' : 'client';
}
