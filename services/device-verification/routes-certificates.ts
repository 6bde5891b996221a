import { type Clock, defineRoute, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { canonicalJson, DsseEnvelope, type SigningKey, TrustedKey, trustedKeyOf } from '@sphinx/platform/signing';
import { CertificateRecord, CertificateStatus } from '@sphinx/schema';
import { z } from 'zod';
import { CERTIFICATE_CHECK_STATUSES, checkCertificate } from './certificate/certificate-check.ts';
import { CertificateStatement } from './certificate/statement.ts';
import { fileHeaders } from './routes.ts';
import type { VerificationStore } from './store.ts';
import { currentRevocationList } from './trust-files.ts';
import type { Verifier } from './verifier.ts';

const TAG = 'certificates';
const CertificateId = z.object({ id: z.string() });

interface Dependencies {
  readonly store: VerificationStore;
  readonly verifier: Verifier;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly trust: { write(): Promise<void> };
}

/** The register of certificates, and what it takes to check one elsewhere. */
export function certificateRoutes(dependencies: Dependencies): readonly Route[] {
  return [...registerRoutes(dependencies), ...trustRoutes(dependencies)];
}

function registerRoutes({ store, verifier, trust }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/certificates',
      operationId: 'listCertificates',
      summary: 'Every certificate that was issued, newest first',
      tag: TAG,
      permission: 'verification:read',
      query: SequencePageQuery.extend({ status: CertificateStatus.optional(), assetId: z.string().optional() }),
      response: pageSchema(CertificateRecord),
      handler: ({ query }) =>
        store.listCertificates({
          limit: query.limit,
          ...(query.status === undefined ? {} : { status: query.status }),
          ...(query.assetId === undefined ? {} : { assetId: query.assetId }),
          ...(query.cursor === undefined ? {} : { before: query.cursor }),
        }),
    }),
    defineRoute({
      method: 'GET',
      path: '/certificates/{id}',
      operationId: 'getCertificate',
      summary: 'One certificate with its state in the register',
      tag: TAG,
      permission: 'verification:read',
      params: CertificateId,
      response: CertificateRecord,
      handler: ({ params }) => certificateOf(store, params.id),
    }),
    defineRoute({
      method: 'GET',
      path: '/certificates/{id}/envelope',
      operationId: 'downloadCertificate',
      summary: 'The signed envelope (DSSE) as a file that can be checked offline',
      tag: TAG,
      permission: 'verification:read',
      params: CertificateId,
      response: { raw: 'application/json' },
      handler: async ({ params }) => {
        const { id, envelope } = await certificateOf(store, params.id);
        return new Response(canonicalJson(envelope), {
          headers: { ...fileHeaders(`${id}.dsse.json`, 'attachment'), 'content-type': 'application/json' },
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/certificates/{id}/revoke',
      operationId: 'revokeCertificate',
      summary: 'Revokes a certificate; none is issued for the asset until somebody asks for its verification',
      tag: TAG,
      permission: 'certificates:revoke',
      params: CertificateId,
      body: z.object({ reason: z.string().trim().min(3).max(500) }),
      response: CertificateRecord,
      audit: { action: 'certificate.revoke', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const revoked = await verifier.revoke(params.id, `${body.reason} (${principal.name})`);
        await trust.write();
        return revoked;
      },
    }),
  ];
}

function trustRoutes({ store, key, clock }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/certificates/check',
      operationId: 'checkCertificate',
      summary: 'Says whether a certificate is genuine, unchanged, in time and not revoked',
      tag: TAG,
      permission: 'verification:read',
      body: z.object({ envelope: z.unknown() }),
      response: z.object({
        status: z.enum(CERTIFICATE_CHECK_STATUSES),
        statement: CertificateStatement.optional(),
        reasons: z.array(z.string()),
      }),
      // Checking changes nothing but the content may be confidential, so that it is recorded who had what checked.
      audit: { action: 'certificate.check', subject: () => 'an envelope' },
      handler: async ({ body }) =>
        checkCertificate(body.envelope, {
          trustedKeys: [trustedKeyOf(key)],
          revocations: await currentRevocationList(store, key, clock.now()),
          now: clock.now(),
        }),
    }),
    defineRoute({
      method: 'GET',
      path: '/certificates/revocations',
      operationId: 'getRevocations',
      summary: 'The signed list of certificates that no longer hold (DSSE)',
      tag: TAG,
      permission: 'verification:read',
      response: DsseEnvelope,
      handler: () => currentRevocationList(store, key, clock.now()),
    }),
    defineRoute({
      method: 'GET',
      path: '/certificates/keys',
      operationId: 'getCertificateKeys',
      summary: 'The public keys by which certificates are checked',
      tag: TAG,
      permission: 'verification:read',
      response: z.object({ keys: z.array(TrustedKey) }),
      handler: async () => ({ keys: [trustedKeyOf(key)] }),
    }),
  ];
}

async function certificateOf(store: VerificationStore, id: string): Promise<CertificateRecord> {
  const certificate = await store.certificate(id);
  if (certificate === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no certificate ${id}.`);
  return certificate;
}
