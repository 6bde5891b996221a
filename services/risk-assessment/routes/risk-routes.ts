import {
  type Clock,
  defineRoute,
  ListQuery,
  PageQuery,
  pageOfList,
  pageSchema,
  type Route,
  SphinxError,
} from '@sphinx/platform';
import { ControlState, RISK_LEVELS, RiskLevel } from '@sphinx/risk';
import { Identifier } from '@sphinx/schema';
import { z } from 'zod';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import type { ControlStore } from '../risk/control-store.ts';
import { assetDetail, assetItem, careRiskItem, controlItems, summaryOf, threatItems } from '../risk/describe-risk.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';
import {
  AssetRiskDetail,
  AssetRiskItem,
  CareRiskItem,
  ControlItem,
  RiskSummary,
  ThreatRiskItem,
} from './risk-shapes.ts';

const READ = { tag: 'risk', permission: 'risk:read' } as const;
const WRITE = { tag: 'risk', permission: 'risk:write' } as const;

/** Parts that the routes of risk need. */
export interface RiskRouteParts {
  readonly desk: RiskDesk;
  readonly book: EvidenceBook;
  readonly controls: ControlStore;
  readonly clock: Clock;
  readonly notify: () => void;
}

/** How likely, how bad for patients, and why. */
export function riskRoutes(parts: RiskRouteParts): readonly Route[] {
  return [...houseRoutes(parts), ...assetRoutes(parts), ...controlRoutes(parts)];
}

function houseRoutes({ desk }: RiskRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/summary',
      operationId: 'getRiskSummary',
      summary: 'Risk of the hospital in one look, and what it is reckoned with',
      response: RiskSummary,
      handler: async () => summaryOf(desk),
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/services',
      operationId: 'listCareRisks',
      summary: 'How likely each clinical service is disrupted by an attack, and why, the worst first',
      query: ListQuery,
      response: pageSchema(CareRiskItem),
      handler: async ({ query }) => {
        const items = desk
          .state()
          .map.care()
          .map((place) => careRiskItem(desk, place));
        return pageOfList(
          items.sort((a, b) => b.points - a.points),
          query,
          ({ id }) => id,
        );
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/threats',
      operationId: 'listThreatRisks',
      summary: 'How likely each threat compromises anything, where, and where its rate is from, the likeliest first',
      query: ListQuery,
      response: pageSchema(ThreatRiskItem),
      handler: async ({ query }) => pageOfList([...threatItems(desk)], query, ({ id }) => id),
    }),
  ];
}

function assetRoutes({ desk, book }: RiskRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/assets',
      operationId: 'listAssetRisks',
      summary: 'Risk of each asset, the greatest first',
      query: PageQuery.extend({
        search: z.string().max(200).optional().meta({ description: 'Part of a name, kind, zone or care area' }),
        level: RiskLevel.optional().meta({ description: 'Only this level and above' }),
      }),
      response: pageSchema(AssetRiskItem),
      handler: async ({ query: { search = '', level, ...query } }) => {
        const state = desk.state();
        const words = search.trim().toLowerCase();
        const least = level === undefined ? 0 : RISK_LEVELS.indexOf(level);
        const places = desk.ranked().filter((place) => {
          const asset = state.assets[place];
          if (asset === undefined) return false;
          const text = `${asset.id} ${asset.name} ${asset.kind} ${asset.zone} ${asset.careArea}`.toLowerCase();
          return text.includes(words) && (least === 0 || RISK_LEVELS.indexOf(state.ofAsset(place).level) >= least);
        });
        const page = pageOfList(places, query, (place) => state.assets[place]?.id ?? '');
        return { ...page, items: page.items.map((place) => assetItem(desk, place)) };
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/assets/{id}',
      operationId: 'getAssetRisk',
      summary: 'Risk of one asset: threats with their reasons, consequences, evidence, what stops without it',
      params: z.object({ id: Identifier }),
      response: AssetRiskDetail,
      handler: async ({ params }) => {
        const place = desk.state().compromise.placeOf(params.id);
        if (place === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no asset "${params.id}".`);
        return assetDetail(desk, book, place);
      },
    }),
  ];
}

function controlRoutes({ desk, controls, clock, notify }: RiskRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/controls',
      operationId: 'listRiskControls',
      summary: 'What a hospital can do against threats, whether this one does, and what each takes away',
      query: ListQuery,
      response: pageSchema(ControlItem),
      handler: async ({ query }) => pageOfList([...controlItems(desk, controls)], query, ({ id }) => id),
    }),
    defineRoute({
      ...WRITE,
      method: 'PUT',
      path: '/risk/controls/{id}',
      operationId: 'stateRiskControl',
      summary: 'Says whether a control is in place; null takes the statement back. Risk is reckoned anew at once',
      params: z.object({ id: z.string().min(1).max(100) }),
      body: z.object({ state: ControlState.nullable(), note: z.string().trim().max(1000).default('') }),
      response: ControlItem,
      audit: {
        action: 'risk.control',
        subject: ({ params, body }) => `${params.id}: ${body.state ?? 'not stated'}`,
      },
      handler: async ({ params, body, principal }) => {
        if (!desk.knowledge.controls.some(({ id }) => id === params.id)) {
          throw new SphinxError('SPX_NOT_FOUND', `There is no control "${params.id}".`);
        }
        await controls.set({ control: params.id, ...body, by: principal.name, time: clock.now() });
        desk.controlsChanged();
        notify();
        return controlItems(desk, controls).find(({ id }) => id === params.id);
      },
    }),
  ];
}
