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
    (await store.devicesOf(scope)).map(({ asset, verification, certificate }) => ({
      id: references.of(asset.id),
      asset,
      verification,
      certificate,
      publicLink: certificate && publicLinkOf(certificate, publicAddress, request),
    }));
  const deviceOf = async (id: string, scope: MakerScope, request: Request): Promise<JudgedDevice> => {
    const device = (await devicesOf(scope, request)).find((each) => each.id === id);
    if (device === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no device ${id} of this maker.`);
    return device;
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
          .filter(({ verification }) => [undefined, verification.verdict].includes(query.verdict))
          .map((device) => vendorDeviceOf(device, shown));
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
      handler: async ({ params, query, principal, request }) =>
        vendorReportOf(await deviceOf(params.id, makerScopeOf(principal, query.maker), request), shown),
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
        const device = await deviceOf(params.id, makerScopeOf(principal, query.maker), request);
        const headers = { ...fileHeaders(`${device.id}.html`, 'inline'), 'content-type': 'text/html; charset=utf-8' };
        return new Response(renderVendorReport(vendorReportOf(device, shown)), { headers });
      },
    }),
  ];
}
