import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import type { SmbLogin } from '../smb/detail.ts';

export const NTLM_SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const CHALLENGE = 2;
const TARGET_INFO_OFFSET = 40;
const VERSION_OFFSET = 48;
const VERSION_FLAG = 0x02000000;
const COMPUTER_NAME = 1;
const DOMAIN_NAME = 2;
const DNS_COMPUTER_NAME = 3;

/** What a server tells about itself in an NTLM challenge. */
export interface NtlmChallenge {
  readonly computer: string;
  readonly domain: string;
  /** Windows version, for example `10.0.17763`. */
  readonly version: string;
}

/** CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2), wherever it lies in a security blob. */
export function findNtlmChallenge(bytes: Uint8Array): NtlmChallenge | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(NTLM_SIGNATURE);
  if (start < 0) return undefined;
  const message = bytes.subarray(start);
  const cursor = new ByteCursor(message, 8);
  if (cursor.uint32(true) !== CHALLENGE) return undefined;
  const flags = new ByteCursor(message, 20).uint32(true);
  const fields = new ByteCursor(message, TARGET_INFO_OFFSET);
  const length = fields.uint16(true);
  fields.skip(2);
  const names = readTargetInfo(new ByteCursor(message, fields.uint32(true)), length);
  const version = new ByteCursor(message, VERSION_OFFSET);
  const hasVersion = (flags & VERSION_FLAG) !== 0 && message.length >= VERSION_OFFSET + 4;
  return {
    computer: names.get(DNS_COMPUTER_NAME) ?? names.get(COMPUTER_NAME) ?? '',
    domain: names.get(DOMAIN_NAME) ?? '',
    version: hasVersion ? `${version.uint8()}.${version.uint8()}.${version.uint16(true)}` : '',
  };
}

/** AV_PAIR list (MS-NLMP §2.2.2.1). */
function readTargetInfo(cursor: ByteCursor, length: number): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const list = cursor.nested(length);
  for (let count = 0; count < 16 && list.remaining >= 4; count++) {
    const id = list.uint16(true);
    const value = list.slice(list.uint16(true));
    if (id === 0) break;
    names.set(id, cleanText(Buffer.from(value).toString('utf16le'), 100));
  }
  return names;
}

const AUTHENTICATE = 3;
const IS_UNICODE = 1;
const DOMAIN_FIELDS = 28;
const USER_FIELDS = 36;
const FLAGS = 60;

/** AUTHENTICATE_MESSAGE (MS-NLMP §2.2.1.3): who logs in. Shown to rules, never recorded. */
export function findNtlmUser(bytes: Uint8Array): { readonly name: string; readonly domain: string } | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(NTLM_SIGNATURE);
  if (start < 0) return undefined;
  const message = bytes.subarray(start);
  if (new ByteCursor(message, 8).uint32(true) !== AUTHENTICATE) return undefined;
  const encoding = (new ByteCursor(message, FLAGS).uint32(true) & IS_UNICODE) !== 0 ? 'utf16le' : 'latin1';
  const text = (fields: number) => {
    const cursor = new ByteCursor(message, fields);
    const length = cursor.uint16(true);
    cursor.skip(2);
    const offset = cursor.uint32(true);
    return Buffer.from(message.subarray(offset, offset + length)).toString(encoding);
  };
  return { name: text(USER_FIELDS), domain: text(DOMAIN_FIELDS) };
}

const HOST_FIELDS = 44;
const AUTHENTICATE_VERSION = 64;

/** AUTHENTICATE_MESSAGE (MS-NLMP §2.2.1.3) with all that a log tells of it: never recorded. */
export function findNtlmLogin(bytes: Uint8Array): SmbLogin | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(NTLM_SIGNATURE);
  if (start < 0) return undefined;
  const message = bytes.subarray(start);
  if (new ByteCursor(message, 8).uint32(true) !== AUTHENTICATE) return undefined;
  const flags = new ByteCursor(message, FLAGS).uint32(true);
  const encoding = (flags & IS_UNICODE) !== 0 ? 'utf16le' : 'latin1';
  const text = (fields: number) => {
    const cursor = new ByteCursor(message, fields);
    const length = cursor.uint16(true);
    cursor.skip(2);
    const offset = cursor.uint32(true);
    return Buffer.from(message.subarray(offset, offset + length)).toString(encoding);
  };
  const version = new ByteCursor(message, AUTHENTICATE_VERSION);
  const [major, minor, build] = [version.uint8(), version.uint8(), version.uint16(true)];
  version.skip(3);
  const hasVersion = (flags & VERSION_FLAG) !== 0 && !version.isBroken;
  return {
    domain: text(DOMAIN_FIELDS),
    user: text(USER_FIELDS),
    host: text(HOST_FIELDS),
    version: hasVersion ? `${major}.${minor} build ${build} rev ${version.uint8()}` : '',
  };
}
