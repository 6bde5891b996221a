import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hasChecksum, isSignedBy, signatureSuffix } from './signatures.ts';

const CONTENT = Buffer.from('alert tcp any any -> any any (sid:1;)');
const FORGED = Buffer.from('alert tcp any any -> any any (sid:2;)');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const KEY_ID = Buffer.from('0102030405060708', 'hex');
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const minisignKey = Buffer.concat([Buffer.from('Ed'), KEY_ID, raw]).toString('base64');

/** Four lines as minisign writes them. */
function minisign(algorithm: 'Ed' | 'ED', comment = 'timestamp:1'): Buffer {
  const signed = algorithm === 'ED' ? createHash('blake2b512').update(CONTENT).digest() : CONTENT;
  const signature = sign(null, signed, privateKey);
  const line = Buffer.concat([Buffer.from(algorithm), KEY_ID, signature]).toString('base64');
  const all = sign(null, Buffer.concat([signature, Buffer.from('timestamp:1')]), privateKey).toString('base64');
  return Buffer.from(`untrusted comment: x\n${line}\ntrusted comment: ${comment}\n${all}\n`);
}

describe('a signature', () => {
  it('of Ed25519 holds for what was signed only, plain or as base64', () => {
    const signature = sign(null, CONTENT, privateKey);
    for (const form of [signature, Buffer.from(`${signature.toString('base64')}\n`)]) {
      expect(isSignedBy(CONTENT, form, pem)).toBe(true);
      expect(isSignedBy(FORGED, form, pem)).toBe(false);
    }
  });

  it.each(['Ed', 'ED'] as const)(
    'of minisign (%s) holds with its trusted comment, and not with another',
    (algorithm) => {
      expect(isSignedBy(CONTENT, minisign(algorithm), minisignKey)).toBe(true);
      expect(isSignedBy(FORGED, minisign(algorithm), minisignKey)).toBe(false);
      expect(isSignedBy(CONTENT, minisign(algorithm, 'timestamp:2'), minisignKey)).toBe(false);
    },
  );

  it('is looked for where the key says, and nothing but a key of Ed25519 is one', () => {
    expect([signatureSuffix(pem), signatureSuffix(minisignKey), signatureSuffix('secret')]).toEqual([
      '.sig',
      '.minisig',
      undefined,
    ]);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
    expect(signatureSuffix(rsa.toString())).toBeUndefined();
    expect(isSignedBy(CONTENT, Buffer.from('no signature at all'), pem)).toBe(false);
  });
});

describe('a checksum', () => {
  it('holds as sha256sum writes it, in whatever case', () => {
    const sum = createHash('sha256').update(CONTENT).digest('hex');
    expect(hasChecksum(CONTENT, Buffer.from(`${sum.toUpperCase()}  r.rules\n`), 'sha256')).toBe(true);
    expect(hasChecksum(FORGED, Buffer.from(sum), 'sha256')).toBe(false);
  });
});
