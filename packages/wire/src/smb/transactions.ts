import { littleWord16, littleWord32 } from '../bytes/match.ts';
import type { RpcDetail } from '../dcerpc/calls.ts';
import { findNtlmLogin } from '../ntlm/message.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { SmbContent, SmbDetail } from './detail.ts';

/** Of the header (MS-SMB2 §2.2.1.2), and of what follows it. */
const STATUS = 8;
const COMMAND = 12;
const MESSAGE_ID = 24;
const TREE_ID = 36;
const SESSION_ID = 40;
const BODY = 64;
const NEGOTIATE = 0;
const SESSION_SETUP = 1;
const TREE_CONNECT = 3;
const CREATE = 5;
const CLOSE = 6;
const READ = 8;
const WRITE = 9;
const IOCTL = 11;
const GET_INFO = 16;
const SET_INFO = 17;
/** Told by what they do to a file, if at all. */
const SILENT: readonly number[] = [READ, WRITE, GET_INFO, SET_INFO];
const STATUS_PENDING = 0x103;
const PIPE_TRANSCEIVE = 0x0011c017;
const MULTI_PROTOCOL = 0x02ff;
const FILE_RENAME = 10;
const FILE_DISPOSITION = 13;
const HANDLE_BYTES = 16;
const MAXIMUM_NAME = 1024;
const MAXIMUM_REMEMBERED = 256;
/** Seconds from 1601, where file times begin, to 1970; a unit is 100 ns (MS-DTYP §2.3.3). */
const EPOCH_SECONDS = 11_644_473_600;
const UNITS_PER_SECOND = 10_000_000n;

type Header = Pick<SmbDetail, 'command' | 'sessionId' | 'treeId'>;
interface Transaction extends Header {
  readonly id: number;
  content: SmbContent | undefined;
}
interface FileUse {
  readonly id: number;
  readonly header: Header;
  readonly content: Extract<SmbContent, { kind: 'file' }>;
}

/** Requests of SMB 2 and 3 with their answers, as a log tells them: what is done to files and pipes too. */
export class SmbTransactions {
  readonly #context: ParserContext;
  readonly #pending = new PendingRequests<Transaction>();
  readonly #shares = new Map<number, { readonly path: string; readonly type: number }>();
  /** Names of open files by their handles. */
  readonly #names = new Map<string, string>();
  readonly #files = new Map<string, FileUse>();
  #dialect: number | undefined;
  /** Of the message at hand. */
  #header: Header = { command: 0, sessionId: 0n, treeId: 0 };

  readonly #nextId: () => number;

  /** @param nextId numbers the transactions of a connection */
  constructor(context: ParserContext, nextId: () => number) {
    this.#context = context;
    this.#nextId = nextId;
  }

