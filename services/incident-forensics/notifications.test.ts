import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentView } from './incidents/incident-record.ts';
import type { AuthorityDraft } from './notifications/authority-drafts.ts';
import { type ChannelSettings, mayTellAt, onCallAt } from './notifications/channel.ts';
import type { Delivery } from './notifications/channel-store.ts';
import { DAY, detection, House, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}
interface Post {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const BASE: Omit<ChannelSettings, 'target'> = {
  name: 'test',
  isEnabled: true,
  leastSeverity: 'high',
  events: ['opened'],
  quietHours: null,
  timeZone: 'UTC',
  onCall: [],
};

let house: House;
const posts: Post[] = [];
let answer = 200;
const web = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    posts.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(answer).end();
  });
});
let webAddress = '';

beforeAll(async () => {
  house = await House.open({ collectsEvidence: false });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webAddress = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await house.close();
  web.close();
});

async function add(target: ChannelSettings['target'], secret?: string, more: Partial<ChannelSettings> = {}) {
  return house.ask<{ id: string; hasSecret: boolean }>('addNotificationChannel', {
    body: { settings: { ...BASE, ...more, target }, ...(secret === undefined ? {} : { secret }) },
  });
}

let hosts = 0;
async function attack(): Promise<IncidentView> {
  hosts += 1;
  const [from, to, time] = [`10.77.0.${hosts}`, `10.78.0.${hosts}`, START + hosts * DAY];
  const shell = { title: 'Shell code', severity: 'critical', class: 'shellcode-detect' } as const;
  await house.publish('detection.found', detection({ ...shell, sid: 100 + hosts, from, to, time }));
  const { items } = await house.ask<Page<IncidentView>>('listIncidents', { query: { search: from } });
  return items[0] as IncidentView;
}

async function deliveries(): Promise<readonly Delivery[]> {
  return (await house.ask<Page<Delivery>>('listNotificationDeliveries')).items;
}

