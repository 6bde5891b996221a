import {
  type CipherGCM,
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type Decipheriv,
  timingSafeEqual,
} from 'node:crypto';
import { uint32 } from './binary.ts';

// Protection of packets: AES in counter mode (RFC 4344) with HMAC (RFC 6668, encrypt-then-MAC of OpenSSH), AES-GCM (RFC 5647).

export const CIPHERS = [
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
] as const;
export const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
] as const;
export type CipherName = (typeof CIPHERS)[number];
export type MacName = (typeof MACS)[number];

const BLOCK = 16;
const GCM_TAG = 16;
const MAXIMUM_PACKET = 256 * 1024;

export interface CipherKeys {
  readonly cipher: CipherName;
  readonly mac: MacName;
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly macKey: Buffer;
}

export function keyLength(cipher: CipherName): number {
  return Number(/\d+/.exec(cipher)?.[0]) / 8;
}

export function ivLength(cipher: CipherName): number {
  return cipher.includes('gcm') ? 12 : BLOCK;
}

export function macLength(mac: MacName): number {
  return mac.includes('512') ? 64 : mac.includes('256') ? 32 : 20;
}

const hashOf = (mac: MacName) => (mac.includes('512') ? 'sha512' : mac.includes('256') ? 'sha256' : 'sha1');

/** What came of trying to read a packet. */
export type Opened =
  | { readonly kind: 'packet'; readonly payload: Buffer; readonly consumed: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'broken' };

/** Opens packets of one direction (RFC 4253 §6). */
export class PacketOpener {
  readonly #keys: CipherKeys | undefined;
  readonly #decipher: Decipheriv | undefined;
  readonly #counter: Buffer;
  /** First block of a packet whose length had to be decrypted to be known. */
  #head: Buffer | undefined;
  sequence: number;

  /** @param keys none before the first key exchange has ended */
  constructor(keys: CipherKeys | undefined, sequence: number) {
    this.#keys = keys;
    this.sequence = sequence;
    this.#counter = Buffer.from(keys?.iv ?? []);
    if (keys !== undefined && !keys.cipher.includes('gcm')) {
      this.#decipher = createDecipheriv(counterName(keys.cipher), keys.key, keys.iv);
    }
  }

  open(bytes: Buffer): Opened {
    const keys = this.#keys;
    if (keys === undefined) return this.#openPlain(bytes);
    if (keys.cipher.includes('gcm')) return this.#openGcm(bytes, keys);
    return keys.mac.includes('etm') ? this.#openSealed(bytes, keys) : this.#openDecrypted(bytes, keys);
  }

  #openPlain(bytes: Buffer): Opened {
    if (bytes.length < 4) return { kind: 'incomplete' };
    const length = bytes.readUInt32BE();
    if (!isLength(length)) return { kind: 'broken' };
    if (bytes.length < 4 + length) return { kind: 'incomplete' };
    return this.#packet(bytes.subarray(4, 4 + length), 4 + length);
  }

  #openGcm(bytes: Buffer, { cipher, key }: CipherKeys): Opened {
    if (bytes.length < 4) return { kind: 'incomplete' };
    const length = bytes.readUInt32BE();
    if (!isLength(length) || length % BLOCK !== 0) return { kind: 'broken' };
    const end = 4 + length;
    if (bytes.length < end + GCM_TAG) return { kind: 'incomplete' };
    const decipher = createDecipheriv(gcmName(cipher), key, this.#counter);
    decipher.setAAD(bytes.subarray(0, 4));
    decipher.setAuthTag(bytes.subarray(end, end + GCM_TAG));
    try {
      const body = Buffer.concat([decipher.update(bytes.subarray(4, end)), decipher.final()]);
      increment(this.#counter);
      return this.#packet(body, end + GCM_TAG);
    } catch {
      return { kind: 'broken' };
    }
  }

  /** Encrypt-then-MAC: the length is in clear text. */
  #openSealed(bytes: Buffer, keys: CipherKeys): Opened {
    if (bytes.length < 4) return { kind: 'incomplete' };
    const length = bytes.readUInt32BE();
    if (!isLength(length) || length % BLOCK !== 0) return { kind: 'broken' };
    const end = 4 + length;
    const macEnd = end + macLength(keys.mac);
    if (bytes.length < macEnd) return { kind: 'incomplete' };
    const expected = macOf(keys, this.sequence, bytes.subarray(0, end));
    if (!timingSafeEqual(expected, bytes.subarray(end, macEnd))) return { kind: 'broken' };
    return this.#packet(this.#decrypt(bytes.subarray(4, end)), macEnd);
  }

  #openDecrypted(bytes: Buffer, keys: CipherKeys): Opened {
    if (this.#head === undefined) {
      if (bytes.length < BLOCK) return { kind: 'incomplete' };
      this.#head = this.#decrypt(bytes.subarray(0, BLOCK));
    }
    const length = this.#head.readUInt32BE();
    if (!isLength(length) || (length + 4) % BLOCK !== 0) return { kind: 'broken' };
    const end = 4 + length;
    const macEnd = end + macLength(keys.mac);
    if (bytes.length < macEnd) return { kind: 'incomplete' };
    const plain = Buffer.concat([this.#head, this.#decrypt(bytes.subarray(BLOCK, end))]);
    this.#head = undefined;
    if (!timingSafeEqual(macOf(keys, this.sequence, plain), bytes.subarray(end, macEnd))) return { kind: 'broken' };
    return this.#packet(plain.subarray(4), macEnd);
  }

  #decrypt(bytes: Buffer): Buffer {
    return this.#decipher?.update(bytes) ?? bytes;
  }

  #packet(body: Buffer, consumed: number): Opened {
    const padding = body[0] ?? 0;
    if (padding + 1 >= body.length) return { kind: 'broken' };
    this.sequence = (this.sequence + 1) >>> 0;
    return { kind: 'packet', payload: body.subarray(1, body.length - padding), consumed };
  }
}

