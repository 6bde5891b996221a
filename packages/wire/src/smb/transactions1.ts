import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { findNtlmLogin } from '../ntlm/message.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { SmbContent, SmbDetail, SmbEnd } from './detail.ts';

/** MS-CIFS §2.2.3.1: header, then number of words, words, number of bytes, bytes. */
const HEADER_BYTES = 32;
const COMMAND = 4;
const STATUS = 5;
const FLAGS = 9;
const IS_RESPONSE = 0x80;
const FLAGS_2 = 10;
const HAS_NT_STATUS = 0x4000;
const IS_UNICODE = 0x8000;
const TREE_ID = 24;
const USER_ID = 28;
const MULTIPLEX_ID = 30;
/** Commands (§2.2.2.1). */
const READ = 0x2e;
const WRITE = 0x2f;
const NEGOTIATE = 0x72;
const SESSION_SETUP = 0x73;
const TREE_CONNECT = 0x75;
const CREATE = 0xa2;
const IPC = 'IPC';
const PIPE = 2;
const MAXIMUM_DIALECTS = 32;
/** Before each dialect (§2.2.4.52.1). */
const DIALECT_MARK = 2;

interface Transaction {
  readonly id: number;
  readonly command: number;
  content: SmbContent | undefined;
}

/** Requests of SMB 1 with their answers, as a log tells them. */
export class Smb1Transactions {
  readonly #context: ParserContext;
  readonly #pending = new PendingRequests<Transaction>();
  #offered: readonly string[] = [];
  #dialect: string | undefined;

  readonly #nextId: () => number;

  /** @param nextId numbers the transactions of a connection */
  constructor(context: ParserContext, nextId: () => number) {
    this.#context = context;
    this.#nextId = nextId;
  }

  message(message: Uint8Array, direction: Direction): void {
    if (message.length < HEADER_BYTES) return;
    const command = message[COMMAND] ?? 0;
    const key = `${command} ${littleWord16(message, MULTIPLEX_ID)}`;
    if (((message[FLAGS] ?? 0) & IS_RESPONSE) !== 0) this.#answer(message, command, key, direction);
    else if (command !== READ && command !== WRITE) {
      const given = this.#pending.ask(
        key,
        { id: this.#nextId(), command, content: this.#contentOf(message, command) },
        undefined,
      );
      if (given !== undefined) this.#tell(given, undefined, direction);
    }
  }

  /** SMB 2 has answered a negotiation of SMB 1 (MS-SMB2 §3.3.5.3.1). */
  answeredBySmb2(direction: Direction): void {
    const asked = this.#pending.takeAll().filter(({ command }) => command === NEGOTIATE);
    for (const transaction of asked) this.#tell(transaction, undefined, direction);
  }

