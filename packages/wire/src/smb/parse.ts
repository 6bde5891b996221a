import { ByteCursor } from '../bytes/byte-cursor.ts';
import { littleWord32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { MessageReader } from '../framed-room.ts';
import { findNtlmChallenge } from '../ntlm/message.ts';
import { tellNtlm } from '../ntlm/parse.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { SmbAccessReader } from './access.ts';
import { Smb1AccessReader } from './access1.ts';
import { followFiles1 } from './files1.ts';
import { followFiles2 } from './files2.ts';
import { SmbFrames } from './frames.ts';
import { SmbLog } from './log.ts';
import { OpenFiles } from './open-files.ts';
import type { SmbRecord, SmbSession } from './types.ts';
import { SmbViews } from './views.ts';

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
const MAXIMUM_COMPOUND = 16;
const HEADER_BYTES_2 = 64;
const NEXT_COMMAND = 20;
const DIALECT_NAMES: Readonly<Record<number, string>> = {
  514: 'SMB 2.0.2',
  528: 'SMB 2.1',
  768: 'SMB 3.0',
  770: 'SMB 3.0.2',
  785: 'SMB 3.1.1',
};
const MULTI_PROTOCOL = 0x02ff;

/** MS-CIFS §2.2.4.52.2: an index of 0xFFFF says that none of the dialects is spoken. */
const NO_DIALECT_BYTE = 0xff;
const EMPTY = { dialect: '', signing: '', nativeOs: '', computer: '', domain: '', isGuest: false } as const;

/** SMB 1 (MS-CIFS §2.2), 2 and 3 (MS-SMB2 §2.2): opening of a session, and what is done behind it. */
export class SmbReader implements MessageReader<SmbRecord> {
  readonly #access = new SmbAccessReader();
  #access1: Smb1AccessReader | undefined;
  readonly #views = new SmbViews();
  #files: OpenFiles | undefined;
  /** Where rules look at messages as they were on the wire. */
  #frames: SmbFrames | undefined;
  #log: SmbLog | undefined;

  /** @param frame with the four bytes of the transport in front (MS-SMB2 §2.1, RFC 1002 §4.3.1) */
  message(frame: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): boolean {
    if (context.frame !== undefined) this.#frames ??= new SmbFrames(context.frame);
    this.#frames?.message(frame, direction);
    if (frame[0] !== 0) return true;
    const message = frame.subarray(MESSAGE_HEADER_BYTES);
    if (context.inspect !== undefined) this.#views.message(message, direction, context);
    if (context.files !== undefined) this.#files ??= new OpenFiles(context.files);
    if (context.detail !== undefined) this.#log ??= new SmbLog(context as ParserContext);
    const calls = this.#log?.callsOf(context) ?? context;
    if (message[0] === SMB1) this.#smb1(message, direction, context, calls);
    else if (message[0] === SMB2) this.#compound(message, direction, context, calls);
    // What is encrypted (SMB 3) or compressed tells nothing.
    else return false;
    return true;
  }

  wantsRest(direction: Direction): boolean {
    return this.#files?.wantsRest(direction) === true || this.#frames?.wantsRest(direction) === true;
  }

  rest(bytes: Uint8Array, direction: Direction): void {
    this.#frames?.rest(bytes, direction);
    this.#files?.rest(bytes, direction);
  }

  lostRest(length: number, direction: Direction): void {
    this.#frames?.lose(direction);
    this.#files?.lostRest(length, direction);
  }

  lost(direction: Direction): void {
    this.#frames?.lose(direction);
    this.#files?.lost();
    this.#access.lost(direction);
    this.#access1?.lost(direction);
  }

  end(context: ParserContext<SmbRecord>): void {
    const calls = this.#log?.callsOf(context) ?? context;
    this.#files?.end();
    this.#access.end(calls);
    this.#access1?.end(calls);
    this.#log?.end();
  }

  /** Several messages one behind the other (MS-SMB2 §3.2.4.1.4). */
  #compound(
    message: Uint8Array,
    direction: Direction,
    context: ParserContext<SmbRecord>,
    calls: ParserContext<SmbRecord>,
  ): void {
    let rest = message;
    for (let count = 0; count < MAXIMUM_COMPOUND && rest[0] === SMB2 && rest.length >= HEADER_BYTES_2; count++) {
      const next = littleWord32(rest, NEXT_COMMAND);
      const one = next === 0 ? rest : rest.subarray(0, next);
      this.#log?.begin(one);
      this.#smb2(one, direction, context, calls);
      // Behind files that end with it: they belong to what is told.
      this.#log?.smb2(one, direction);
      if (next < HEADER_BYTES_2) return;
      rest = rest.subarray(next);
    }
  }

  #smb1(
    message: Uint8Array,
    direction: Direction,
    context: ParserContext<SmbRecord>,
    calls: ParserContext<SmbRecord>,
  ): void {
    this.#log?.smb1(message, direction);
    const command = message[4];
    if (command === SESSION_SETUP_1) tellNtlm(message, 'smb', direction, context as ParserContext);
    const isResponse = ((message[9] ?? 0) & RESPONSE_FLAG_1) !== 0;
    if (command === NEGOTIATE_1 && !isResponse) this.#negotiateRequest1(message, direction, context);
    else if (command === NEGOTIATE_1) {
      if (((message[33] ?? 0) & (message[34] ?? 0)) === NO_DIALECT_BYTE) return;
      const mode = message[35] ?? 0;
      const signing = (mode & 8) !== 0 ? 'required' : (mode & 4) !== 0 ? 'enabled' : 'disabled';
      this.#emit(context, direction, { activity: 'negotiate-response', dialect: 'SMB 1', signing });
    } else if (command === SESSION_SETUP_1 && isResponse) this.#sessionSetup1(message, direction, context);
    else if (this.#files !== undefined) followFiles1(message, this.#files);
    this.#access1 ??= new Smb1AccessReader();
    this.#access1.message(message, direction, calls);
  }

  /** MS-CIFS §2.2.4.52.1: dialects are texts, each behind a byte 2. */
  #negotiateRequest1(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    const dialects = latin1(message, 35)
      .split('\x02')
      .map((name) => name.replace(/\0[\s\S]*/, ''));
    const offersOld = dialects.some((name) => /^(NT LM|LANMAN|LM1|PC NETWORK|MICROSOFT)/i.test(name));
    const dialect = offersOld ? 'SMB 1' : dialects.some((name) => name.startsWith('SMB 2')) ? 'SMB 2.0.2' : '';
    this.#emit(context, direction, { activity: 'negotiate-request', dialect });
  }

  #sessionSetup1(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    const challenge = findNtlmChallenge(message);
    const status = new ByteCursor(message, 5).uint32(true);
    if (challenge !== undefined) this.#challenge(challenge, direction, context);
    if (status !== 0) return;
    const action = new ByteCursor(message, 37).uint16(true);
    const text = Buffer.from(message.subarray(41)).toString('utf16le');
    const nativeOs = cleanText(/(Windows|Unix|Samba)[\x20-\x7e]{0,60}/.exec(text)?.[0] ?? '', 80);
    this.#emit(context, direction, { activity: 'session', nativeOs, isGuest: (action & 1) !== 0 });
  }

  #smb2(
    message: Uint8Array,
    direction: Direction,
    context: ParserContext<SmbRecord>,
    calls: ParserContext<SmbRecord>,
  ): void {
    const header = new ByteCursor(message, 8);
    const status = header.uint32(true);
    const command = header.uint16(true);
    header.skip(2);
    const isResponse = (header.uint32(true) & RESPONSE_FLAG_2) !== 0;
    if (command === SESSION_SETUP_2) tellNtlm(message, 'smb', direction, context as ParserContext);
    if (command === NEGOTIATE_2 && !isResponse) this.#negotiateRequest2(message, direction, context);
    else if (command === NEGOTIATE_2) this.#negotiateResponse2(message, direction, context);
    else if (command === SESSION_SETUP_2 && isResponse) {
      const challenge = status === MORE_PROCESSING ? findNtlmChallenge(message) : undefined;
      if (challenge !== undefined) this.#challenge(challenge, direction, context);
      if (status !== 0) return;
      const flags = new ByteCursor(message, 66).uint16(true);
      this.#emit(context, direction, { activity: 'session', isGuest: (flags & GUEST_OR_NULL) !== 0 });
    } else if (command > SESSION_SETUP_2) {
      const kind = this.#access.message(message, isResponse, direction, calls);
      if (this.#files !== undefined && kind !== 'pipe' && kind !== 'printer') {
        followFiles2(message, isResponse, this.#files, direction);
      }
    }
  }

  #negotiateRequest2(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    const cursor = new ByteCursor(message, 66);
    const count = cursor.uint16(true);
    cursor.offset = Math.min(message.length, 100);
    const dialects: number[] = [];
    for (let index = 0; index < Math.min(count, 16); index++) dialects.push(cursor.uint16(true));
    const lowest = Math.min(...dialects.filter((dialect) => DIALECT_NAMES[dialect] !== undefined));
    this.#emit(context, direction, { activity: 'negotiate-request', dialect: DIALECT_NAMES[lowest] ?? '' });
  }

  #negotiateResponse2(message: Uint8Array, direction: Direction, context: ParserContext<SmbRecord>): void {
    const cursor = new ByteCursor(message, 66);
    const mode = cursor.uint16(true);
    const dialect = cursor.uint16(true);
    // The answer to an SMB 1 negotiation that leads to SMB 2: the real one follows.
    if (dialect === MULTI_PROTOCOL) return;
    const signing = (mode & 2) !== 0 ? 'required' : (mode & 1) !== 0 ? 'enabled' : 'disabled';
    this.#emit(context, direction, { activity: 'negotiate-response', dialect: DIALECT_NAMES[dialect] ?? '', signing });
  }

  #challenge(
    challenge: { computer: string; domain: string; version: string },
    direction: Direction,
    context: ParserContext<SmbRecord>,
  ): void {
    const { computer, domain, version } = challenge;
    this.#emit(context, direction, {
      activity: 'challenge',
      computer,
      domain,
      // Samba tells 6.1 without a build number (MS-NLMP §2.2.2.10): no Windows has none.
      nativeOs: version === '' || version.endsWith('.0') ? '' : `Windows ${version}`,
    });
  }

  #emit(
    context: ParserContext<SmbRecord>,
    direction: Direction,
    fields: Partial<SmbSession> & Pick<SmbSession, 'activity'>,
  ): void {
    context.emit({ protocol: 'smb', ...EMPTY, ...fields }, direction);
  }
}
