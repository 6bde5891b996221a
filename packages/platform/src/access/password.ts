import { argon2, type BinaryLike, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SphinxError } from '../errors.ts';

const deriveKey = promisify(argon2);

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB of memory, 2 passes, 1 lane. RFC 9106 names the parameters. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Argon2 version 1.3 (RFC 9106 §3.1), as it stands in the encoded form. */
const VERSION = 19;

/** NIST SP 800-63B-4 §3.1.1.2 asks for length, not for kinds of characters. */
export const PASSWORD_MINIMUM_LENGTH = 12;
export const PASSWORD_MAXIMUM_LENGTH = 256;

/**
 * @returns Argon2id hash in the PHC string format
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await argon2id(password, salt, PARAMETERS, TAG_BYTES);
  const { memory, passes, parallelism } = PARAMETERS;
  return `$argon2id$v=${VERSION}$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`;
}

/** Takes as long for a wrong password as for a right one. */
export async function isPasswordOf(password: string, encoded: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(encoded);
  if (match === null) return false;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const expected = Buffer.from(tag, 'base64');
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const actual = await argon2id(password, Buffer.from(salt, 'base64'), parameters, expected.length);
  return timingSafeEqual(actual, expected);
}

/**
 * @throws SphinxError SPX_INVALID_INPUT that says what the password lacks
 */
export function requireGoodPassword(password: string, username: string): void {
  const problem = problemOf(password, username);
  if (problem !== undefined) throw new SphinxError('SPX_INVALID_INPUT', problem);
}

function problemOf(password: string, username: string): string | undefined {
  if (password.length < PASSWORD_MINIMUM_LENGTH) {
    return `Use a password of at least ${PASSWORD_MINIMUM_LENGTH} characters; a sentence is easy to remember.`;
  }
  if (password.length > PASSWORD_MAXIMUM_LENGTH) {
    return `Use a password of at most ${PASSWORD_MAXIMUM_LENGTH} characters.`;
  }
  if (password.toLowerCase().includes(username.toLowerCase())) return 'Use a password without your user name in it.';
  if (new Set(password).size < 5) return 'Use a password of more than a few different characters.';
  return undefined;
}

function argon2id(
  password: string,
  salt: BinaryLike,
  parameters: { memory: number; passes: number; parallelism: number },
  tagLength: number,
): Promise<Buffer> {
  // The same characters can be typed in several encodings: NFC makes them one (NIST SP 800-63B-4 §3.1.1.2).
  const message = Buffer.from(password.normalize('NFC'), 'utf8');
  return deriveKey('argon2id', { message, nonce: Buffer.from(salt as Uint8Array), tagLength, ...parameters });
}

/** Base64 without padding, as the PHC string format has it. */
function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
