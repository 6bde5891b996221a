import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';

/** Dead Simple Signing Envelope (github.com/secure-systems-lab/dsse, envelope.md). Nothing else may stand in it. */
export const DsseEnvelope = z
  .strictObject({
    payloadType: z.string().min(1),
    payload: z.string(),
    signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
  })
  .meta({ id: 'DsseEnvelope' });
export type DsseEnvelope = z.infer<typeof DsseEnvelope>;

/** A pair of Ed25519 keys (RFC 8032) with the id under which its signatures can be checked. */
export interface SigningKey {
  /** SHA-256, hexadecimal, of the public key as DER SubjectPublicKeyInfo (RFC 8410). */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** Public half of a signing key as it is handed to whoever checks what it signed. */
export const TrustedKey = z
  .object({
    keyid: z.string().regex(/^[0-9a-f]{64}$/),
    algorithm: z.literal('ed25519'),
    publicKey: z.string().meta({ description: 'DER SubjectPublicKeyInfo, base64' }),
    createdAt: z.int().nonnegative(),
  })
  .meta({ id: 'TrustedKey' });
export type TrustedKey = z.infer<typeof TrustedKey>;

/** The file that is handed out for offline checks. */
export const TrustedKeys = z.object({ keys: z.array(TrustedKey).min(1) });

/**
 * Pre-authentication encoding, the bytes that are signed (dsse protocol.md):
 * `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes as ASCII decimals.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Signs bytes into an envelope with one signature. */
export function signEnvelope(payloadType: string, payload: Uint8Array, key: SigningKey): DsseEnvelope {
  const signature = sign(null, preAuthenticationEncoding(payloadType, payload), key.privateKey);
  return {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [{ keyid: key.keyId, sig: signature.toString('base64') }],
  };
}

/** What opening an envelope came to. */
export type OpenedEnvelope =
  | { readonly status: 'verified'; readonly payload: Buffer; readonly keyId: string }
  | { readonly status: 'malformed' | 'unknown-key' | 'tampered'; readonly reason: string };

/**
 * Opens an envelope and gives its payload only when a trusted key signed exactly these bytes. Never throws.
 *
 * @param trustedKeys their ids are computed again from the keys, never believed
 */
export function openEnvelope(
  envelope: unknown,
  payloadType: string,
  trustedKeys: readonly TrustedKey[],
): OpenedEnvelope {
  const parsed = DsseEnvelope.safeParse(envelope);
  if (!parsed.success) return { status: 'malformed', reason: 'It is no DSSE envelope.' };
  const payload = decodeBase64(parsed.data.payload);
  if (payload === undefined) return { status: 'malformed', reason: 'Its payload is not base64.' };
  const keys = keysById(trustedKeys);
  const known = parsed.data.signatures.filter(({ keyid }) => keys.has(keyid));
  if (known.length === 0) {
    const ids = parsed.data.signatures.map(({ keyid }) => keyid).join(', ');
    return { status: 'unknown-key', reason: `It is signed by a key that is not trusted here: ${ids}.` };
  }
  const signed = preAuthenticationEncoding(parsed.data.payloadType, payload);
  for (const { keyid, sig } of known) {
    const signature = decodeBase64(sig);
    const key = keys.get(keyid);
    if (signature === undefined || key === undefined) continue;
    if (!verify(null, signed, key, signature)) continue;
    if (parsed.data.payloadType === payloadType) return { status: 'verified', payload, keyId: keyid };
    return { status: 'malformed', reason: `Its payload is ${parsed.data.payloadType}, not ${payloadType}.` };
  }
  return { status: 'tampered', reason: 'The signature does not fit the content: it was changed after signing.' };
}

/** @throws when the key is not a readable SubjectPublicKeyInfo */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @returns whether a key is readable and its id is that of no other */
export function hasOwnId({ keyid, publicKey }: TrustedKey): boolean {
  const key = readPublicKey(publicKey);
  return key !== undefined && keyIdOf(key) === keyid;
}

/** Node ignores what is not base64, so that several texts would decode to the same bytes: only the canonical one is taken. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function keysById(trustedKeys: readonly TrustedKey[]): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const { publicKey } of trustedKeys) {
    const key = readPublicKey(publicKey);
    if (key !== undefined) keys.set(keyIdOf(key), key);
  }
  return keys;
}

function readPublicKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
