import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { Direction, ParserContext, ProtocolRecord, StreamParser, StreamState } from '../protocol.ts';
import { findNtlmChallenge } from './ntlm.ts';

const SMB1 = 0xff;
const SMB2 = 0xfe;
const NEGOTIATE_1 = 0x72;
const SESSION_SETUP_1 = 0x73;
const NEGOTIATE_2 = 0;
const SESSION_SETUP_2 = 1;
const RESPONSE_FLAG_1 = 0x80;
const RESPONSE_FLAG_2 = 1;
const MORE_PROCESSING = 0xc0000016;
const GUEST_OR_NULL = 3;
const MESSAGE_HEADER_BYTES = 4;
const MAXIMUM_MESSAGE = 64 * 1024;
const DIALECT_NAMES: Readonly<Record<number, string>> = {
  514: 'SMB 2.0.2',
  528: 'SMB 2.1',
  768: 'SMB 3.0',
  770: 'SMB 3.0.2',
  785: 'SMB 3.1.1',
};
const MULTI_PROTOCOL = 0x02ff;

export interface SmbRecord extends ProtocolRecord {
  readonly protocol: 'smb';
  readonly activity: 'negotiate-request' | 'negotiate-response' | 'challenge' | 'session';
  /** Chosen by the server, or the lowest that the client offers. */
  readonly dialect: string;
  readonly signing: '' | 'required' | 'enabled' | 'disabled';
  readonly nativeOs: string;
  readonly computer: string;
  readonly domain: string;
  readonly isGuest: boolean;
}

const EMPTY = { dialect: '', signing: '', nativeOs: '', computer: '', domain: '', isGuest: false } as const;

