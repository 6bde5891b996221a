import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { cleanText } from '../bytes/text.ts';
import { fragmentLength } from '../dcerpc/parse.ts';
import { createRpcReader } from '../dcerpc/reader.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { type AccessRequest, accessRecord, shareOf, type Tree } from './access-record.ts';
import type { SmbAccess, SmbRecord } from './types.ts';

/** MS-CIFS §2.2.3.1: header, then number of words, words, number of bytes, bytes. */
const HEADER_BYTES = 32;
const STATUS = 5;
const FLAGS = 9;
const IS_RESPONSE = 0x80;
const FLAGS_2 = 10;
const IS_UNICODE = 0x8000;
const TREE_ID = 24;
const PROCESS_ID = 26;
const MULTIPLEX_ID = 30;
/** Commands (§2.2.2.1). */
const DELETE = 0x06;
const TRANSACTION = 0x25;
const OPEN = 0x2d;
const READ = 0x2e;
const WRITE = 0x2f;
const SESSION_SETUP = 0x73;
const TREE_CONNECT = 0x75;
const CREATE = 0xa2;
const CHAINED = [0x24, OPEN, READ, WRITE, SESSION_SETUP, TREE_CONNECT, CREATE];
const OPENS = [DELETE, OPEN, CREATE];
/** Where the words of a command name length and offset of what goes over a pipe, from the first word. */
const REQUEST_DATA: Readonly<Record<number, readonly [number, number]>> = {
  [TRANSACTION]: [22, 24],
  [WRITE]: [20, 22],
};
const ANSWER_DATA: Readonly<Record<number, readonly [number, number]>> = { [TRANSACTION]: [12, 14], [READ]: [10, 12] };
/** Rights of an open (§2.2.4.64.1): to write or append, all or write in general; to delete with the option that does so. */
const WRITES = 0x0000_0006;
const GENERIC_WRITE = 0x5000_0000;
const DELETE_ON_CLOSE = 0x0000_1000;
const MORE_PROCESSING = 0xc0000016;
const MAXIMUM_TREES = 64;
const MAXIMUM_CHAIN = 4;
const MAXIMUM_NAME = 512;

/** One command of a message, which may hold several (§2.2.3.4). */
interface Block {
  readonly command: number;
  /** Offset of the first word. */
  readonly words: number;
  readonly bytes: number;
}

/** Follows what is done behind the opening of a session in SMB 1, and tells it as of SMB 2. */
export class Smb1AccessReader {
  readonly #pending = new PendingRequests<AccessRequest>();
  readonly #trees = new Map<number, Tree>();
  readonly #calls = createRpcReader('smb');

  /** @param message one SMB 1 message with its header */
  message(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    if (message.length < HEADER_BYTES) return;
    const isResponse = ((message[FLAGS] ?? 0) & IS_RESPONSE) !== 0;
    const treeId = littleWord16(message, TREE_ID);
    for (const block of blocksOf(message)) {
      const key = `${littleWord16(message, PROCESS_ID)} ${littleWord16(message, MULTIPLEX_ID)} ${block.command}`;
      if (block.command === TREE_CONNECT || OPENS.includes(block.command)) {
        if (isResponse) this.#answer(message, block, treeId, key, direction, context);
        else this.#ask(message, block, treeId, key, direction, context);
      } else this.#pipe(message, block, isResponse, direction, context);
    }
    const status = littleWord32(message, STATUS);
    const isRefusal = isResponse && message[4] === SESSION_SETUP && status !== 0 && status !== MORE_PROCESSING;
    if (isRefusal) this.#refuse(message, direction, context);
  }

  lost(direction: Direction): void {
    this.#calls.lost?.(direction);
  }

  end(context: ParserContext<SmbRecord>): void {
    for (const request of this.#pending.takeAll()) context.emit(accessRecord(request, undefined), 'to-server');
    this.#calls.end?.(silent(context));
  }

  #ask(
    message: Uint8Array,
    block: Block,
    treeId: number,
    key: string,
    direction: Direction,
    context: ParserContext<SmbRecord>,
  ): void {
    const request = requestOf(message, block, this.#trees.get(treeId));
    const given = this.#pending.ask(key, request, context.timeMicros?.());
    if (given !== undefined) context.emit(accessRecord(given, undefined), direction);
  }

  #answer(
    message: Uint8Array,
    block: Block,
    treeId: number,
    key: string,
    direction: Direction,
    context: ParserContext<SmbRecord>,
  ): void {
    const status = littleWord32(message, STATUS);
    const answered = this.#pending.answer(key, context.timeMicros?.());
    if (answered === undefined) return;
    let { request } = answered;
    if (request.isConnect && status === 0) {
      const tree = { share: shareOf(request.name), kind: kindOf(asciiAt(message, block.bytes)) };
      if (this.#trees.size < MAXIMUM_TREES) this.#trees.set(treeId, tree);
      request = { ...request, tree };
    }
    context.emit(accessRecord(request, status, answered.durationMs), direction);
  }

  /** A refused session has no words, and so no chain: the share that was asked for with it is refused too. */
  #refuse(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    const chain = `${littleWord16(message, PROCESS_ID)} ${littleWord16(message, MULTIPLEX_ID)}`;
    const answered = this.#pending.answer(`${chain} ${TREE_CONNECT}`, context.timeMicros?.());
    if (answered !== undefined)
      context.emit(accessRecord(answered.request, littleWord32(message, STATUS), answered.durationMs), direction);
  }

