import { type Clock, defineRoute, type Route, SphinxError } from '@sphinx/platform';
import type { SigningKey } from '@sphinx/platform/signing';
import encodeQr from 'qr';
import { z } from 'zod';
import { LookupLimit } from './certificate/lookup-limit.ts';
import { publicCertificateOf, renderPublicCertificate, renderUnknownCertificate } from './certificate/public-page.ts';
import { fileHeaders } from './routes.ts';
import type { VerificationStore } from './store.ts';

interface Dependencies {
  readonly store: VerificationStore;
  readonly key: SigningKey;
  readonly clock: Clock;
  /** Address of this SPHINX as others reach it; empty: that under which it was asked. */
  readonly publicAddress: string;
}

/** The page that a stranger opens with the code of a certificate, and the picture of that code. */
export function publicRoutes({ store, key, clock, publicAddress }: Dependencies): readonly Route[] {
  const limit = new LookupLimit(clock);
  return [
    defineRoute({
      method: 'GET',
      path: '/public/certificates/{code}',
      operationId: 'showPublicCertificate',
      summary: 'Whether the certificate with this code holds; says nothing else and needs no log-in',
      tag: 'certificates',
      permission: 'public',
      params: z.object({ code: z.string().max(64) }),
      response: { raw: 'text/html' },
      handler: async ({ params }) => {
        limit.take();
        const record = await store.certificateOfCode(params.code);
        const now = clock.now();
        const [text, status] =
          record === undefined
            ? [renderUnknownCertificate(), 404]
            : [renderPublicCertificate(publicCertificateOf(record, key, now), now), 200];
        const headers = { ...fileHeaders('certificate.html', 'inline'), 'content-type': 'text/html; charset=utf-8' };
        return new Response(text, { status, headers });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/certificates/{id}/qr',
      operationId: 'getCertificateQrCode',
      summary: 'The code that opens the public page of the certificate, as a picture (SVG)',
      tag: 'certificates',
      permission: 'verification:read',
      params: z.object({ id: z.string() }),
      response: { raw: 'image/svg+xml' },
      handler: async ({ params, request }) => {
        const record = await store.certificate(params.id);
        const link = record && publicLinkOf(record, publicAddress, request);
        if (link === undefined) {
          throw new SphinxError('SPX_NOT_FOUND', `There is no code for a certificate ${params.id}.`);
        }
        const headers = { ...fileHeaders(`${params.id}.svg`, 'inline'), 'content-type': 'image/svg+xml' };
        return new Response(qrCodeOf(link), { headers });
      },
    }),
  ];
}

/** @returns undefined for a certificate of before there were codes */
export function publicLinkOf(
  { publicCode }: { readonly publicCode?: string | undefined },
  publicAddress: string,
  request: Request,
): string | undefined {
  if (publicCode === undefined) return undefined;
  const base = publicAddress === '' ? new URL(request.url).origin : publicAddress.replace(/\/+$/, '');
  return `${base}/api/v1/public/certificates/${publicCode}`;
}

/** A link as a QR code (ISO/IEC 18004), SVG without script. */
export function qrCodeOf(link: string): string {
  return encodeQr(link, 'svg', { ecc: 'medium', border: 2 });
}