/** SMB 1 (MS-CIFS §2.2), SMB 2 and 3 (MS-SMB2 §2.2): negotiation and session set-up; names of files are never taken. */
export class SmbParser implements StreamParser {
  readonly #context: ParserContext<SmbRecord>;
  readonly #buffers: Readonly<Record<Direction, ByteCollector>> = {
    'to-server': new ByteCollector(MESSAGE_HEADER_BYTES + MAXIMUM_MESSAGE),
    'to-client': new ByteCollector(MESSAGE_HEADER_BYTES + MAXIMUM_MESSAGE),
  };
  #isDone = false;

  constructor(context: ParserContext<SmbRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const buffer = this.#buffers[direction];
    for (let offset = 0; offset < bytes.length && !this.#isDone; ) {
      const part = bytes.subarray(offset, offset + MESSAGE_HEADER_BYTES + MAXIMUM_MESSAGE - buffer.length);
      offset += part.length;
      buffer.add(part);
      buffer.drop(this.#takeMessages(buffer.view(), direction));
    }
    return this.#isDone ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}

  /**
   * Direct TCP transport (MS-SMB2 §2.1): a zero byte and a length of three bytes, as NetBIOS sessions have.
   *
   * @returns bytes of the messages that were whole
   */
  #takeMessages(buffered: Uint8Array, direction: Direction): number {
    const cursor = new ByteCursor(buffered);
    let taken = 0;
    while (cursor.remaining >= MESSAGE_HEADER_BYTES && !this.#isDone) {
      const type = cursor.uint8();
      const length = cursor.uint24();
      if (length > MAXIMUM_MESSAGE) this.#isDone = true;
      if (this.#isDone || cursor.remaining < length) break;
      const message = cursor.slice(length);
      taken = cursor.offset;
      if (type === 0) this.#message(message, direction);
    }
    return taken;
  }

  #message(message: Uint8Array, direction: Direction): void {
    if (message[0] === SMB1) this.#smb1(message, direction);
    else if (message[0] === SMB2) this.#smb2(message, direction);
    else this.#isDone = true;
  }

  #smb1(message: Uint8Array, direction: Direction): void {
    const command = message[4];
    const isResponse = ((message[9] ?? 0) & RESPONSE_FLAG_1) !== 0;
    if (command === NEGOTIATE_1 && !isResponse) this.#negotiateRequest1(message, direction);
    else if (command === NEGOTIATE_1) {
      const mode = message[35] ?? 0;
      const signing = (mode & 8) !== 0 ? 'required' : (mode & 4) !== 0 ? 'enabled' : 'disabled';
      this.#emit(direction, { activity: 'negotiate-response', dialect: 'SMB 1', signing });
    } else if (command === SESSION_SETUP_1 && isResponse) this.#sessionSetup1(message, direction);
  }

  /** MS-CIFS §2.2.4.52.1: dialects are texts, each behind a byte 2. */
  #negotiateRequest1(message: Uint8Array, direction: Direction): void {
    const dialects = latin1(message, 35)
      .split('\x02')
      .map((name) => name.replace(/\0[\s\S]*/, ''));
    const offersOld = dialects.some((name) => /^(NT LM|LANMAN|LM1|PC NETWORK|MICROSOFT)/i.test(name));
    const dialect = offersOld ? 'SMB 1' : dialects.some((name) => name.startsWith('SMB 2')) ? 'SMB 2.0.2' : '';
    this.#emit(direction, { activity: 'negotiate-request', dialect });
  }

  #sessionSetup1(message: Uint8Array, direction: Direction): void {
    const challenge = findNtlmChallenge(message);
    const status = new ByteCursor(message, 5).uint32(true);
    if (challenge !== undefined) this.#challenge(challenge, direction);
    if (status !== 0) return;
    const action = new ByteCursor(message, 37).uint16(true);
    const text = Buffer.from(message.subarray(41)).toString('utf16le');
    const nativeOs = cleanText(/(Windows|Unix|Samba)[\x20-\x7e]{0,60}/.exec(text)?.[0] ?? '', 80);
    this.#emit(direction, { activity: 'session', nativeOs, isGuest: (action & 1) !== 0 });
    this.#isDone = true;
  }

  #smb2(message: Uint8Array, direction: Direction): void {
    const header = new ByteCursor(message, 8);
    const status = header.uint32(true);
    const command = header.uint16(true);
    header.skip(2);
    const isResponse = (header.uint32(true) & RESPONSE_FLAG_2) !== 0;
    if (command === NEGOTIATE_2 && !isResponse) this.#negotiateRequest2(message, direction);
    else if (command === NEGOTIATE_2) this.#negotiateResponse2(message, direction);
    else if (command === SESSION_SETUP_2 && isResponse) {
      const challenge = status === MORE_PROCESSING ? findNtlmChallenge(message) : undefined;
      if (challenge !== undefined) this.#challenge(challenge, direction);
      if (status !== 0) return;
      const flags = new ByteCursor(message, 66).uint16(true);
      this.#emit(direction, { activity: 'session', isGuest: (flags & GUEST_OR_NULL) !== 0 });
      this.#isDone = true;
    } else if (command > SESSION_SETUP_2 && direction === 'to-server') this.#isDone = true;
  }

  #negotiateRequest2(message: Uint8Array, direction: Direction): void {
    const cursor = new ByteCursor(message, 66);
    const count = cursor.uint16(true);
    cursor.offset = Math.min(message.length, 100);
    const dialects: number[] = [];
    for (let index = 0; index < Math.min(count, 16); index++) dialects.push(cursor.uint16(true));
    const lowest = Math.min(...dialects.filter((dialect) => DIALECT_NAMES[dialect] !== undefined));
    this.#emit(direction, { activity: 'negotiate-request', dialect: DIALECT_NAMES[lowest] ?? '' });
  }

  #negotiateResponse2(message: Uint8Array, direction: Direction): void {
    const cursor = new ByteCursor(message, 66);
    const mode = cursor.uint16(true);
    const dialect = cursor.uint16(true);
    // The answer to an SMB 1 negotiation that leads to SMB 2: the real one follows.
    if (dialect === MULTI_PROTOCOL) return;
    const signing = (mode & 2) !== 0 ? 'required' : (mode & 1) !== 0 ? 'enabled' : 'disabled';
    this.#emit(direction, { activity: 'negotiate-response', dialect: DIALECT_NAMES[dialect] ?? '', signing });
  }

  #challenge(challenge: { computer: string; domain: string; version: string }, direction: Direction): void {
    const { computer, domain, version } = challenge;
    this.#emit(direction, {
      activity: 'challenge',
      computer,
      domain,
      nativeOs: version === '' ? '' : `Windows ${version}`,
    });
  }

  #emit(direction: Direction, fields: Partial<SmbRecord> & Pick<SmbRecord, 'activity'>): void {
    this.#context.emit({ protocol: 'smb', ...EMPTY, ...fields }, direction);
  }
}
