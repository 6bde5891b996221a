import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** Header of an Ed25519 public key in DER (RFC 8410 §4), before its 32 bytes. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const SIGNATURE_BYTES = 64;
/** minisign: two letters of algorithm and eight bytes of key id (minisign, "Public key format", "Signature format"). */
const MINISIGN_HEAD = 10;
const MINISIGN_KEY_BYTES = 42;

/** @returns what follows the URL of a file to name its signature by this key; undefined when it is no key */
export function signatureSuffix(publicKey: string): '.sig' | '.minisig' | undefined {
  if (minisignKey(publicKey) !== undefined) return '.minisig';
  return ed25519Key(publicKey) === undefined ? undefined : '.sig';
}

/**
 * @param signature detached: of Ed25519 its 64 bytes (RFC 8032 §5.1.6), plain or as base64; of minisign its four lines
 * @param publicKey as PEM, or of minisign as base64
 */
export function isSignedBy(content: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  const minisign = minisignKey(publicKey);
  if (minisign !== undefined) return isMinisignedBy(content, Buffer.from(signature).toString('utf8'), minisign);
  const key = ed25519Key(publicKey);
  const bytes =
    signature.length === SIGNATURE_BYTES
      ? signature
      : Buffer.from(Buffer.from(signature).toString('latin1').trim(), 'base64');
  return key !== undefined && holds(content, key, bytes);
}

/**
 * @param published text of the file beside it: the checksum alone or, as md5sum and sha256sum write, with the name behind
 * @returns whether it is the checksum of the content
 */
export function hasChecksum(content: Uint8Array, published: Uint8Array, algorithm: 'md5' | 'sha256'): boolean {
  const [first = ''] = Buffer.from(published).toString('latin1').trim().split(/\s+/);
  return createHash(algorithm).update(content).digest('hex') === first.toLowerCase();
}

interface MinisignKey {
  readonly id: Buffer;
  readonly key: KeyObject;
}

function minisignKey(text: string): MinisignKey | undefined {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  const bytes = Buffer.from(line, 'base64');
  if (bytes.length !== MINISIGN_KEY_BYTES || bytes.toString('latin1', 0, 2) !== 'Ed') return undefined;
  const key = ed25519Raw(bytes.subarray(MINISIGN_HEAD));
  return key === undefined ? undefined : { id: bytes.subarray(2, MINISIGN_HEAD), key };
}

/** The signature of the file, and the one over it and its trusted comment. */
function isMinisignedBy(content: Uint8Array, text: string, { id, key }: MinisignKey): boolean {
  const [, signatureLine = '', comment = '', globalLine = ''] = text.split(/\r?\n/);
  const bytes = Buffer.from(signatureLine, 'base64');
  const signature = bytes.subarray(MINISIGN_HEAD);
  const prefix = 'trusted comment: ';
  if (signature.length !== SIGNATURE_BYTES || !comment.startsWith(prefix)) return false;
  if (!bytes.subarray(2, MINISIGN_HEAD).equals(id)) return false;
  const algorithm = bytes.toString('latin1', 0, 2);
  if (algorithm !== 'Ed' && algorithm !== 'ED') return false;
  const signed = algorithm === 'ED' ? createHash('blake2b512').update(content).digest() : content;
  const trusted = Buffer.concat([signature, Buffer.from(comment.slice(prefix.length))]);
  return holds(signed, key, signature) && holds(trusted, key, Buffer.from(globalLine, 'base64'));
}

function holds(content: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  try {
    return verify(null, content, key, signature);
  } catch {
    // A signature of another form is no proof.
    return false;
  }
}

function ed25519Key(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function ed25519Raw(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
