import {
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { CareEdit, type CareMap } from '@sphinx/risk';
import { z } from 'zod';
import type { CareDesk } from '../care-map/care-desk.ts';
import { careItem, criticalNodes, editWords, nodeDetail, outageReport } from '../care-map/describe.ts';
import type { EditStore, MadeEdit } from '../care-map/edit-store.ts';
import { surroundingsOf } from '../care-map/surroundings.ts';
import {
  AreaItem,
  CareItem,
  CareNodeDetail,
  CareNodeItem,
  CriticalItem,
  EditItem,
  NodeId,
  OutageReport,
  Surroundings,
} from './care-shapes.ts';

const READ = { tag: 'care map', permission: 'risk:read' } as const;
const WRITE = { tag: 'care map', permission: 'risk:write' } as const;
const NodeParams = z.object({ id: NodeId });
const MOST_STOPPED = 100;

/** Parts that the routes of the care map need. */
export interface CareRouteParts {
  readonly desk: CareDesk;
  readonly edits: EditStore;
  readonly notify: () => void;
}

/** Who needs whom, and what people say about it. */
export function careRoutes(parts: CareRouteParts): readonly Route[] {
  return [...listRoutes(parts), ...nodeRoutes(parts), ...editRoutes(parts)];
}

function listRoutes({ desk }: CareRouteParts): readonly Route[] {
  let critical: { readonly map: CareMap; readonly items: readonly CriticalItem[] } | undefined;
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map',
      operationId: 'listCareServices',
      summary: 'Clinical services in their care areas, with beds, devices and applications',
      query: ListQuery,
      response: pageSchema(CareItem),
      handler: async ({ query }) => {
        const map = desk.map();
        return pageOfList(
          map.care().map((place) => careItem(map, place)),
          query,
          ({ id }) => id,
        );
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/critical',
      operationId: 'listCriticalNodes',
      summary: 'Applications, servers and networks that most of care depends on, each alone, the gravest first',
      query: ListQuery,
      response: pageSchema(CriticalItem),
      handler: async ({ query }) => {
        const map = desk.map();
        if (critical?.map !== map) critical = { map, items: criticalNodes(map) };
        return pageOfList([...critical.items], query, ({ id }) => id);
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/areas',
      operationId: 'listCareAreas',
      summary: 'Care areas and their beds, stated or counted',
      query: ListQuery,
      response: pageSchema(AreaItem),
      handler: async ({ query }) => pageOfList([...desk.map().areas()], query, ({ area }) => area),
    }),
  ];
}

function nodeRoutes({ desk }: CareRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/nodes',
      operationId: 'listCareNodes',
      summary: 'Everything in the care map: clinical services, assets, networks',
      query: ListQuery.extend({ search: z.string().max(200).optional().meta({ description: 'Part of a name' }) }),
      response: pageSchema(CareNodeItem),
      handler: async ({ query: { search = '', ...query } }) => {
        const words = search.trim().toLowerCase();
        const found = desk.map().nodes.filter(({ id, name }) => name.toLowerCase().includes(words) || id === search);
        return pageOfList(found, query, ({ id }) => id);
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/nodes/{id}',
      operationId: 'getCareNode',
      summary: 'What one node needs and what needs it, with how that is known',
      params: NodeParams,
      response: CareNodeDetail,
      handler: async ({ params }) => {
        const map = desk.map();
        return nodeDetail(map, placeIn(map, params.id));
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/nodes/{id}/surroundings',
      operationId: 'getCareSurroundings',
      summary: 'What one node needs and what needs it, step by step, for drawing',
      params: NodeParams,
      response: Surroundings,
      handler: async ({ params }) => {
        const map = desk.map();
        return surroundingsOf(map, placeIn(map, params.id));
      },
    }),
    defineRoute({
      ...READ,
      method: 'POST',
      path: '/care-map/outage',
      operationId: 'askCareOutage',
      summary: 'What stops when these stop, and for how many beds; nothing is changed',
      body: z.object({ stopped: z.array(NodeId).min(1).max(MOST_STOPPED) }),
      response: OutageReport,
      audit: { action: 'care-map.outage', subject: ({ body }) => body.stopped.join(', '), isForRefusalsOnly: true },
      handler: async ({ body }) => {
        const map = desk.map();
        return outageReport(map, [...new Set(body.stopped.map((id) => placeIn(map, id)))]);
      },
    }),
  ];
}

function editRoutes({ desk, edits, notify }: CareRouteParts): readonly Route[] {
  const told = (made: MadeEdit): z.infer<typeof EditItem> => ({ ...made, text: editWords(desk.map(), made.edit) });
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/care-map/edits',
      operationId: 'listCareEdits',
      summary: 'What people said about the care map, newest first, with what was taken back',
      query: SequencePageQuery,
      response: pageSchema(EditItem),
      handler: async ({ query: { cursor, limit } }) => {
        const page = await edits.list({ before: cursor, limit });
        return { ...page, items: page.items.map(told) };
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/care-map/edits',
      operationId: 'editCareMap',
      summary: 'States or denies a dependency, states beds, a clinical service, or what belongs to it',
      body: z.object({ edit: CareEdit, note: z.string().trim().max(1000).default('') }),
      response: EditItem,
      status: 201,
      audit: { action: 'care-map.edit', subject: ({ body }) => editSubject(body.edit) },
      handler: async ({ body, principal }) => {
        const made = await desk.edit(body.edit, body.note, principal.name);
        notify();
        return told(made);
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/care-map/edits/{id}/undo',
      operationId: 'undoCareEdit',
      summary: 'Takes a change of the care map back',
      params: z.object({ id: z.string().min(1).max(200) }),
      response: EditItem,
      audit: { action: 'care-map.undo', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        const undone = await desk.undo(params.id, principal.name);
        notify();
        return told(undone);
      },
    }),
  ];
}

function editSubject(edit: CareEdit): string {
  switch (edit.kind) {
    case 'dependency':
    case 'no-dependency':
      return `${edit.kind}: ${edit.dependent} on ${edit.provider}`;
    case 'beds':
      return `beds: ${edit.area} ${edit.beds ?? 'not stated'}`;
    case 'service':
      return `service: ${edit.service}`;
    case 'member':
      return `member: ${edit.asset} of ${edit.service}`;
    default:
      return edit satisfies never;
  }
}

/** @throws SphinxError SPX_NOT_FOUND */
function placeIn(map: CareMap, id: string): number {
  const place = map.placeOf(id);
  if (place === undefined) throw new SphinxError('SPX_NOT_FOUND', `The care map has no "${id}".`);
  return place;
}