  /** @param message that is read next, with its header: calls over pipes that it completes have the same */
  begin(message: Uint8Array): void {
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#header = {
      command: littleWord16(message, COMMAND),
      sessionId: view.getBigUint64(SESSION_ID, true),
      treeId: littleWord32(message, TREE_ID),
    };
  }

  /** @param message the one that was begun */
  message(message: Uint8Array, isResponse: boolean, direction: Direction): void {
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    const header = this.#header;
    const key = `${view.getBigUint64(MESSAGE_ID, true)}`;
    if (isResponse) this.#answer(message, header, key, direction);
    else this.#request(message, header, key);
  }

  /** A call over a pipe is over. */
  call(call: RpcDetail, direction: Direction): void {
    this.#tell({ ...this.#header, id: this.#nextId(), content: { kind: 'call', call } }, 0, direction);
  }

  end(): void {
    for (const [handle] of this.#files) this.#closeFile(handle, 'to-server');
    for (const transaction of this.#pending.takeAll()) this.#tell(transaction, undefined, 'to-server');
  }

  #request(message: Uint8Array, header: Header, key: string): void {
    const { command, treeId } = header;
    if (command === CLOSE) this.#closeFile(handleAt(message, BODY + 8), 'to-server');
    const isPipe = this.#shares.get(treeId)?.type === 2;
    if (!isPipe && (command === READ || command === WRITE)) this.#useFile(message, header);
    const content = this.#contentOf(message, command);
    const isCall = content?.kind === 'control' && content.code === PIPE_TRANSCEIVE;
    if (isCall || (content === undefined && SILENT.includes(command))) return;
    const given = this.#pending.ask(key, { ...header, id: this.#nextId(), content }, undefined);
    if (given !== undefined) this.#tell(given, undefined, 'to-server');
  }

  #contentOf(message: Uint8Array, command: number): SmbContent | undefined {
    switch (command) {
      case NEGOTIATE: {
        const count = Math.min(littleWord16(message, BODY + 2), 16);
        const dialects = Array.from({ length: count }, (_, index) =>
          dialectName(littleWord16(message, BODY + 36 + 2 * index)),
        );
        return { kind: 'negotiate', dialects, serverGuid: undefined };
      }
      case SESSION_SETUP:
        return { kind: 'session', login: findNtlmLogin(message), ends: [] };
      case TREE_CONNECT: {
        const path = textAt(message, littleWord16(message, BODY + 4), littleWord16(message, BODY + 6));
        return { kind: 'tree', path, shareType: 0, services: [] };
      }
      case CREATE:
        return createRequest(message);
      case IOCTL:
        return { kind: 'control', code: littleWord32(message, BODY + 4) };
      case SET_INFO:
        return this.#change(message);
      default:
        return undefined;
    }
  }

  /** §2.2.39: kind and class of information, its length and offset, the handle. */
  #change(message: Uint8Array): SmbContent | undefined {
    const [kind, level] = [message[BODY + 2], message[BODY + 3]];
    const at = littleWord16(message, BODY + 8);
    const handle = handleAt(message, BODY + 16);
    const name = this.#names.get(handle) ?? '<unknown>';
    if (kind !== 1 || at < BODY) return undefined;
    // MS-FSCC §2.4.37, §2.4.11.
    if (level === FILE_RENAME)
      return {
        kind: 'rename',
        from: name,
        to: textAt(message, at + 20, littleWord32(message, at + 16)),
        handle: bytesOf(handle),
      };
    return level === FILE_DISPOSITION ? { kind: 'delete', name, handle: bytesOf(handle) } : undefined;
  }

  #useFile(message: Uint8Array, header: Header): void {
    const handle = handleAt(message, BODY + 16);
    if (this.#files.has(handle) || this.#files.size >= MAXIMUM_REMEMBERED) return;
    const share = this.#shares.get(header.treeId)?.path ?? '';
    const content = { kind: 'file', name: this.#names.get(handle) ?? '', share, handle: bytesOf(handle) } as const;
    this.#files.set(handle, { id: this.#nextId(), header, content });
  }

  #closeFile(handle: string, direction: Direction): void {
    const use = this.#files.get(handle);
    this.#files.delete(handle);
    if (use !== undefined) this.#tell({ ...use.header, id: use.id, content: use.content }, 0, direction);
  }

  #answer(message: Uint8Array, header: Header, key: string, direction: Direction): void {
    const status = littleWord32(message, STATUS);
    if (status === STATUS_PENDING) return;
    const transaction = this.#pending.answer(key, undefined)?.request;
    if (header.command === NEGOTIATE) this.#negotiated(message);
    if (transaction === undefined) {
      if (header.command === NEGOTIATE && this.#dialect !== MULTI_PROTOCOL) return;
      return;
    }
    const { content } = transaction;
    if (status === 0 && content?.kind === 'tree')
      transaction.content = this.#connected(message, header.treeId, content);
    if (status === 0 && content?.kind === 'create') transaction.content = this.#opened(message, content);
    if (content?.kind === 'negotiate')
      transaction.content = { ...content, serverGuid: message.slice(BODY + 8, BODY + 24) };
    const { sessionId, treeId } = header;
    this.#tell(
      { ...transaction, sessionId: sessionId === 0n ? transaction.sessionId : sessionId, treeId },
      status,
      direction,
    );
  }

  #negotiated(message: Uint8Array): void {
    this.#dialect = littleWord16(message, BODY + 4);
  }

  #connected(
    message: Uint8Array,
    treeId: number,
    content: Extract<SmbContent, { kind: 'tree' }>,
  ): Extract<SmbContent, { kind: 'tree' }> {
    const shareType = message[BODY + 2] ?? 0;
    if (this.#shares.size < MAXIMUM_REMEMBERED) this.#shares.set(treeId, { path: content.path, type: shareType });
    return { ...content, shareType };
  }

  /** §2.2.14: four times, size, attributes, the handle. */
  #opened(message: Uint8Array, content: Extract<SmbContent, { kind: 'create' }>): SmbContent {
    const handle = handleAt(message, BODY + 64);
    if (this.#names.size < MAXIMUM_REMEMBERED) this.#names.set(handle, content.name);
    const times = [8, 16, 24, 32].map((offset) => secondsAt(message, BODY + offset));
    return { ...content, times, size: Number(wideAt(message, BODY + 48)), handle: bytesOf(handle) };
  }

  #tell(
    { id, command, sessionId, treeId, content }: Transaction,
    status: number | undefined,
    direction: Direction,
  ): void {
    const detail: SmbDetail = {
      protocol: 'smb',
      id,
      version: 2,
      command,
      dialect: this.#dialect,
      status,
      dosError: undefined,
      sessionId,
      treeId,
      content,
    };
    this.#context.detail?.(direction, detail);
  }
}

