import {
  openDataSet,
  type PduHandler,
  PduStream,
  parseAssociateBody,
  parseCommandSet,
  sopClassName,
} from '@sphinx/wire/dicom';
import type { DecoyContext } from '../../decoys/decoy-context.ts';
import type { ServiceOf } from '../../decoys/persona.ts';
import type { Conversation, Peer } from '../conversation.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import {
  type AcceptedPresentation,
  answer,
  associateAccept,
  associateReject,
  EXPLICIT_LITTLE_ENDIAN,
  encodeDataSet,
  IMPLICIT_LITTLE_ENDIAN,
  PDU,
  pdu,
} from './encode.ts';
import { storedFile } from './part-10.ts';
import { describeQuery, findMatches, isForEverybody, readQueryKeys } from './query.ts';

const ASSOCIATE = 1;
const RELEASE = 5;
const STORAGE_ROOT = '1.2.840.10008.5.1.4.1.1.';
const VERIFICATION = '1.2.840.10008.1.1';
/** Find, move and get of the patient and study roots, and the worklist (PS3.4 annexes C and K). */
const QUERY_CLASSES = /^1\.2\.840\.10008\.5\.1\.4\.(1\.2\.[12]\.[123]|31)$/;
const RESPONSE = 0x8000;
const FIELDS: Readonly<Record<string, number>> = {
  'C-STORE': 0x0001,
  'C-GET': 0x0010,
  'C-FIND': 0x0020,
  'C-MOVE': 0x0021,
  'C-ECHO': 0x0030,
  'N-EVENT-REPORT': 0x0100,
  'N-GET': 0x0110,
  'N-SET': 0x0120,
  'N-ACTION': 0x0130,
  'N-CREATE': 0x0140,
  'N-DELETE': 0x0150,
};
/** PS3.7 annex C and PS3.4 tables C.4-2, C.4-3. */
const STATUS = {
  success: 0,
  pending: 0xff00,
  unrecognizedOperation: 0x0211,
  moveDestinationUnknown: 0xa801,
  outOfResources: 0xa702,
} as const;
const SOP_INSTANCE = 0x00001000;
const MAXIMUM_COMMAND_BYTES = 16 * 1024;
const MAXIMUM_QUERY_BYTES = 64 * 1024;
const MAXIMUM_OBJECT_BYTES = 16 * 1024 * 1024;
const MAXIMUM_ANSWERS = 500;
const CALLED_TITLE_REJECTED = 7;
const TITLES_END = 36;

interface Request {
  readonly operation: string;
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly messageId: number;
  readonly moveDestination: string;
}

/** A picture archive: association, C-ECHO, C-FIND, C-MOVE that goes nowhere, C-STORE into quarantine (PS3.8 §9, PS3.7 §9). */
export function dicomArchive(service: ServiceOf<'dicom'>, context: DecoyContext, peer: Peer): Conversation {
  const archive = new Archive(service, context, peer);
  const stream = new PduStream(archive);
  return {
    receive(bytes) {
      stream.push(bytes);
      if (!stream.isBroken || archive.isOver) return;
      archive.abort();
    },
  };
}

class Archive implements PduHandler {
  readonly #service: ServiceOf<'dicom'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #aeTitle: string;
  /** Presentation context → its class and transfer syntax. */
  readonly #contexts = new Map<number, { readonly sopClass: string; readonly transferSyntax: string }>();
  readonly #command = new GrowingBytes(MAXIMUM_COMMAND_BYTES);
  #dataSet: GrowingBytes | undefined;
  #request: Request | undefined;
  #callingTitle = '';
  isOver = false;

  constructor(service: ServiceOf<'dicom'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
    this.#aeTitle = context.identity.aeTitle ?? service.aeTitle;
  }

  pdu(type: number, body: Uint8Array): void {
    if (this.isOver) return;
    if (type === ASSOCIATE) this.#associate(body);
    else if (type === RELEASE) this.#close(pdu(PDU.releaseReply, Buffer.alloc(4)));
    else if (type === PDU.abort) this.#close();
    else this.abort();
  }

