import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { call, openWholeProgram, readSampleHospital } from './whole-program.ts';

interface Page {
  readonly items: readonly object[];
  readonly nextCursor: string | null;
}

/** Every list of the API. Those that grow are looked at on the invented hospital, a long asset history among them. */
const LISTS = [
  '/anomalies',
  '/anomaly-detectors',
  '/asset-kinds',
  '/asset-views',
  '/assets',
  '/assets/addresses',
  '/assets/{id}/history',
  '/assets/{id}/parts',
  '/attack-paths',
  '/attack-paths/choke-points',
  '/audit',
  '/baselines',
  '/candidates',
  '/care-map',
  '/care-map/areas',
  '/care-map/critical',
  '/care-map/edits',
  '/care-map/nodes',
  '/certificates',
  '/checks',
  '/data-kinds',
  '/data-transfers',
  '/data-transfers/receivers',
  '/decision-lessons',
  '/decision-subjects',
  '/decisions',
  '/declarations',
  '/detections',
  '/downtime/contacts',
  '/events',
  '/feeds',
  '/files',
  '/files/rules',
  '/findings',
  '/findings/exceptions',
  '/gate/clients',
  '/gate/decisions',
  '/incident-lessons',
  '/incidents',
  '/incidents/{id}/authority-drafts',
  '/incidents/{id}/custody',
  '/incidents/{id}/evidence',
  '/incidents/{id}/signals',
  '/incidents/{id}/similar',
  '/incidents/{id}/timeline',
  '/interfaces',
  '/jobs',
  '/log-alerts',
  '/log-formats',
  '/log-retention',
  '/log-rule-sets',
  '/log-rules',
  '/log-searches',
  '/log-sources',
  '/logs',
  '/model-feedback',
  '/notification-channels',
  '/notification-deliveries',
  '/playbooks',
  '/removable-media',
  '/removable-media/uses',
  '/response/actuator-kinds',
  '/response/actuators',
  '/response/approvals',
  '/response/runs',
  '/response/tasks',
  '/risk/assets',
  '/risk/controls',
  '/risk/forecast-record',
  '/risk/forecasts',
  '/risk/proposals',
  '/risk/register',
  '/risk/services',
  '/risk/threats',
  '/rule-lists',
  '/rule-lists/{name}/entries',
  '/rule-sets',
  '/rule-sets/{id}/rejected',
  '/rules',
  '/sensors',
  '/services',
  '/software',
  '/software/imports',
  '/sources',
  '/tokens',
  '/traffic/flows',
  '/traffic/records',
  '/uptime/checks',
  '/uptime/maintenance',
  '/uptime/proposals',
  '/uptime/services',
  '/uptime/services/{id}/drills',
  '/uptime/services/{id}/history',
  '/uptime/services/{id}/hours',
  '/uptime/services/{id}/reports',
  '/uptime/services/{id}/results',
  '/users',
  '/vendor-submissions',
  '/vendor/devices',
  '/vendor/submissions',
  '/vendor/weaknesses',
  '/verification-occasions',
  '/verification-policies',
  '/verifications',
  '/verifications/verdicts',
  '/weaknesses',
  '/weaknesses/changes',
  '/weaknesses/groups',
  '/zones',
];
const MAY_BE_SHORT = [
  '/incidents/{id}/signals',
  '/incidents/{id}/timeline',
  '/assets/{id}/parts',
  '/interfaces',
  '/log-rule-sets',
  '/rule-lists',
  '/rule-sets',
  '/sources',
  '/vendor/devices',
];
/** Nothing was detected on the invented hospital, no rule is rejected, no remote sensor is let in, no weakness is known. */
const MAY_BE_EMPTY = [
  '/anomalies',
  '/baselines',
  '/candidates',
  '/care-map/edits',
  '/data-transfers',
  '/data-transfers/receivers',
  '/decision-lessons',
  '/decision-subjects',
  '/decisions',
  '/detections',
  '/downtime/contacts',
  '/findings',
  '/findings/exceptions',
  '/gate/clients',
  '/gate/decisions',
  '/incident-lessons',
  '/incidents',
  '/incidents/{id}/custody',
  '/incidents/{id}/evidence',
  '/incidents/{id}/similar',
  '/log-alerts',
  '/log-searches',
  '/log-sources',
  '/logs',
  '/model-feedback',
  '/notification-channels',
  '/notification-deliveries',
  '/removable-media',
  '/removable-media/uses',
  '/risk/forecast-record',
  '/risk/forecasts',
  '/risk/proposals',
  '/risk/register',
  '/response/actuators',
  '/response/approvals',
  '/response/runs',
  '/response/tasks',
  '/rule-sets/{id}/rejected',
  '/sensors',
  '/software',
  '/software/imports',
  '/vendor-submissions',
  '/vendor/submissions',
  '/vendor/weaknesses',
  '/uptime/maintenance',
  '/uptime/proposals',
  '/uptime/services/{id}/history',
  '/uptime/services/{id}/hours',
  '/uptime/services/{id}/results',
  '/weaknesses',
  '/weaknesses/changes',
  '/weaknesses/groups',
];

