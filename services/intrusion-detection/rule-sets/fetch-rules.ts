import { createPublicKey, verify } from 'node:crypto';
import { SphinxError } from '@sphinx/platform';

const MAXIMUM_DOWNLOAD_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Fetches a rule file or archive and, where a key is given, its detached signature.
 *
 * @param publicKey Ed25519 public key as PEM; undefined where the owner of the set gave none
 * @throws SphinxError SPX_INVALID_INPUT when it cannot be fetched, is too large or its signature does not hold
 */
export async function fetchRules(url: string, publicKey: string | undefined): Promise<Uint8Array> {
  const content = await download(url);
  if (publicKey === undefined) return content;
  const signature = await download(`${url}.sig`);
  if (!isSignedBy(content, signature, publicKey)) {
    throw new SphinxError('SPX_INVALID_INPUT', `The signature of ${url} does not hold. The rules that are there stay.`);
  }
  return content;
}

async function download(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'follow' });
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body) {
      length += part.length;
      if (length > MAXIMUM_DOWNLOAD_BYTES) throw new Error('it is larger than 64 MB');
      parts.push(part);
    }
    return new Uint8Array(Buffer.concat(parts));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SphinxError('SPX_INVALID_INPUT', `${url} cannot be fetched: ${reason}`, { cause: error });
  }
}

/** @param signature 64 bytes (RFC 8032 §5.1.6), plain or as base64 text */
export function isSignedBy(content: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  const bytes =
    signature.length === 64 ? signature : Buffer.from(Buffer.from(signature).toString('latin1').trim(), 'base64');
  try {
    return verify(null, content, createPublicKey(publicKey), bytes);
  } catch {
    // A key or a signature of another form is no proof.
    return false;
  }
}
