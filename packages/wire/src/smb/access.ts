import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { cleanText } from '../bytes/text.ts';
import { fragmentLength } from '../dcerpc/parse.ts';
import { createRpcReader } from '../dcerpc/reader.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { type AccessRequest, accessRecord, shareOf, type Tree } from './access-record.ts';
import type { SmbAccess, SmbRecord } from './types.ts';
import { treeView } from './views.ts';

/** Of the header (MS-SMB2 §2.2.1.2). */
const HEADER_BYTES = 64;
const STATUS = 8;
const COMMAND = 12;
const MESSAGE_ID = 24;
const TREE_ID = 36;
/** Commands (§2.2.1.2). */
const TREE_CONNECT = 3;
const CREATE = 5;
const READ = 8;
const WRITE = 9;
const IOCTL = 11;
/** The answer will come later (§3.3.4.2). */
const STATUS_PENDING = 0x103;
const PIPE_TRANSCEIVE = 0x0011c017;
const KINDS: readonly SmbAccess['kind'][] = ['', 'disk', 'pipe', 'printer'];
/** Rights of an open (§2.2.13.1): to write or append, and to delete. */
const WRITES = 0x0000_0006;
const GENERIC_WRITE = 0x5000_0000;
const DELETES = 0x0001_0000;
const DELETE_ON_CLOSE = 0x0000_1000;
const MAXIMUM_TREES = 64;
const MAXIMUM_NAME = 512;

/** Follows what is done behind the opening of a session: shares, opens, and calls over named pipes. */
export class SmbAccessReader {
  readonly #pending = new PendingRequests<AccessRequest>();
  readonly #trees = new Map<number, Tree>();
  readonly #calls = createRpcReader('smb');

  /** @param message one SMB 2 message with its header. @returns kind of the share that it concerns */
  message(
    message: Uint8Array,
    isResponse: boolean,
    direction: Direction,
    context: ParserContext<SmbRecord>,
  ): SmbAccess['kind'] {
    const command = littleWord16(message, COMMAND);
    const tree = this.#trees.get(littleWord32(message, TREE_ID));
    // The tree is unknown where its connection was not seen.
    if ((tree === undefined || tree.kind === 'pipe') && (command === READ || command === WRITE || command === IOCTL)) {
      const pdu = isResponse ? answeredPdu(message, command) : writtenPdu(message, command);
      const isCall = pdu !== undefined && fragmentLength(pdu) !== undefined;
      if (isCall) this.#calls.message(pdu, direction, context);
      if (isCall || tree !== undefined) return 'pipe';
    }
    const kind = tree?.kind ?? '';
    if (command !== TREE_CONNECT && command !== CREATE) return kind;
    const key = Buffer.from(message.subarray(MESSAGE_ID, MESSAGE_ID + 8)).toString('hex');
    if (isResponse) this.#answer(message, key, direction, context);
    else this.#ask(command === TREE_CONNECT ? connectOf(message) : openOf(message, tree), key, direction, context);
    return kind;
  }

  lost(direction: Direction): void {
    this.#calls.lost?.(direction);
  }

  end(context: ParserContext<SmbRecord>): void {
    for (const request of this.#pending.takeAll()) context.emit(accessRecord(request, undefined), 'to-server');
    this.#calls.end?.(context);
  }

  #ask(request: AccessRequest, key: string, direction: Direction, context: ParserContext<SmbRecord>): void {
    const given = this.#pending.ask(key, request, context.timeMicros?.());
    if (given !== undefined) context.emit(accessRecord(given, undefined), direction);
    if (context.inspect === undefined) return;
    const isPipe = request.tree?.kind === 'pipe';
    const text = request.isConnect
      ? treeView(request.name)
      : isPipe
        ? { 'smb.named_pipe': request.name }
        : { 'file.name': request.name };
    context.inspect(direction, transactionView('smb', text));
  }

  #answer(message: Uint8Array, key: string, direction: Direction, context: ParserContext<SmbRecord>): void {
    const status = littleWord32(message, STATUS);
    if (status === STATUS_PENDING) return;
    const answered = this.#pending.answer(key, context.timeMicros?.());
    if (answered === undefined) return;
    let { request } = answered;
    if (request.isConnect && status === 0) {
      const tree = { share: shareOf(request.name), kind: KINDS[message[HEADER_BYTES + 2] ?? 0] ?? '' };
      if (this.#trees.size < MAXIMUM_TREES) this.#trees.set(littleWord32(message, TREE_ID), tree);
      request = { ...request, tree };
    }
    context.emit(accessRecord(request, status, answered.durationMs), direction);
  }
}

/** §2.2.9: offset and length of the path. */
function connectOf(message: Uint8Array): AccessRequest {
  const name = textAt(message, littleWord16(message, HEADER_BYTES + 4), littleWord16(message, HEADER_BYTES + 6));
  return { isConnect: true, tree: undefined, name, access: '' };
}

/** §2.2.13: desired access, options, offset and length of the name. */
function openOf(message: Uint8Array, tree: Tree | undefined): AccessRequest {
  const rights = littleWord32(message, HEADER_BYTES + 24);
  const options = littleWord32(message, HEADER_BYTES + 40);
  const name = textAt(message, littleWord16(message, HEADER_BYTES + 44), littleWord16(message, HEADER_BYTES + 46));
  const isDelete = (rights & DELETES) !== 0 && (options & DELETE_ON_CLOSE) !== 0;
  const isWrite = (rights & WRITES) !== 0 || (rights & GENERIC_WRITE) !== 0;
  return { isConnect: false, tree, name, access: isDelete ? 'delete' : isWrite ? 'write' : 'read' };
}

/** §2.2.21, §2.2.31: what is written into a pipe. */
function writtenPdu(message: Uint8Array, command: number): Uint8Array | undefined {
  if (command === WRITE)
    return part(message, littleWord16(message, HEADER_BYTES + 2), littleWord32(message, HEADER_BYTES + 4));
  if (command !== IOCTL || littleWord32(message, HEADER_BYTES + 4) !== PIPE_TRANSCEIVE) return undefined;
  return part(message, littleWord32(message, HEADER_BYTES + 24), littleWord32(message, HEADER_BYTES + 28));
}

/** §2.2.20, §2.2.32: what comes out of it. */
function answeredPdu(message: Uint8Array, command: number): Uint8Array | undefined {
  if (command === READ) return part(message, message[HEADER_BYTES + 2] ?? 0, littleWord32(message, HEADER_BYTES + 4));
  if (command !== IOCTL || littleWord32(message, HEADER_BYTES + 4) !== PIPE_TRANSCEIVE) return undefined;
  return part(message, littleWord32(message, HEADER_BYTES + 32), littleWord32(message, HEADER_BYTES + 36));
}

/** @returns undefined where there is less than a header of a call */
function part(message: Uint8Array, offset: number, length: number): Uint8Array | undefined {
  const bytes = message.subarray(offset, offset + length);
  return offset < HEADER_BYTES || bytes.length < 16 ? undefined : bytes;
}

function textAt(message: Uint8Array, offset: number, length: number): string {
  const bytes = message.subarray(offset, offset + Math.min(length & ~1, MAXIMUM_NAME));
  return offset < HEADER_BYTES ? '' : cleanText(Buffer.from(bytes).toString('utf16le'), MAXIMUM_NAME);
}