let program: Program;
let assetId = '';
let ruleSetId = '';
let incidentId = '';
let serviceId = '';
/** Of whom most devices are. */
let maker = '';

beforeAll(async () => {
  program = await openWholeProgram();
  await readSampleHospital(program);
  const { items } = await call<{ items: { id: string }[] }>(program, 'GET', '/assets?limit=1');
  assetId = items[0]?.id ?? '';
  const { manufacturers } = await call<{ manufacturers: { id: string; count: number }[] }>(
    program,
    'GET',
    '/assets/summary',
  );
  maker = manufacturers.filter(({ id }) => id !== 'unknown').toSorted((a, b) => b.count - a.count)[0]?.id ?? '';
  const ruleSets = await call<{ items: { id: string }[] }>(program, 'GET', '/rule-sets?limit=1');
  ruleSetId = ruleSets.items[0]?.id ?? '';
  const noted = await call<{ items: { id: string }[] }>(program, 'GET', '/incidents?attention=noted&limit=1');
  incidentId = noted.items[0]?.id ?? '';
  for (const name of ['first', 'second', 'third', 'fourth']) {
    const watched = { name, checks: [{ kind: 'backup-freshness' }] };
    serviceId = (await call<{ id: string }>(program, 'POST', '/uptime/services', watched)).id;
    await call(program, 'PATCH', `/assets/${assetId}`, { name });
    await call(program, 'POST', '/asset-views', { name, query: '' });
    const role = name === 'first' ? 'administrator' : 'viewer';
    const user = await program.access.users.add({ username: name, name, role, password: 'a calm night on ward 3' });
    await program.access.tokens.create(user.id, { name, permissions: ['assets:read'], expiresInDays: 1 });
    const job = await program.engines.jobs.start({ owner: name, kind: 'none', title: name }, async () => ({}));
    await program.engines.jobs.finished(job);
  }
  for (const bytes of [1, 2, 3])
    await call(program, 'POST', `/uptime/services/${serviceId}/reports`, { succeeded: true, bytes });
  for (const recoveryMinutes of [1, 2, 3])
    await call(program, 'POST', `/uptime/services/${serviceId}/drills`, { at: recoveryMinutes, recoveryMinutes });
  await putRuleList('bad-hosts', '192.0.2.1,90\n192.0.2.2,80\n192.0.2.3,70');
  await program.engines.bus.drained();
}, 180_000);
afterAll(() => program.close());

/** Without what counts time while it is read. */
function steady(item: object): object {
  const { budget, ...others } = item as { budget?: unknown };
  return others;
}

