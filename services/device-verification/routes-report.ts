import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import type { Verification } from '@sphinx/schema';
import { z } from 'zod';
import { coverageOf, StandardCoverage } from './compliance/coverage.ts';
import { differenceOf, VerificationDifference } from './compliance/difference.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import { renderReportHtml } from './report/html.ts';
import { renderReportPdf } from './report/pdf.ts';
import type { ReportBackground } from './report/words.ts';
import { fileHeaders } from './routes.ts';
import { publicLinkOf, qrCodeOf } from './routes-public.ts';
import type { VerificationStore } from './store.ts';

const TAG = 'verification';
const VerificationId = z.object({ id: z.string() });

interface Dependencies {
  readonly store: VerificationStore;
  readonly knowledge: VerificationKnowledge;
  readonly publicAddress: string;
}

/** What follows from one verification: report, requirements that it covers, difference to the last certificate. */
export function reportRoutes(dependencies: Dependencies): readonly Route[] {
  const { store, knowledge } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/verifications/{id}/compliance',
      operationId: 'getVerificationCompliance',
      summary: 'Which requirements of which laws and standards its checks show to be met, or not',
      tag: TAG,
      permission: 'verification:read',
      params: VerificationId,
      response: z.object({ items: z.array(StandardCoverage) }),
      handler: async ({ params }) => {
        const { results } = await verificationOf(store, params.id);
        return { items: [...coverageOf(results, knowledge)] };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/verifications/{id}/difference',
      operationId: 'getVerificationDifference',
      summary: 'What is other than at the last certificate before',
      tag: TAG,
      permission: 'verification:read',
      params: VerificationId,
      response: VerificationDifference,
      handler: async ({ params }) => {
        const verification = await verificationOf(store, params.id);
        return differenceOf(await store.certifiedBefore(verification), verification);
      },
    }),
    reportRoute(dependencies),
  ];
}

function reportRoute({ store, knowledge, publicAddress }: Dependencies): Route {
  return defineRoute({
    method: 'GET',
    path: '/verifications/{id}/report',
    operationId: 'getVerificationReport',
    summary: 'The report on one verification, for the vendor of the device or an auditor',
    tag: TAG,
    permission: 'verification:read',
    params: VerificationId,
    query: z.object({ format: z.enum(['pdf', 'html']).default('pdf') }),
    response: { raw: 'application/pdf' },
    handler: async ({ params, query, request }) => {
      const verification = await verificationOf(store, params.id);
      const asset = await store.snapshot(verification.assetId);
      const certificate =
        verification.certificateId === undefined ? undefined : await store.certificate(verification.certificateId);
      const link = certificate && publicLinkOf(certificate, publicAddress, request);
      const background: ReportBackground = {
        coverage: coverageOf(verification.results, knowledge),
        difference: differenceOf(await store.certifiedBefore(verification), verification),
        occasion: knowledge.occasions.find(({ id }) => id === verification.occasion)?.title,
        ...(link === undefined ? {} : { publicLink: link, qrCode: qrCodeOf(link) }),
      };
      const name = `verification-${verification.id}`;
      if (query.format === 'html') {
        return new Response(renderReportHtml(verification, asset, certificate, background), {
          headers: { ...fileHeaders(`${name}.html`, 'inline'), 'content-type': 'text/html; charset=utf-8' },
        });
      }
      const pdf = await renderReportPdf(verification, asset, certificate, background);
      return new Response(new Uint8Array(pdf), {
        headers: { ...fileHeaders(`${name}.pdf`, 'attachment'), 'content-type': 'application/pdf' },
      });
    },
  });
}

async function verificationOf(store: VerificationStore, id: string): Promise<Verification> {
  const verification = await store.verification(id);
  if (verification === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no verification ${id}.`);
  return verification;
}
