import { defineRoute, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { type RouteParts, TAG } from './routes.ts';
import { Sample } from './sessions/session.ts';

const SampleItem = Sample.extend({
  times: z.int().meta({ description: 'How often it was left behind' }),
  session: z.string().meta({ description: 'The last session that left it behind' }),
  firstSeen: z.number(),
  lastSeen: z.number(),
}).meta({ id: 'DecoySampleItem' });
export type SampleItem = z.infer<typeof SampleItem>;

/** What strangers left behind in decoys. */
export function sampleRoutes({ store, quarantine, audit }: RouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/decoy-samples',
      operationId: 'listDecoySamples',
      summary: 'Files and messages that were left behind in decoys, newest first, with the rules that match them',
      tag: TAG,
      permission: 'decoys:read',
      query: SequencePageQuery,
      response: pageSchema(SampleItem),
      handler: async ({ query: { cursor, limit } }) => {
        const page = await store.samples(cursor, limit);
        return { ...page, items: page.items.map(({ blob: _blob, ...item }) => item) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoy-samples/{sha256}',
      operationId: 'downloadDecoySample',
      summary:
        'A sample as it came. It may be hostile, and may hold data of a patient; each reading is recorded in the audit trail',
      tag: TAG,
      permission: 'decoys:samples',
      params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      response: { raw: 'application/octet-stream' },
      handler: async ({ params, principal }) => {
        const sample = await store.sample(params.sha256);
        if (sample === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no sample ${params.sha256}.`);
        await audit({ action: 'decoy.sample.download', subject: params.sha256, detail: { by: principal.name } });
        const content = await quarantine.open(sample.blob);
        return new Response(new Uint8Array(content), {
          headers: {
            'content-type': 'application/octet-stream',
            'content-disposition': `attachment; filename="${params.sha256.slice(0, 16)}.sample"`,
            'x-content-type-options': 'nosniff',
          },
        });
      },
    }),
  ];
}