/** Follows the cursors to the end. */
async function readPages(path: string, limit: number): Promise<readonly object[]> {
  const items: object[] = [];
  for (let cursor = ''; ; ) {
    const page: Page = await call(program, 'GET', `${path}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items.map(steady));
    if (page.nextCursor === null) return items;
    cursor = encodeURIComponent(page.nextCursor);
  }
}

/** What a list has to be told to answer. */
const questionOf = (list: string) => {
  if (list === '/weaknesses/groups') return 'by=asset&';
  if (list.startsWith('/vendor/')) return `maker=${encodeURIComponent(maker)}&`;
  return list === '/software' ? `assetId=${assetId}&` : '';
};
const pathOf = (list: string) =>
  `${list.replace('{id}', idFor(list)).replace('{name}', 'bad-hosts')}?${questionOf(list)}`;

function idFor(list: string): string {
  if (list.startsWith('/rule-sets/')) return ruleSetId;
  if (list.startsWith('/uptime/')) return serviceId;
  return list.startsWith('/incidents/') ? incidentId : assetId;
}

async function ask(path: string): Promise<Response> {
  const token = program.access.issueLocalSecret('test');
  return program.fetch(
    new Request(`https://localhost/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } }),
  );
}

/** A list of values that rules look up. */
async function putRuleList(name: string, content: string): Promise<void> {
  const token = program.access.issueLocalSecret('test');
  const url = `https://localhost/api/v1/rule-lists/${name}?type=reputation`;
  const headers = { authorization: `Bearer ${token}` };
  const response = await program.fetch(new Request(url, { method: 'PUT', headers, body: content }));
  expect(response.status).toBe(204);
}

describe('Every list of the API', () => {
  it('is walked here', () => {
    const lists = program.api.routes.filter(
      ({ method, response }) =>
        method === 'GET' && response !== null && 'shape' in response && hasItems(response.shape),
    );
    expect(lists.map(({ path }) => path).toSorted()).toEqual(LISTS);
  });

  it.each(LISTS)('is read page by page, each item once and in the same order: %s', async (list) => {
    const whole = await readPages(pathOf(list), 500);
    const fewest = MAY_BE_EMPTY.includes(list) ? 0 : MAY_BE_SHORT.includes(list) ? 1 : 3;
    expect(whole.length).toBeGreaterThanOrEqual(fewest);
    expect(await readPages(pathOf(list), Math.max(1, Math.floor(whole.length / 3)))).toEqual(whole);
  });

  it.each(LISTS)('links to its next page: %s', async (list) => {
    const first = await ask(`${pathOf(list)}limit=1`);
    const { nextCursor } = (await first.json()) as Page;
    const link = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
    if (nextCursor === null) return expect(link).toBeUndefined();
    const next = (await (await ask((link ?? '').replace('/api/v1', ''))).json()) as Page;
    const asked: Page = await call(program, 'GET', `${pathOf(list)}limit=1&cursor=${nextCursor}`);
    expect(next.items.map(steady)).toEqual(asked.items.map(steady));
    expect(next.nextCursor).toBe(asked.nextCursor);
  });

  it.each(LISTS)('says so when a cursor is none of its own: %s', async (list) => {
    for (const cursor of ['', 'x', '-1', '9'.repeat(30), 'WzEsMiwzXQ', 'bnVsbA', '%00', "1'--"]) {
      const response = await ask(`${pathOf(list)}limit=1&cursor=${cursor}`);
      expect(response.status, cursor).toBe(400);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'SPX_INVALID_INPUT', status: 400 });
    }
  });

  it('goes on where it was although something new came first', async () => {
    const read = async (query: string) => (await ask(`/events?limit=2${query}`)).json() as Promise<Page>;
    const first = await read('');
    await call(program, 'PATCH', `/assets/${assetId}`, { name: 'renamed while somebody reads' });
    const second = await read(`&cursor=${first.nextCursor}`);
    const [, last] = first.items as { sequence: number }[];
    const [next] = second.items as { sequence: number }[];
    expect(next?.sequence).toBe((last?.sequence ?? 0) - 1);
  });

  it('is filtered before it is cut', async () => {
    const all = await readPages('/jobs?owner=second&', 1);
    expect(all).toMatchObject([{ owner: 'second', state: 'succeeded' }]);
    expect(await readPages('/jobs?state=failed&', 1)).toEqual([]);
    expect(await readPages('/users?role=viewer&', 1)).toMatchObject([
      { username: 'fourth' },
      { username: 'second' },
      { username: 'third' },
    ]);
    const stated = (await readPages(`/assets/${assetId}/history?action=stated&`, 2)) as { action: string }[];
    expect(new Set(stated.map(({ action }) => action))).toEqual(new Set(['stated']));
    expect(stated.length).toBeGreaterThan(3);
  });
});

function hasItems(shape: unknown): boolean {
  return typeof shape === 'object' && shape !== null && 'items' in shape && 'nextCursor' in shape;
}
