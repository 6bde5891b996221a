import {
  canonicalJson,
  type DsseEnvelope,
  openEnvelope,
  type SigningKey,
  signEnvelope,
  type TrustedKey,
} from '@sphinx/platform/signing';
import { z } from 'zod';

export const REVOCATION_PAYLOAD_TYPE = 'application/vnd.sphinx-toolkit.revocation-list+json';

/** Certificates that no longer hold although their time is not over. */
export const RevocationList = z
  .strictObject({
    issuedAt: z.iso.datetime(),
    nextUpdate: z.iso.datetime(),
    revoked: z.array(
      z.strictObject({
        certificateId: z.string(),
        revokedAt: z.iso.datetime(),
        cause: z.enum(['revoked', 'superseded']),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'RevocationList' });
export type RevocationList = z.infer<typeof RevocationList>;

export function signRevocationList(list: RevocationList, key: SigningKey): DsseEnvelope {
  return signEnvelope(REVOCATION_PAYLOAD_TYPE, Buffer.from(canonicalJson(list)), key);
}

/** @returns the list, or why it cannot be believed */
export function readRevocationList(
  envelope: unknown,
  trustedKeys: readonly TrustedKey[],
): { readonly list: RevocationList } | { readonly problem: string } {
  const opened = openEnvelope(envelope, REVOCATION_PAYLOAD_TYPE, trustedKeys);
  if (opened.status !== 'verified') return { problem: opened.reason };
  const parsed = RevocationList.safeParse(parseJson(opened.payload));
  return parsed.success
    ? { list: parsed.data }
    : { problem: 'It is signed but is no revocation list of this version.' };
}

/** JSON of bytes in UTF-8. @returns undefined where it is none */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
