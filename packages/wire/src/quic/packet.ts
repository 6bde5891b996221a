import { createDecipheriv, hash } from 'node:crypto';
import { ecb } from '@noble/ciphers/aes';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { protectionOf, QUIC_V2 } from './versions.ts';

const MAXIMUM_CONNECTION_ID = 20;
const TAG_BYTES = 16;
const SAMPLE_BYTES = 16;
const LONG_HEADER = 0x80;
/** SHA-256 (FIPS 180-4). */
const HASH_BYTES = 32;
const HASH_BLOCK_BYTES = 64;

export type PacketType = 'initial' | '0-rtt' | 'handshake' | 'retry' | 'version-negotiation';

/** A packet with a long header (RFC 9000 §17.2). Offsets count from the start of the datagram. */
export interface LongPacket {
  readonly version: number;
  readonly type: PacketType;
  readonly destinationId: Uint8Array;
  readonly sourceId: Uint8Array;
  readonly start: number;
  /** Where the protected packet number begins, or the rest of what has none. */
  readonly numberOffset: number;
  readonly end: number;
}

const TYPES_V1: readonly PacketType[] = ['initial', '0-rtt', 'handshake', 'retry'];
/** RFC 9369 §3.2. */
const TYPES_V2: readonly PacketType[] = ['retry', 'initial', '0-rtt', 'handshake'];

/** @returns undefined where no packet with a long header starts, or where it is not all there */
export function readLongPacket(datagram: Uint8Array, start: number): LongPacket | undefined {
  const cursor = new ByteCursor(datagram, start);
  const first = cursor.uint8();
  if ((first & LONG_HEADER) === 0) return undefined;
  const version = cursor.uint32();
  const destinationId = readConnectionId(cursor);
  const sourceId = readConnectionId(cursor);
  if (destinationId === undefined || sourceId === undefined || cursor.isBroken) return undefined;
  const types = version === QUIC_V2 ? TYPES_V2 : TYPES_V1;
  const type = version === 0 ? 'version-negotiation' : (types[(first >>> 4) & 3] ?? 'initial');
  const packet = { version, type, destinationId, sourceId, start };
  if (type === 'retry' || type === 'version-negotiation') {
    return { ...packet, numberOffset: cursor.offset, end: datagram.length };
  }
  if (type === 'initial') cursor.skip(readVariable(cursor));
  const length = readVariable(cursor);
  const end = cursor.offset + length;
  return cursor.isBroken || end > datagram.length ? undefined : { ...packet, numberOffset: cursor.offset, end };
}

function readConnectionId(cursor: ByteCursor): Uint8Array | undefined {
  const length = cursor.uint8();
  return length > MAXIMUM_CONNECTION_ID ? undefined : cursor.slice(length);
}

/** Variable-length integer (RFC 9000 §16). */
export function readVariable(cursor: ByteCursor): number {
  const first = cursor.uint8();
  switch (first >>> 6) {
    case 0:
      return first & 63;
    case 1:
      return ((first & 63) << 8) | cursor.uint8();
    case 2:
      return (first & 63) * 0x1000000 + cursor.uint24();
    default:
      return ((first & 63) * 0x1000000 + cursor.uint24()) * 0x1_0000_0000 + cursor.uint32();
  }
}

/** Keys of Initial packets: anybody can derive them, they protect against accidents only (RFC 9001 §5.2). */
export interface InitialKeys {
  readonly key: Buffer;
  readonly nonce: Buffer;
  readonly header: Buffer;
}

/** @returns undefined for a version whose salt is not published */
export function deriveInitialKeys(
  version: number,
  destinationId: Uint8Array,
  sender: 'client' | 'server',
): InitialKeys | undefined {
  const protection = protectionOf(version);
  if (protection === undefined) return undefined;
  const { salt, label } = protection;
  const initial = hmac(Buffer.from(salt, 'hex'), destinationId);
  const secret = expandLabel(initial, `${sender} in`, 32);
  return {
    key: expandLabel(secret, `${label} key`, 16),
    nonce: expandLabel(secret, `${label} iv`, 12),
    header: expandLabel(secret, `${label} hp`, 16),
  };
}

/** HKDF-Expand-Label (RFC 8446 §7.1) with an empty context, for at most one block. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = `tls13 ${label}`;
  const information = Buffer.concat([Buffer.from([0, length, name.length]), Buffer.from(name), Buffer.from([0, 1])]);
  return hmac(secret, information).subarray(0, length);
}

/**
 * HMAC-SHA-256 (RFC 2104) with a key of at most one block. The keys here are no secrets, and objects of `node:crypto` for
 * each of them cost more than the hashes.
 */
function hmac(key: Uint8Array, text: Uint8Array): Buffer {
  const inner = Buffer.alloc(HASH_BLOCK_BYTES + text.length, 0x36);
  const outer = Buffer.alloc(HASH_BLOCK_BYTES + HASH_BYTES, 0x5c);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  inner.set(text, HASH_BLOCK_BYTES);
  outer.set(hash('sha256', inner, 'buffer'), HASH_BLOCK_BYTES);
  return hash('sha256', outer, 'buffer');
}

/**
 * Removes header protection and encryption of an Initial packet (RFC 9001 §5.3, §5.4).
 *
 * @returns its frames; undefined where the keys are not the right ones
 */
export function openInitial(datagram: Uint8Array, packet: LongPacket, keys: InitialKeys): Uint8Array | undefined {
  const { start, numberOffset, end } = packet;
  const sample = datagram.subarray(numberOffset + 4, numberOffset + 4 + SAMPLE_BYTES);
  if (sample.length < SAMPLE_BYTES || end - numberOffset < 4 + TAG_BYTES) return undefined;
  const mask = ecb(keys.header, { disablePadding: true }).encrypt(sample);
  const header = Buffer.from(datagram.subarray(start, numberOffset + 4));
  header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  const numberLength = ((header[0] ?? 0) & 3) + 1;
  const nonce = Buffer.from(keys.nonce);
  for (let index = 0; index < numberLength; index++) {
    const at = numberOffset - start + index;
    const byte = (header[at] ?? 0) ^ (mask[1 + index] ?? 0);
    header[at] = byte;
    const position = nonce.length - numberLength + index;
    nonce[position] = (nonce[position] ?? 0) ^ byte;
  }
  const body = numberOffset + numberLength;
  if (end - body < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', keys.key, nonce);
  decipher.setAAD(header.subarray(0, body - start));
  decipher.setAuthTag(datagram.subarray(end - TAG_BYTES, end));
  const frames = decipher.update(datagram.subarray(body, end - TAG_BYTES));
  try {
    decipher.final();
    return frames;
  } catch {
    return undefined;
  }
}
