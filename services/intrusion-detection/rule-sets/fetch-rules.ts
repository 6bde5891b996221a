import { SphinxError } from '@sphinx/platform';
import { downloadSafely } from '@sphinx/platform/download';
import type { DownloadCheck } from './rule-set.ts';

import { hasChecksum, isSignedBy, signatureSuffix } from './signatures.ts';

const MAXIMUM_DOWNLOAD_BYTES = 64 * 1024 * 1024;
const MAXIMUM_PROOF_BYTES = 64 * 1024;
const TIMEOUT_MS = 60_000;

/** Where rules are fetched, and how it is proved that they are the publisher's. */
export interface RuleDownload {
  readonly url: string;
  readonly check: DownloadCheck;
  /** Public key as PEM or of minisign, for `signature`. */
  readonly publicKey: string | undefined;
}

/**
 * Fetches a rule file or archive and what proves it.
 *
 * @param internalHosts see `DownloadLimits`
 * @throws SphinxError SPX_INVALID_INPUT when it cannot be fetched, is too large or is not proved
 */
export async function fetchRules(
  { url, check, publicKey }: RuleDownload,
  internalHosts: readonly string[],
): Promise<Uint8Array> {
  const get = (place: string, maximumBytes: number) =>
    downloadSafely(place, { maximumBytes, timeoutMs: TIMEOUT_MS, internalHosts }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SphinxError('SPX_INVALID_INPUT', `${place} cannot be fetched: ${reason}.`, { cause: error });
    });
  // Whoever can change rules on the way can switch detection off, and the checksum that comes the same way too.
  if (!url.startsWith('https:') && check !== 'signature') {
    throw new SphinxError('SPX_INVALID_INPUT', `${url} is fetched in clear text: use https, or check a signature.`);
  }
  const suffix = check === 'signature' ? signatureSuffix(publicKey ?? '') : `.${check}`;
  if (suffix === undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The public key is none of Ed25519: give it as PEM or as of minisign.');
  }
  const content = await get(url, MAXIMUM_DOWNLOAD_BYTES);
  if (check === 'none') return content;
  const proof = await get(`${url}${suffix}`, MAXIMUM_PROOF_BYTES);
  const isProved =
    check === 'signature' ? isSignedBy(content, proof, publicKey ?? '') : hasChecksum(content, proof, check);
  if (isProved) return content;
  const what = check === 'signature' ? 'signature' : `checksum (${check})`;
  throw new SphinxError('SPX_INVALID_INPUT', `The ${what} of ${url} does not hold. The rules that are there stay.`);
}
