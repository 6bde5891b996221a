import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { fragmentLength } from '../dcerpc/parse.ts';
import { RpcViews } from '../dcerpc/views.ts';
import { findNtlmUser } from '../ntlm/message.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView, type ViewText } from '../transaction-view.ts';

const SMB1 = 0xff;
/** MS-CIFS §2.2.3.1: header, then number of words, words, number of bytes, bytes. */
const HEADER_BYTES_1 = 32;
const WORDS = HEADER_BYTES_1 + 1;
const IS_RESPONSE = 0x80;
const IS_UNICODE = 0x80;
/** Commands (§2.2.2.1). */
const TRANSACTION = 0x25;
const READ = 0x2e;
const WRITE = 0x2f;
const NEGOTIATE = 0x72;
const SESSION_SETUP_1 = 0x73;
const TREE_CONNECT = 0x75;
const SESSION_SETUP_2 = 1;
/** The answer will come later (MS-SMB2 §3.3.4.2). */
const STATUS_PENDING = 0x103;
/** Where the words of a command name length and offset of its data, from the first word. */
const REQUEST_DATA: Readonly<Record<number, readonly [number, number]>> = {
  [TRANSACTION]: [22, 24],
  [WRITE]: [20, 22],
};
const ANSWER_DATA: Readonly<Record<number, readonly [number, number]>> = { [TRANSACTION]: [12, 14], [READ]: [10, 12] };

/**
 * What rules see of SMB messages: generation, who logs in (MS-NLMP §2.2.1.3), and of SMB 1 the shares and the calls over its
 * pipes; those of SMB 2 and 3 are shown where they are read.
 */
export class SmbViews {
  #calls: RpcViews | undefined;
  /** A negotiation in SMB 1 that SMB 2 may answer (MS-SMB2 §3.3.5.3.1): its answer belongs to SMB 1. */
  #isNegotiating = false;

  message(message: Uint8Array, direction: Direction, context: ParserContext): void {
    const isOld = message[0] === SMB1;
    if (!isOld && littleWord32(message, 8) === STATUS_PENDING) return;
    const isAnswer = isOld ? isResponse(message) : ((message[16] ?? 0) & 1) !== 0;
    const version = isOld || (isAnswer && this.#isNegotiating) ? 1 : 2;
    this.#isNegotiating = isOld && !isAnswer && message[4] === NEGOTIATE;
    const isSetUp = isOld ? message[4] === SESSION_SETUP_1 : littleWord16(message, 12) === SESSION_SETUP_2;
    const user = isSetUp ? findNtlmUser(message) : undefined;
    const share = isOld && message[4] === TREE_CONNECT && !isAnswer ? treeView(sharePath(message)) : {};
    const login = user === undefined ? {} : { 'smb.ntlmssp_user': user.name, 'smb.ntlmssp_domain': user.domain };
    context.inspect?.(direction, transactionView('smb', { ...login, ...share }, { 'smb.version': version }));
    if (isOld) this.#pipe(message, direction, context);
  }

  #pipe(message: Uint8Array, direction: Direction, context: ParserContext): void {
    const places = (isResponse(message) ? ANSWER_DATA : REQUEST_DATA)[message[4] ?? 0];
    if (places === undefined || (message[HEADER_BYTES_1] ?? 0) * 2 < places[1] + 2) return;
    const start = littleWord16(message, WORDS + places[1]);
    const pdu = message.subarray(start, start + littleWord16(message, WORDS + places[0]));
    if (start < WORDS || fragmentLength(pdu) === undefined) return;
    this.#calls ??= new RpcViews('smb', (...view) => context.inspect?.(...view));
    this.#calls.pdu(pdu, direction);
  }
}

/** @param path `\\server\share`: that of pipes is `IPC$` (MS-SMB2 §2.2.9) */
export function treeView(path: string): ViewText {
  return /(^|\\)IPC\$$/i.test(path) ? { 'smb.named_pipe': path } : { 'smb.share': path };
}

function isResponse(message: Uint8Array): boolean {
  return ((message[9] ?? 0) & IS_RESPONSE) !== 0;
}

/** §2.2.4.55.1: a password, then the path, on an even place where it is UTF-16. */
function sharePath(message: Uint8Array): string {
  const bytesStart = WORDS + (message[HEADER_BYTES_1] ?? 0) * 2 + 2;
  const start = bytesStart + littleWord16(message, WORDS + 6);
  if ((message[11] ?? 0) < IS_UNICODE) {
    const end = message.indexOf(0, start);
    return Buffer.from(message.subarray(start, end < 0 ? message.length : end)).toString('latin1');
  }
  const even = start + (start % 2);
  let end = even;
  while (end + 1 < message.length && littleWord16(message, end) !== 0) end += 2;
  return Buffer.from(message.subarray(even, end)).toString('utf16le');
}
