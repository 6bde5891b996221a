import { ber, berInteger, TAG } from '@sphinx/probes/messages';
import { type Check, type CheckAnswer, failed, good, NOBODY, SILENT } from '../check.ts';

/** RFC 4511 §4.2 and §4.3: tags of the application. */
const BIND_REQUEST = 0x60;
const BIND_RESPONSE = 0x61;
const UNBIND_REQUEST = 0x42;
const SIMPLE = 0x80;
const VERSION = 3;
/** RFC 4511 appendix A. */
const CODES: Readonly<Record<number, string>> = {
  2: 'protocol error',
  8: 'it asks for a stronger way to sign in',
  13: 'it asks for encryption first',
  48: 'anonymous sign-in is not allowed',
  49: 'name or password is wrong',
  51: 'it is busy',
  52: 'it is unavailable',
  53: 'it is unwilling',
};
/** Who is not let in this way was answered by a directory that works. */
const WORKING_REFUSALS = [8, 13, 48];

/** Signs in, as nobody or as somebody, and out again. */
export const ldapBind: Check = async (context) => {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const name = String(context.parameters.bindName);
  const password = name === '' ? '' : (context.secret ?? '');
  stream.send(bindRequest(name, password), 'LDAP bind', password !== '');
  const bytes = await stream.receive((so) => readBindCode(so) !== undefined, context.left());
  stream.send(ber(TAG.sequence, berInteger(2), ber(UNBIND_REQUEST)), 'LDAP unbind');
  stream.close();
  if (bytes.length === 0) return SILENT;
  return judge(readBindCode(bytes), name === '');
};

export function bindRequest(name: string, password: string): Buffer {
  const body = ber(
    BIND_REQUEST,
    berInteger(VERSION),
    ber(TAG.octets, Buffer.from(name)),
    ber(SIMPLE, Buffer.from(password)),
  );
  return ber(TAG.sequence, berInteger(1), body);
}

/** @returns `resultCode` of a bind response; undefined while it is not whole; never throws on hostile bytes */
export function readBindCode(bytes: Buffer): number | undefined {
  const message = inside(bytes, 0, TAG.sequence);
  if (message === undefined) return undefined;
  const id = inside(bytes, message.start, TAG.integer);
  const response = id === undefined ? undefined : inside(bytes, id.end, BIND_RESPONSE);
  if (response === undefined) return undefined;
  const ENUMERATED = 0x0a;
  const code = inside(bytes, response.start, ENUMERATED);
  return code === undefined ? undefined : bytes[code.end - 1];
}

/** One element of BER with a length of at most four bytes (X.690 §8.1.3). */
function inside(bytes: Buffer, at: number, tag: number): { start: number; end: number } | undefined {
  if (bytes[at] !== tag || at + 2 > bytes.length) return undefined;
  const first = bytes[at + 1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) return undefined;
  const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
  const start = at + 2 + count;
  return start + length > bytes.length ? undefined : { start, end: start + length };
}

function judge(code: number | undefined, isAnonymous: boolean): CheckAnswer {
  if (code === undefined) return failed('It answers, but not in LDAP.');
  if (code === 0) return good(isAnonymous ? 'It answers a sign-in without a name.' : 'It lets the name sign in.');
  const reason = CODES[code] ?? `code ${code}`;
  if (isAnonymous && WORKING_REFUSALS.includes(code)) return good(`It is there: ${reason}.`);
  return failed(`It does not let in: ${reason}.`);
}
