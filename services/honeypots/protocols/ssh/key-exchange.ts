import {
  createECDH,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  getDiffieHellman,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mpint, sshString } from './binary.ts';

// Methods of key exchange (RFC 8731, RFC 5656 §4, RFC 8268) and host keys (RFC 8709, RFC 8332) of the server's side.

export const KEX_METHODS = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'diffie-hellman-group14-sha256',
] as const;
export type KexMethod = (typeof KEX_METHODS)[number];
export const HOST_KEY_ALGORITHMS = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519'] as const;
export type HostKeyAlgorithm = (typeof HOST_KEY_ALGORITHMS)[number];

/** Private keys of a decoy. */
export interface HostKeys {
  readonly rsa: KeyObject;
  readonly ed25519: KeyObject;
}

export interface SharedSecret {
  /** Public value of the server as it goes into reply and hash. */
  readonly serverValue: Buffer;
  /** The secret, encoded as mpint. */
  readonly secret: Buffer;
}

/** SubjectPublicKeyInfo of X25519 before the 32 bytes of the key (RFC 8410 §4). */
const X25519_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** @param clientValue as the client sent it @returns undefined when it is no public value of the method */
export function exchange(method: KexMethod, clientValue: Buffer): SharedSecret | undefined {
  try {
    if (method === 'ecdh-sha2-nistp256') {
      const ecdh = createECDH('prime256v1');
      const serverValue = ecdh.generateKeys();
      return { serverValue: sshString(serverValue), secret: mpint(ecdh.computeSecret(clientValue)) };
    }
    if (method === 'diffie-hellman-group14-sha256') {
      const group = getDiffieHellman('modp14');
      const serverValue = group.generateKeys();
      return { serverValue: mpint(serverValue), secret: mpint(group.computeSecret(clientValue)) };
    }
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const client = createPublicKey({ key: Buffer.concat([X25519_PREFIX, clientValue]), format: 'der', type: 'spki' });
    const serverValue = publicKey.export({ format: 'der', type: 'spki' }).subarray(X25519_PREFIX.length);
    return { serverValue: sshString(serverValue), secret: mpint(diffieHellman({ privateKey, publicKey: client })) };
  } catch {
    // No point of the curve, of low order, or of the wrong length.
    return undefined;
  }
}

/** @returns the host key as SSH writes it */
export function publicBlob(algorithm: HostKeyAlgorithm, keys: HostKeys): Buffer {
  if (algorithm === 'ssh-ed25519') {
    const { x = '' } = createPublicKey(keys.ed25519).export({ format: 'jwk' });
    return Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.from(x, 'base64url'))]);
  }
  const { e = '', n = '' } = createPublicKey(keys.rsa).export({ format: 'jwk' });
  return Buffer.concat([sshString('ssh-rsa'), mpint(Buffer.from(e, 'base64url')), mpint(Buffer.from(n, 'base64url'))]);
}

export function signHash(algorithm: HostKeyAlgorithm, keys: HostKeys, hash: Buffer): Buffer {
  const signature =
    algorithm === 'ssh-ed25519'
      ? sign(null, hash, keys.ed25519)
      : sign(algorithm === 'rsa-sha2-512' ? 'sha512' : 'sha256', hash, keys.rsa);
  return Buffer.concat([sshString(algorithm), sshString(signature)]);
}

/** Keys from the shared secret (RFC 4253 §7.2). @param letter A to F */
export function deriveKey(secret: Buffer, hash: Buffer, letter: string, sessionId: Buffer, length: number): Buffer {
  let key = createHash('sha256').update(secret).update(hash).update(letter).update(sessionId).digest();
  while (key.length < length) {
    key = Buffer.concat([key, createHash('sha256').update(secret).update(hash).update(key).digest()]);
  }
  return key.subarray(0, length);
}
