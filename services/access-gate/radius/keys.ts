import { createHash } from 'node:crypto';
import { ATTRIBUTES, type Attribute } from './packet.ts';

/** SMI number of Microsoft, and its keys of the session (RFC 2548 §2.4.2, §2.4.3). */
const MICROSOFT = 311;
const SESSION_KEYS = [16, 17];
const SALT_BYTES = 2;
const BLOCK_BYTES = 16;

/** Between whom a value is hidden: the secret that they share and the authenticator of the request (RFC 2548 §2.4.2). */
export interface Hiding {
  readonly secret: Uint8Array;
  readonly authenticator: Uint8Array;
}

/**
 * Hides the keys of a session, which one server hid for this one, for whoever asked this one. Attributes that hide nothing stay as
 * they are.
 */
export function hideKeysAnew(attribute: Attribute, from: Hiding, to: Hiding): Attribute {
  const { type, value } = attribute;
  if (type !== ATTRIBUTES.vendorSpecific || value.length < 6) return attribute;
  const bytes = Buffer.from(value);
  if (bytes.readUInt32BE() !== MICROSOFT) return attribute;
  for (let at = 4; at + 2 <= bytes.length; ) {
    const [kind = 0, length = 0] = bytes.subarray(at, at + 2);
    if (length < 2 || at + length > bytes.length) return attribute;
    const hidden = bytes.subarray(at + 2, at + length);
    if (SESSION_KEYS.includes(kind) && isHidden(hidden)) hidden.set(hideAnew(hidden, from, to));
    at += length;
  }
  return { type, value: bytes };
}

function isHidden(value: Uint8Array): boolean {
  return value.length > SALT_BYTES && (value.length - SALT_BYTES) % BLOCK_BYTES === 0;
}

function hideAnew(value: Uint8Array, from: Hiding, to: Hiding): Buffer {
  const salt = value.subarray(0, SALT_BYTES);
  const plain: Buffer[] = [];
  const again: Buffer[] = [];
  for (let at = SALT_BYTES; at < value.length; at += BLOCK_BYTES) {
    const block = value.subarray(at, at + BLOCK_BYTES);
    const isFirst = at === SALT_BYTES;
    const before = isFirst ? undefined : value.subarray(at - BLOCK_BYTES, at);
    plain.push(xor(block, maskOf(from, salt, before)));
    again.push(xor(plain.at(-1) ?? block, maskOf(to, salt, again.at(-1))));
  }
  return Buffer.concat([salt, ...again]);
}

function maskOf({ secret, authenticator }: Hiding, salt: Uint8Array, before: Uint8Array | undefined): Buffer {
  const hash = createHash('md5').update(secret);
  return before === undefined ? hash.update(authenticator).update(salt).digest() : hash.update(before).digest();
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