  end(): void {
    for (const transaction of this.#pending.takeAll()) this.#tell(transaction, undefined, 'to-server');
  }

  #contentOf(message: Uint8Array, command: number): SmbContent | undefined {
    const words = HEADER_BYTES + 1;
    const bytes = words + 2 * (message[HEADER_BYTES] ?? 0) + 2;
    switch (command) {
      case NEGOTIATE:
        this.#offered = textsOf(message, bytes, false)
          .map((name) => (name.charCodeAt(0) === DIALECT_MARK ? name.slice(1) : name))
          .slice(0, MAXIMUM_DIALECTS);
        return { kind: 'negotiate', dialects: this.#offered, serverGuid: undefined };
      case SESSION_SETUP:
        return { kind: 'session', login: findNtlmLogin(message), ends: endOf(message, 'client', words, bytes) };
      case TREE_CONNECT: {
        const start = bytes + littleWord16(message, words + 6);
        const [path = ''] = textsOf(message, start, isUnicode(message));
        const service = /([A-Z?:]{2,5})\0*$/.exec(Buffer.from(message.subarray(start)).toString('latin1'))?.[1] ?? '';
        return { kind: 'tree', path, shareType: path.toUpperCase().endsWith('IPC$') ? PIPE : 1, services: [service] };
      }
      case CREATE: {
        const [name = ''] = textsOf(message, bytes, isUnicode(message));
        const options = littleWord32(message, words + 39);
        const disposition = littleWord32(message, words + 35);
        const common = { times: [0, 0, 0, 0], size: 0, handle: new Uint8Array(2) };
        return {
          kind: 'create',
          name,
          isDirectory: (options & 1) !== 0,
          disposition,
          deletesOnClose: (options & 0x1000) !== 0,
          ...common,
        };
      }
      default:
        return undefined;
    }
  }

  #answer(message: Uint8Array, command: number, key: string, direction: Direction): void {
    const transaction = this.#pending.answer(key, undefined)?.request;
    if (transaction === undefined) return;
    const words = HEADER_BYTES + 1;
    const bytes = words + 2 * (message[HEADER_BYTES] ?? 0) + 2;
    const { content } = transaction;
    if (command === NEGOTIATE) this.#dialect = this.#offered[littleWord16(message, words)];
    if (content?.kind === 'session') {
      transaction.content = { ...content, ends: [...content.ends, ...endOf(message, 'server', words, bytes)] };
    }
    if (content?.kind === 'tree') {
      const service = Buffer.from(message.subarray(bytes, bytes + 8))
        .toString('latin1')
        .replace(/\0[\s\S]*/, '');
      const shareType = service === IPC ? PIPE : content.shareType;
      transaction.content = { ...content, shareType, services: [...content.services, service] };
    }
    if (content?.kind === 'create') transaction.content = { ...content, handle: message.slice(words + 5, words + 7) };
    this.#tell(transaction, message, direction);
  }

  #tell({ id, command, content }: Transaction, answer: Uint8Array | undefined, direction: Direction): void {
    const hasStatus = answer !== undefined && (littleWord16(answer, FLAGS_2) & HAS_NT_STATUS) !== 0;
    const isDos = answer !== undefined && !hasStatus;
    const detail: SmbDetail = {
      protocol: 'smb',
      id,
      version: 1,
      command,
      dialect: this.#dialect,
      status: hasStatus ? littleWord32(answer, STATUS) : undefined,
      dosError: isDos ? [answer[STATUS] ?? 0, littleWord16(answer, STATUS + 2)] : undefined,
      sessionId: BigInt(answer === undefined ? 0 : littleWord16(answer, USER_ID)),
      treeId: answer === undefined ? 0 : littleWord16(answer, TREE_ID),
      content,
    };
    this.#context.detail?.(direction, detail);
  }
}

function isUnicode(message: Uint8Array): boolean {
  return (littleWord16(message, FLAGS_2) & IS_UNICODE) !== 0;
}

/** §2.2.4.53, MS-SMB §2.2.4.6: behind a security blob or passwords, what the end runs. */
function endOf(message: Uint8Array, sentBy: SmbEnd['sentBy'], words: number, bytes: number): readonly SmbEnd[] {
  const count = message[HEADER_BYTES] ?? 0;
  const blob = count === 12 ? littleWord16(message, words + 14) : count === 4 ? littleWord16(message, words + 6) : -1;
  if (blob < 0) return [];
  const [system = '', manager = ''] = textsOf(message, bytes + blob, isUnicode(message));
  return [{ sentBy, system, manager }];
}

/** Texts that end with a zero, of UTF-16 on even places. */
function textsOf(message: Uint8Array, start: number, isWide: boolean): readonly string[] {
  if (!isWide) return Buffer.from(message.subarray(start)).toString('latin1').split('\0').slice(0, MAXIMUM_DIALECTS);
  const even = start + (start % 2);
  return Buffer.from(message.subarray(even)).toString('utf16le').split('\0').slice(0, MAXIMUM_DIALECTS);
}