  #pipe(
    message: Uint8Array,
    { command, words, bytes }: Block,
    isResponse: boolean,
    direction: Direction,
    context: ParserContext<SmbRecord>,
  ): void {
    const places = (isResponse ? ANSWER_DATA : REQUEST_DATA)[command];
    if (places === undefined || words + places[1] + 2 > bytes) return;
    const start = littleWord16(message, words + places[1]);
    const pdu = message.subarray(start, start + littleWord16(message, words + places[0]));
    const isCall = start > words && fragmentLength(pdu) !== undefined;
    if (isCall) this.#calls.message(pdu, direction, silent(context));
  }
}

/** Calls of SMB 1 are shown to rules where the other messages of it are. */
function silent(context: ParserContext<SmbRecord>): ParserContext<SmbRecord> {
  const { transport, clientPort, serverPort } = context;
  return {
    transport,
    clientPort,
    serverPort,
    emit: (record, direction) => context.emit(record, direction),
    handOver: (id) => context.handOver(id),
    ...(context.detail === undefined ? {} : { detail: (direction, detail) => context.detail?.(direction, detail) }),
    ...(context.timeMicros === undefined ? {} : { timeMicros: () => context.timeMicros?.() ?? 0 }),
  };
}

function blocksOf(message: Uint8Array): readonly Block[] {
  const blocks: Block[] = [];
  let command = message[4] ?? 0;
  let at = HEADER_BYTES;
  while (blocks.length < MAXIMUM_CHAIN && at < message.length) {
    const words = at + 1;
    const end = words + 2 * (message[at] ?? 0);
    blocks.push({ command, words, bytes: end + 2 });
    const next = littleWord16(message, words + 2);
    // An end of the chain, or one that leads back.
    if (!CHAINED.includes(command) || (message[at] ?? 0) < 2 || (message[words] ?? 0xff) === 0xff || next <= at) break;
    command = message[words] ?? 0;
    at = next;
  }
  return blocks;
}

function requestOf(message: Uint8Array, { command, words, bytes }: Block, tree: Tree | undefined): AccessRequest {
  switch (command) {
    case TREE_CONNECT:
      return {
        isConnect: true,
        tree: undefined,
        name: textAt(message, bytes + littleWord16(message, words + 6)),
        access: '',
      };
    case CREATE: {
      const rights = littleWord32(message, words + 15);
      const isDelete = (littleWord32(message, words + 39) & DELETE_ON_CLOSE) !== 0;
      const isWrite = (rights & WRITES) !== 0 || (rights & GENERIC_WRITE) !== 0;
      const access = isDelete ? 'delete' : isWrite ? 'write' : 'read';
      return { isConnect: false, tree, name: textAt(message, bytes), access };
    }
    case OPEN: {
      const mode = littleWord16(message, words + 6) & 7;
      const isWrite = mode === 1 || mode === 2;
      return { isConnect: false, tree, name: textAt(message, bytes), access: isWrite ? 'write' : 'read' };
    }
    default:
      // §2.2.4.7: a byte that says that a text follows.
      return { isConnect: false, tree, name: textAt(message, bytes + 1), access: 'delete' };
  }
}

/** Text that ends with a zero, UTF-16 on an even place. */
function textAt(message: Uint8Array, start: number): string {
  if ((littleWord16(message, FLAGS_2) & IS_UNICODE) === 0) return asciiAt(message, start);
  const even = start + (start % 2);
  let end = even;
  while (end + 1 < message.length && end - even < MAXIMUM_NAME && littleWord16(message, end) !== 0) end += 2;
  return cleanText(Buffer.from(message.subarray(even, end)).toString('utf16le'), MAXIMUM_NAME);
}

function asciiAt(message: Uint8Array, start: number): string {
  const end = message.indexOf(0, start);
  const stop = Math.min(end < 0 ? message.length : end, start + MAXIMUM_NAME);
  return cleanText(Buffer.from(message.subarray(start, stop)).toString('latin1'), MAXIMUM_NAME);
}

/** §2.2.4.55.2: service of a share. */
function kindOf(service: string): SmbAccess['kind'] {
  return service === 'IPC' ? 'pipe' : service.startsWith('A:') ? 'disk' : service.startsWith('LPT') ? 'printer' : '';
}
