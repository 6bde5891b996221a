import {
  defineRoute,
  ListQuery,
  MakerQuery,
  type MakerScope,
  makerScopeOf,
  pageOfList,
  pageSchema,
  type Route,
  SphinxError,
} from '@sphinx/platform';
import { Verdict } from '@sphinx/schema';
import { z } from 'zod';
import type { VerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { fileHeaders } from '../routes.ts';
import { publicLinkOf } from '../routes-public.ts';
import { deviceChecksOf } from './device-checks.ts';
import type { DeviceReferences } from './device-references.ts';
import { renderVendorReport } from './vendor-html.ts';
import { type JudgedDevice, VendorDevice, VendorReport, vendorDeviceOf, vendorReportOf } from './vendor-report.ts';
import type { VendorStore } from './vendor-store.ts';

const READ = { tag: 'vendor', permission: 'vendor:read' } as const;
const DeviceId = z.object({ id: z.string().max(64) });

interface Dependencies {
  readonly store: VendorStore;
  readonly references: DeviceReferences;
  readonly knowledge: VerificationKnowledge;
  /** Address of this SPHINX as others reach it; empty: that under which it was asked. */
  readonly publicAddress: string;
}

/** What the maker of a device may see of it. Every answer is about the makers of whoever asks. */
export function vendorRoutes({ store, references, knowledge, publicAddress }: Dependencies): readonly Route[] {
  const shown = deviceChecksOf(knowledge.checks);
  const devicesOf = async (scope: MakerScope, request: Request): Promise<readonly JudgedDevice[]> =>
    (await store.devicesOf(scope, shown)).map(({ assetId, ...device }) => ({
      ...device,
      id: references.of(assetId),
      publicLink: device.certificate === null ? undefined : publicLinkOf(device.certificate, publicAddress, request),
    }));
  const reportOf = async (id: string, scope: MakerScope, request: Request): Promise<VendorReport> => {
    const found = (await store.devicesOf(scope, shown)).find(({ assetId }) => references.of(assetId) === id);
    const report = found && (await store.report(found.assetId, scope));
    if (found === undefined || report === undefined) {
      throw new SphinxError('SPX_NOT_FOUND', `There is no device ${id} of this maker.`);
    }
    const { assetId: _assetId, ...device } = found;
    const publicLink =
      device.certificate === null ? undefined : publicLinkOf(device.certificate, publicAddress, request);
    return vendorReportOf({ ...device, id, publicLink }, report, shown);
  };
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/vendor/devices',
      operationId: 'listVendorDevices',
      summary: 'Devices of the maker who asks, with verdict and certificate; not where they are',
      query: ListQuery.extend({ ...MakerQuery.shape, verdict: Verdict.optional() }),
      response: pageSchema(VendorDevice),
      handler: async ({ query, principal, request }) => {
        const devices = await devicesOf(makerScopeOf(principal, query.maker), request);
        const found = devices
          .filter(({ verdict }) => query.verdict === undefined || verdict === query.verdict)
          .map(vendorDeviceOf);
        return pageOfList(found, query, ({ id }) => id);
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/vendor/devices/{id}',
      operationId: 'getVendorDevice',
      summary: 'The report on one device for its maker',
      params: DeviceId,
      query: MakerQuery,
      response: VendorReport,
      handler: ({ params, query, principal, request }) =>
        reportOf(params.id, makerScopeOf(principal, query.maker), request),
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/vendor/devices/{id}/report',
      operationId: 'printVendorDevice',
      summary: 'The same report as a page to print',
      params: DeviceId,
      query: MakerQuery,
      response: { raw: 'text/html' },
      handler: async ({ params, query, principal, request }) => {
        const report = await reportOf(params.id, makerScopeOf(principal, query.maker), request);
        const headers = {
          ...fileHeaders(`${report.device.id}.html`, 'inline'),
          'content-type': 'text/html; charset=utf-8',
        };
        return new Response(renderVendorReport(report), { headers });
      },
    }),
  ];
}
