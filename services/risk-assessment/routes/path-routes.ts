import { defineRoute, ListQuery, PageQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { chokePointItems, pathItems, whatIfReport } from '../paths/describe-paths.ts';
import type { PathDesk } from '../paths/path-desk.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';
import { ChokePointItem, PathItem, WhatIf, WhatIfReport } from './path-shapes.ts';

const READ = { tag: 'attack paths', permission: 'risk:read' } as const;

/** Ways of attackers to what matters, what they all pass, and what a change would leave. */
export function pathRoutes({ desk, risk }: { readonly desk: PathDesk; readonly risk: RiskDesk }): readonly Route[] {
  const placesOf = (ids: readonly string[]) =>
    new Set(
      ids.map((id) => {
        const place = risk.state().compromise.placeOf(id);
        if (place === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no asset "${id}".`);
        return place;
      }),
    );
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/attack-paths',
      operationId: 'listAttackPaths',
      summary: 'The likeliest way to each thing that attackers want, step by step, the most threatening first',
      query: PageQuery.extend({
        group: z
          .string()
          .max(100)
          .optional()
          .meta({ description: 'Only targets of this group, for example `records`' }),
      }),
      response: pageSchema(PathItem),
      handler: async ({ query: { group, ...query } }) => {
        const items = pathItems(desk).filter((item) => group === undefined || item.group === group);
        return pageOfList(items, query, (item) => `${item.group}|${item.id}`);
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/attack-paths/choke-points',
      operationId: 'listChokePoints',
      summary: 'Devices and networks that ways to many targets lead through, the weightiest first',
      query: ListQuery,
      response: pageSchema(ChokePointItem),
      handler: async ({ query }) => pageOfList([...chokePointItems(desk)], query, ({ id }) => id),
    }),
    defineRoute({
      ...READ,
      method: 'POST',
      path: '/attack-paths/what-if',
      operationId: 'askAttackPaths',
      summary: 'What would be left of the ways if some assets were patched, parted or switched off; nothing is changed',
      body: WhatIf,
      response: WhatIfReport,
      audit: {
        action: 'attack-paths.what-if',
        subject: ({ body }) => [...body.patched, ...body.parted, ...body.off].join(', '),
        isForRefusalsOnly: true,
      },
      handler: async ({ body }) => {
        const change = { patched: placesOf(body.patched), parted: placesOf(body.parted), off: placesOf(body.off) };
        return whatIfReport(desk, risk, change);
      },
    }),
  ];
}
