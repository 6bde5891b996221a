import { createHmac, randomBytes } from 'node:crypto';
import type { Secrets } from '@sphinx/platform';
import type { Actuator, DecidedAccess } from './actuator.ts';

const LIMIT_MS = 10_000;
export const SIGNATURE_HEADER = 'x-sphinx-signature';

/**
 * Sends each decision as JSON to an address of the hospital's choice. `X-Sphinx-Signature: t=<ms>,v1=<hex>` is HMAC-SHA256 over
 * `<ms>.<body>`, so that the receiver can tell who sent it and that it is not an old one sent again.
 */
export function webhookActuator(url: string, secretOf: () => Promise<Uint8Array>): Actuator {
  return {
    name: 'webhook',
    async apply({ id, time, device, decision }: DecidedAccess) {
      const { assetId, name, macs, ips, verdict, safetyClass, verificationId } = device;
      const body = JSON.stringify({
        id,
        time,
        asset: { id: assetId, name, macs, ips, patientSafetyClass: safetyClass ?? null },
        verdict: verdict ?? null,
        verificationId: verificationId ?? null,
        ...decision,
      });
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signatureOf(body, time, await secretOf()) },
        body,
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The webhook answers with status ${response.status}.`);
    },
  };
}

const SECRET_NAME = 'webhook';

/** The secret that signs: made once, unless it is renewed. */
export async function openWebhookSecret(secrets: Secrets): Promise<Uint8Array> {
  return (await secrets.get(SECRET_NAME)) ?? renewWebhookSecret(secrets);
}

/** Makes another secret; what is sent from now on is signed with it. */
export async function renewWebhookSecret(secrets: Secrets): Promise<Uint8Array> {
  const made = Buffer.from(randomBytes(32).toString('base64url'));
  await secrets.set(SECRET_NAME, made);
  return made;
}

export function signatureOf(body: string, time: number, secret: Uint8Array): string {
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}