  fragment(contextId: number, isCommand: boolean, bytes: Uint8Array): boolean {
    if (!this.#contexts.has(contextId)) return false;
    if (isCommand) return this.#command.add(bytes);
    return this.#dataSet?.add(bytes) ?? false;
  }

  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean): void {
    if (!isLast || this.isOver || !this.#contexts.has(contextId)) return;
    if (isCommand) this.#takeCommand(contextId);
    else if (this.#request !== undefined) this.#serve(contextId, this.#request, this.#dataSet);
  }

  /** A-ABORT by the provider: an unrecognised PDU (PS3.8 §9.3.8). */
  abort(): void {
    this.#peer.note('malformed', 'sent what is no DICOM; the association is aborted');
    this.#close(pdu(PDU.abort, Buffer.from([0, 0, 2, 1])));
  }

  #close(last?: Uint8Array): void {
    this.isOver = true;
    if (last !== undefined) this.#peer.send(last);
    this.#peer.end();
  }

  #associate(body: Uint8Array): void {
    const request = parseAssociateBody(body);
    if (request === undefined) {
      this.abort();
      return;
    }
    const { callingAeTitle, calledAeTitle, implementationClassUid, implementationVersion, proposed } = request;
    this.#callingTitle = callingAeTitle;
    this.#peer.note('client', `DICOM ${implementationVersion || 'without a version'} (${implementationClassUid})`, {
      callingAeTitle,
      calledAeTitle,
      software: implementationVersion,
    });
    if (!this.#service.acceptsAnyTitle && calledAeTitle !== this.#aeTitle) {
      this.#peer.logOn({ user: callingAeTitle, secret: calledAeTitle, method: 'ae-title', isAccepted: false });
      this.#close(associateReject(CALLED_TITLE_REJECTED));
      return;
    }
    const accepted = proposed.map((each) => this.#accept(each));
    this.#peer.note('request', `opened an association from ${callingAeTitle} to ${calledAeTitle}`, {
      classes: proposed
        .slice(0, 20)
        .map(({ abstractSyntax }) => sopClassName(abstractSyntax))
        .join(', '),
    });
    const { implementationClass: uid, implementationVersion: version } = this.#service;
    this.#peer.send(
      associateAccept(body.subarray(4, TITLES_END), accepted, {
        uid,
        version: this.#context.identity.banners.dicom?.slice(0, 16) ?? version,
      }),
    );
  }

  #accept({
    id,
    abstractSyntax,
    transferSyntaxes,
  }: {
    readonly id: number;
    readonly abstractSyntax: string;
    readonly transferSyntaxes: readonly string[];
  }): AcceptedPresentation {
    const isStorage = abstractSyntax.startsWith(STORAGE_ROOT);
    const isKnown = isStorage || abstractSyntax === VERIFICATION || QUERY_CLASSES.test(abstractSyntax);
    if (!isKnown) return { id, result: 3, transferSyntax: IMPLICIT_LITTLE_ENDIAN };
    const plain = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN].find((uid) => transferSyntaxes.includes(uid));
    const transferSyntax = plain ?? (isStorage ? transferSyntaxes[0] : undefined);
    if (transferSyntax === undefined) return { id, result: 4, transferSyntax: IMPLICIT_LITTLE_ENDIAN };
    this.#contexts.set(id, { sopClass: abstractSyntax, transferSyntax });
    return { id, result: 0, transferSyntax };
  }

  #takeCommand(contextId: number): void {
    const bytes = this.#command.take();
    const command = parseCommandSet(bytes);
    if (command === undefined) {
      this.abort();
      return;
    }
    const { operation, sopClass, messageId, moveDestination, isResponse, hasDataSet } = command;
    if (isResponse || operation === 'C-CANCEL') return;
    const request = { operation, sopClass, sopInstance: sopInstanceOf(bytes), messageId, moveDestination };
    if (!hasDataSet) {
      this.#serve(contextId, request, undefined);
      return;
    }
    this.#request = request;
    this.#dataSet = new GrowingBytes(operation === 'C-STORE' ? MAXIMUM_OBJECT_BYTES : MAXIMUM_QUERY_BYTES);
  }

  #serve(contextId: number, request: Request, dataSet: GrowingBytes | undefined): void {
    this.#request = undefined;
    this.#dataSet = undefined;
    const { operation } = request;
    if (operation === 'C-ECHO') {
      this.#peer.note('request', 'C-ECHO');
      this.#answer(contextId, request, STATUS.success);
    } else if (operation === 'C-FIND') this.#find(contextId, request, dataSet?.take() ?? Buffer.alloc(0));
    else if (operation === 'C-MOVE') this.#move(contextId, request, dataSet?.take() ?? Buffer.alloc(0));
    else if (operation === 'C-STORE') this.#store(contextId, request, dataSet);
    else {
      this.#peer.note('request', `${operation} of ${sopClassName(request.sopClass)}, which is refused`);
      this.#answer(contextId, request, operation === 'C-GET' ? STATUS.outOfResources : STATUS.unrecognizedOperation);
    }
  }

  #find(contextId: number, request: Request, bytes: Uint8Array): void {
    const transferSyntax = this.#contexts.get(contextId)?.transferSyntax ?? IMPLICIT_LITTLE_ENDIAN;
    const keys = readQueryKeys(bytes, transferSyntax);
    const matches = findMatches(keys, this.#context.patients, this.#aeTitle, MAXIMUM_ANSWERS);
    this.#peer.note('query', `C-FIND ${describeQuery(keys)}`, {
      answers: matches.length,
      isForEverybody: isForEverybody(keys),
    });
    const isExplicit = transferSyntax === EXPLICIT_LITTLE_ENDIAN;
    for (const elements of matches) {
      this.#answer(contextId, request, STATUS.pending, encodeDataSet(elements, isExplicit));
    }
    this.#answer(contextId, request, STATUS.success);
  }

  /** The destination is never called: an archive that does not know it answers the same. */
  #move(contextId: number, request: Request, bytes: Uint8Array): void {
    const keys = readQueryKeys(bytes, this.#contexts.get(contextId)?.transferSyntax ?? IMPLICIT_LITTLE_ENDIAN);
    this.#peer.note('reach-out', `C-MOVE to ${request.moveDestination}: ${describeQuery(keys)}`, {
      destination: request.moveDestination,
    });
    this.#answer(contextId, request, STATUS.moveDestinationUnknown);
  }

  #store(contextId: number, request: Request, dataSet: GrowingBytes | undefined): void {
    const { sopClass, sopInstance } = request;
    const bytes = dataSet?.take() ?? Buffer.alloc(0);
    const size = dataSet?.total ?? 0;
    this.#peer.note('upload', `C-STORE of ${sopClassName(sopClass)}`, { bytes: size });
    const transferSyntax = this.#contexts.get(contextId)?.transferSyntax ?? IMPLICIT_LITTLE_ENDIAN;
    this.#peer.sample('object.dcm', storedFile({ sopClass, sopInstance, transferSyntax }, this.#callingTitle, bytes));
    this.#answer(contextId, request, STATUS.success);
  }

  #answer(contextId: number, request: Request, status: number, dataSet?: Uint8Array): void {
    const { operation, sopClass, sopInstance, messageId } = request;
    this.#peer.send(
      answer(
        {
          contextId,
          field: RESPONSE | (FIELDS[operation] ?? 0),
          messageId,
          sopClass,
          status,
          ...(operation === 'C-STORE' ? { sopInstance } : {}),
        },
        dataSet,
      ),
    );
  }
}

function sopInstanceOf(command: Uint8Array): string {
  const cursor = openDataSet(command, IMPLICIT_LITTLE_ENDIAN);
  while (cursor.next()) {
    const { tag, offset, length, bytes } = cursor;
    if (tag === SOP_INSTANCE && length <= 64) {
      return Buffer.from(bytes.subarray(offset, offset + length))
        .toString('latin1')
        .replace(/[^0-9.]/g, '');
    }
    cursor.skip();
  }
  return '';
}
