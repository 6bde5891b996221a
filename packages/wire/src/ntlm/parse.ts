import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { findNtlmChallenge, NTLM_SIGNATURE } from './message.ts';
import type { NtlmCarrier, NtlmRecord } from './types.ts';

const NEGOTIATE = 1;
const CHALLENGE = 2;
const AUTHENTICATE = 3;
/** NTLMSSP_NEGOTIATE_UNICODE, _VERSION (MS-NLMP §2.2.2.5). */
const IS_UNICODE = 1;
const HAS_VERSION = 0x02000000;
/** Length of the response of version 1 (§2.2.2.6); that of version 2 is longer. */
const RESPONSE_1_BYTES = 24;
const MAXIMUM_NAME = 100;
/** Longer values are no tokens of NTLM. */
const TOKEN = /^\s*(?:NTLM|Negotiate)\s+([A-Za-z0-9+/=]{16,16384})\s*$/i;

/** Where the parts of a message lie: fields of length and place, flags, version (§2.2.1.1, §2.2.1.3). */
const NEGOTIATE_PARTS = { flags: 12, version: 32 } as const;
const AUTHENTICATE_PARTS = { response: 20, domain: 28, user: 36, computer: 44, flags: 60, version: 64 } as const;

/**
 * Tells a message of NTLM, wherever it lies in what carries it.
 *
 * @param bytes of a security blob, or of a message with one in it
 */
export function tellNtlm(
  bytes: Uint8Array,
  carrier: NtlmCarrier,
  direction: Direction,
  context: Pick<ParserContext, 'emit'>,
): void {
  const record = readNtlm(bytes, carrier);
  if (record !== undefined) context.emit(record, direction);
}

/** Tells a message of NTLM in a field of HTTP (MS-NTHT §2.2). @param value of `Authorization` or `WWW-Authenticate` */
export function tellNtlmOfField(
  value: string | undefined,
  direction: Direction,
  context: Pick<ParserContext, 'emit'>,
): void {
  const token = value === undefined ? undefined : TOKEN.exec(value)?.[1];
  if (token !== undefined) tellNtlm(Buffer.from(token, 'base64'), 'http', direction, context);
}

/** @returns undefined where there is none */
export function readNtlm(bytes: Uint8Array, carrier: NtlmCarrier): NtlmRecord | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(NTLM_SIGNATURE);
  if (start < 0) return undefined;
  const message = bytes.subarray(start);
  const silent = { computer: '', domain: '', version: '', isAnonymous: false, isVersion1: false } as const;
  const common = { protocol: 'ntlm', carrier, ...silent } as const;
  switch (numberAt(message, 8)) {
    case NEGOTIATE: {
      const flags = numberAt(message, NEGOTIATE_PARTS.flags);
      return { ...common, activity: 'negotiate', version: versionAt(message, NEGOTIATE_PARTS.version, flags) };
    }
    case CHALLENGE:
      return { ...common, activity: 'challenge', ...findNtlmChallenge(message) };
    case AUTHENTICATE:
      return { ...common, activity: 'authenticate', ...readAuthenticate(message) };
    default:
      return undefined;
  }
}

function readAuthenticate(message: Uint8Array) {
  const { response, domain, user, computer, flags: flagsAt, version } = AUTHENTICATE_PARTS;
  const flags = numberAt(message, flagsAt);
  const encoding = (flags & IS_UNICODE) !== 0 ? 'utf16le' : 'latin1';
  const text = (at: number) => {
    const length = Math.min(lengthAt(message, at), 2 * MAXIMUM_NAME);
    const offset = numberAt(message, at + 4);
    return cleanText(Buffer.from(message.subarray(offset, offset + length)).toString(encoding), MAXIMUM_NAME);
  };
  const isAnonymous = lengthAt(message, user) === 0;
  return {
    computer: text(computer),
    domain: text(domain),
    version: versionAt(message, version, flags),
    isAnonymous,
    isVersion1: !isAnonymous && lengthAt(message, response) === RESPONSE_1_BYTES,
  };
}

function versionAt(message: Uint8Array, offset: number, flags: number): string {
  const cursor = new ByteCursor(message, offset);
  const text = `${cursor.uint8()}.${cursor.uint8()}.${cursor.uint16(true)}`;
  return (flags & HAS_VERSION) === 0 || cursor.isBroken ? '' : text;
}

function lengthAt(message: Uint8Array, offset: number): number {
  return new ByteCursor(message, offset).uint16(true);
}

function numberAt(message: Uint8Array, offset: number): number {
  return new ByteCursor(message, offset).uint32(true);
}