/** Makes packets of one direction. */
export class PacketSealer {
  readonly #keys: CipherKeys | undefined;
  readonly #cipher: Cipheriv | undefined;
  readonly #counter: Buffer;
  readonly #random: (length: number) => Buffer;
  sequence: number;

  constructor(keys: CipherKeys | undefined, sequence: number, random: (length: number) => Buffer) {
    this.#keys = keys;
    this.#random = random;
    this.sequence = sequence;
    this.#counter = Buffer.from(keys?.iv ?? []);
    if (keys !== undefined && !keys.cipher.includes('gcm')) {
      this.#cipher = createCipheriv(counterName(keys.cipher), keys.key, keys.iv);
    }
  }

  seal(payload: Uint8Array): Buffer {
    const keys = this.#keys;
    const isLengthClear = keys !== undefined && (keys.cipher.includes('gcm') || keys.mac.includes('etm'));
    const block = keys === undefined ? 8 : BLOCK;
    const before = payload.length + (isLengthClear ? 1 : 5);
    const padding = block - (before % block) + (block - (before % block) < 4 ? block : 0);
    const length = uint32(payload.length + 1 + padding);
    const body = Buffer.concat([Buffer.from([padding]), payload, this.#random(padding)]);
    const sealed = keys === undefined ? Buffer.concat([length, body]) : this.#protect(keys, length, body);
    this.sequence = (this.sequence + 1) >>> 0;
    return sealed;
  }

  #protect(keys: CipherKeys, length: Buffer, body: Buffer): Buffer {
    if (keys.cipher.includes('gcm')) {
      const cipher = createCipheriv(gcmName(keys.cipher), keys.key, this.#counter) as CipherGCM;
      cipher.setAAD(length);
      const bytes = Buffer.concat([cipher.update(body), cipher.final()]);
      increment(this.#counter);
      return Buffer.concat([length, bytes, cipher.getAuthTag()]);
    }
    if (keys.mac.includes('etm')) {
      const bytes = Buffer.concat([length, this.#cipher?.update(body) ?? body]);
      return Buffer.concat([bytes, macOf(keys, this.sequence, bytes)]);
    }
    const plain = Buffer.concat([length, body]);
    return Buffer.concat([this.#cipher?.update(plain) ?? plain, macOf(keys, this.sequence, plain)]);
  }
}

function macOf({ mac, macKey }: CipherKeys, sequence: number, bytes: Buffer): Buffer {
  return createHmac(hashOf(mac), macKey).update(uint32(sequence)).update(bytes).digest();
}

function gcmName(cipher: CipherName): 'aes-128-gcm' | 'aes-256-gcm' {
  return cipher.startsWith('aes128') ? 'aes-128-gcm' : 'aes-256-gcm';
}

function counterName(cipher: CipherName): string {
  return cipher.replace('aes', 'aes-');
}

/** The last eight bytes of the nonce count packets (RFC 5647 §7.1). */
function increment(counter: Buffer): void {
  counter.writeBigUInt64BE((counter.readBigUInt64BE(4) + 1n) & 0xffff_ffff_ffff_ffffn, 4);
}

function isLength(length: number): boolean {
  return length >= 2 && length <= MAXIMUM_PACKET;
}