/** Waits for what happens beside the test. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 800 && !(await isSo()); tries++) await delay(25);
}

describe('An incident', () => {
  it('is told to webhook, Teams, Slack and Matrix in their forms, signed, once', async () => {
    const channels = [
      await add({ kind: 'webhook', url: `${webAddress}/hook` }, 'shared secret'),
      await add({ kind: 'teams' }, `${webAddress}/teams`),
      await add({ kind: 'slack' }, `${webAddress}/slack`),
      await add({ kind: 'matrix', homeserver: webAddress, room: '!room:hospital.example' }, 'token'),
    ];
    const incident = await attack();
    await until(() => posts.length >= 4);
    const at = (path: string) => posts.find((post) => post.path.startsWith(path)) as Post;
    const hook = at('/hook');
    expect(JSON.parse(hook.body)).toMatchObject({ event: 'incident.opened', incident: { id: incident.id } });
    const { createHmac } = await import('node:crypto');
    const expected = createHmac('sha256', 'shared secret').update(hook.body).digest('hex');
    expect(hook.headers['x-sphinx-signature']).toBe(`sha256=${expected}`);
    expect(JSON.parse(at('/teams').body).attachments[0].content.type).toBe('AdaptiveCard');
    expect(JSON.parse(at('/slack').body).text).toContain(`INC-${incident.number}`);
    expect(at('/_matrix/client/v3/rooms/').headers.authorization).toBe('Bearer token');
    expect(posts).toHaveLength(4);
    const listed = await house.ask('listNotificationChannels');
    expect(JSON.stringify(listed)).not.toMatch(/shared secret|token"|\/teams/);
    for (const { id, hasSecret } of channels) {
      expect(hasSecret).toBe(true);
      await house.ask('removeNotificationChannel', { params: { id } });
    }
  });

  it('is told again until it works, also after a restart', async () => {
    const { id } = await add({ kind: 'webhook', url: `${webAddress}/later` });
    answer = 503;
    const incident = await attack();
    const mine = async () => (await deliveries()).find((each) => each.incident === incident.id);
    await until(async () => (await mine())?.attempts === 1);
    expect(await mine()).toMatchObject({ state: 'waiting', error: 'it answered with status 503' });
    answer = 200;
    house.clock.advance(60_000);
    await house.restart();
    await until(async () => (await mine())?.state === 'told');
    expect(await mine()).toMatchObject({ state: 'told', attempts: 2, error: '' });
    await house.ask('removeNotificationChannel', { params: { id } });
  }, 30_000);

  it('is told by syslog and CEF, over UDP and TCP', async () => {
    const lines: string[] = [];
    const udp = createSocket('udp4', (datagram) => lines.push(datagram.toString()));
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const tcp = createTcpServer((socket) => socket.on('data', (chunk) => lines.push(chunk.toString())));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const common = { kind: 'syslog', host: '127.0.0.1' } as const;
    const ids = [
      await add({ ...common, port: udp.address().port, transport: 'udp', format: 'cef' }),
      await add({ ...common, port: (tcp.address() as AddressInfo).port, transport: 'tcp', format: 'rfc5424' }),
    ];
    await attack();
    await until(() => lines.length >= 2);
    expect(lines.find((line) => line.includes('CEF:0|SPHINX|SPHINX|'))).toMatch(/^<34>1 /);
    expect(lines.find((line) => !line.includes('CEF'))).toMatch(/^\d+ <34>1 .* incident\.opened - /);
    for (const { id } of ids) await house.ask('removeNotificationChannel', { params: { id } });
    udp.close();
    tcp.close();
  });

  it('that is not severe enough, or of a channel that is off, is told to nobody', async () => {
    const before = (await deliveries()).length;
    const { id } = await add({ kind: 'webhook', url: `${webAddress}/never` }, undefined, { isEnabled: false });
    await attack();
    expect((await deliveries()).length).toBe(before);
    await house.ask('removeNotificationChannel', { params: { id } });
  });

  it('can be tried out, and says what is wrong', async () => {
    const good = await add({ kind: 'webhook', url: `${webAddress}/try` });
    expect(await house.ask('testNotificationChannel', { params: { id: good.id } })).toEqual({
      isTold: true,
      error: '',
    });
    expect(posts.at(-1)?.body).toContain('Nothing happened');
    const bad = await add({ kind: 'webhook', url: 'http://127.0.0.1:1/' });
    const told = await house.ask<{ isTold: boolean; error: string }>('testNotificationChannel', {
      params: { id: bad.id },
    });
    expect(told.isTold).toBe(false);
    expect(told.error).toMatch(/could not be reached/);
  });
});

describe('Quiet hours and who is on call', () => {
  const at = (text: string) => Date.parse(`2026-03-02T${text}:00Z`);
  const quiet = {
    ...BASE,
    target: { kind: 'teams' as const },
    quietHours: { from: '22:00', until: '06:30', exceptFrom: 'critical' as const },
  };

  it('wait until the hours end, but for what is severe', () => {
    expect(mayTellAt(quiet, 'high', at('21:59'))).toBe(at('21:59'));
    expect(mayTellAt(quiet, 'high', at('23:15'))).toBe(at('06:30') + 86_400_000);
    expect(mayTellAt(quiet, 'high', at('06:29'))).toBe(at('06:30'));
    expect(mayTellAt(quiet, 'critical', at('23:15'))).toBe(at('23:15'));
    expect(mayTellAt({ ...quiet, timeZone: 'Europe/Berlin' }, 'high', at('21:30'))).toBe(at('05:30') + 86_400_000);
  });

  it('call who has the shift, over midnight too', () => {
    const shift = {
      name: 'Night',
      address: 'night@kh.example',
      days: [1],
      from: '20:00',
      until: '06:00',
      leastSeverity: 'high' as const,
    };
    const settings = { ...BASE, target: { kind: 'teams' as const }, onCall: [shift] };
    // 2026-03-02 is a Monday.
    expect(onCallAt(settings, 'high', at('21:00'))).toEqual(['night@kh.example']);
    expect(onCallAt(settings, 'high', at('03:00') + 86_400_000)).toEqual(['night@kh.example']);
    expect(onCallAt(settings, 'high', at('03:00'))).toEqual([]);
    expect(onCallAt(settings, 'medium', at('21:00'))).toEqual([]);
  });
});

describe('Drafts for authorities', () => {
  it('have the deadlines of the law and the facts of the case', async () => {
    const incident = await attack();
    const { items } = await house.ask<Page<AuthorityDraft>>('listAuthorityDrafts', { params: { id: incident.id } });
    const hours = items.map(({ id, dueAt }) => [id, (dueAt - (incident.openedAt ?? 0)) / 3_600_000]);
    expect(hours).toEqual([
      ['nis2.early-warning', 24],
      ['gdpr.authority', 72],
      ['nis2.notification', 72],
      ['nis2.final-report', 792],
    ]);
    const warning = items[0] as AuthorityDraft;
    expect(warning.fields[0]?.text).toContain(`INC-${incident.number}`);
    expect(warning.fields.find(({ title }) => title.includes('borders'))).toMatchObject({ isOpen: true });
  });
});