/** §2.2.13: disposition, options, offset and length of the name. */
function createRequest(message: Uint8Array): SmbContent {
  const options = littleWord32(message, BODY + 40);
  return {
    kind: 'create',
    name: textAt(message, littleWord16(message, BODY + 44), littleWord16(message, BODY + 46)),
    isDirectory: (options & 1) !== 0,
    disposition: littleWord32(message, BODY + 36),
    deletesOnClose: (options & 0x1000) !== 0,
    times: [0, 0, 0, 0],
    size: 0,
    handle: new Uint8Array(HANDLE_BYTES),
  };
}

/** @returns what EVE and people call a dialect of SMB 2 and 3 (MS-SMB2 §2.2.3) */
export function dialectName(dialect: number): string {
  const names: Readonly<Record<number, string>> = {
    514: '2.02',
    528: '2.10',
    546: '2.22',
    548: '2.24',
    767: '2.??',
    768: '3.00',
    770: '3.02',
    784: '3.10',
    785: '3.11',
  };
  return names[dialect] ?? String(dialect);
}

function textAt(message: Uint8Array, offset: number, length: number): string {
  const bytes = message.subarray(offset, offset + Math.min(length & ~1, MAXIMUM_NAME));
  return offset < BODY ? '' : Buffer.from(bytes).toString('utf16le');
}

function handleAt(message: Uint8Array, offset: number): string {
  return Buffer.from(message.subarray(offset, offset + HANDLE_BYTES)).toString('hex');
}

function bytesOf(handle: string): Uint8Array {
  return Uint8Array.from(Buffer.from(handle, 'hex'));
}

function wideAt(message: Uint8Array, offset: number): bigint {
  return offset + 8 > message.length
    ? 0n
    : new DataView(message.buffer, message.byteOffset, message.byteLength).getBigUint64(offset, true);
}

function secondsAt(message: Uint8Array, offset: number): number {
  const value = wideAt(message, offset);
  return value === 0n ? 0 : Number(value / UNITS_PER_SECOND) - EPOCH_SECONDS;
}
