import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionPiece } from '@sphinx/platform';
import { readZip } from '@sphinx/platform/archive';
import type { Asset } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TimeStampAuthority } from '../../packages/platform/src/signing/time-stamp-authority.ts';
import { checkBundle } from './bundle/check-bundle.ts';
import type { CustodyEntry } from './evidence/custody.ts';
import type { EvidenceItem } from './evidence/evidence-item.ts';
import type { IncidentView } from './incidents/incident-record.ts';
import { alert, detection, HOUR, House, MINUTE, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

let house: House;
let incident: IncidentView;
let folder: string;
let isLive = true;
let end: () => void = () => undefined;

const piece = (kind: SessionPiece['kind'], content: string): SessionPiece => ({
  kind,
  name: `${kind}.bin`,
  about: kind,
  mediaType: 'application/octet-stream',
  isMasked: kind === 'decoy-session',
  content: Buffer.from(content),
});
const SSH: Asset['services'][number] = {
  transport: 'tcp',
  port: 22,
  protocol: 'SSH',
  isEncrypted: true,
  evidence: [],
  firstSeen: START,
  lastSeen: START,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-decoy-evidence-'));
  house = await House.open();
  house.sessions.offer({
    open: async (id) =>
      id === 'ses_1'
        ? {
            isLive,
            pieces: [
              piece('decoy-session', isLive ? 'so far' : 'to the end'),
              piece('decoy-credentials', 'root toor'),
              piece('decoy-sample', 'hostile'),
            ],
          }
        : undefined,
    over: () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  });
  await house.device('ws-12', '10.1.0.12', { kind: 'workstation' }, { time: START - HOUR });
  const again = { services: [SSH], revision: 2, time: START + MINUTE };
  await house.device('ws-12', '10.1.0.12', { kind: 'workstation' }, again);
  await house.publish('alert.raised', {
    ...alert({
      rule: 'Decoy',
      kind: 'decoy',
      severity: 'high',
      time: START,
      subjects: [{ role: 'actor', type: 'ip', value: '10.1.0.12' }],
    }),
    evidence: [{ kind: 'session', id: 'ses_1', time: START, summary: 'ssh: human' }],
  });
  incident = (await house.ask<Page<IncidentView>>('listIncidents')).items[0] as IncidentView;
  await house.collected(2);
}, 60_000);
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function evidenceOf(kind: string): Promise<readonly EvidenceItem[]> {
  const { items } = await house.ask<Page<EvidenceItem>>('listIncidentEvidence', { params: { id: incident.id } });
  return items.filter((each) => each.kind === kind);
}

async function read({ id }: EvidenceItem): Promise<string> {
  const body = { reason: 'a look' };
  const response = await house.ask<Response>('openIncidentEvidence', {
    params: { id: incident.id, evidence: id },
    body,
  });
  return response.text();
}

describe('A visit to a decoy', () => {
  it('becomes evidence when it is over, once, under the chain of custody and in the bundle', async () => {
    expect(await evidenceOf('decoy-session')).toEqual([]);
    isLive = false;
    end();
    await house.collected(5);
    const [session] = await evidenceOf('decoy-session');
    expect(await read(session as EvidenceItem)).toBe('to the end');
    expect(await evidenceOf('decoy-sample')).toMatchObject([{ isMasked: false, collectedBy: 'SPHINX' }]);
    const { items: custody } = await house.ask<Page<CustodyEntry>>('listIncidentCustody', {
      params: { id: incident.id },
    });
    expect(custody.filter(({ action }) => action === 'collected').map(({ detail }) => detail)).toEqual(
      expect.arrayContaining(['decoy-session', 'decoy-credentials', 'decoy-sample']),
    );
    await house.ask('collectIncidentEvidence', { params: { id: incident.id } });
    expect(await evidenceOf('decoy-session')).toHaveLength(1);
    for (const [isUnmasked, kinds] of [
      [false, ['decoy-session']],
      [true, ['decoy-session', 'decoy-credentials', 'decoy-sample']],
    ] as const) {
      const path = join(folder, 'case.zip');
      const body = { reason: 'for the police', isUnmasked };
      const response = await house.ask<Response>('exportIncident', { params: { id: incident.id }, body });
      await writeFile(path, Buffer.from(await response.arrayBuffer()));
      expect((await checkBundle(path)).problems).toEqual([]);
      const names: string[] = [];
      for await (const { name } of readZip(path, { entries: 100, unpackedBytes: 1e8 })) names.push(name);
      expect(names.flatMap((name) => /decoy-\w+/.exec(name)?.[0] ?? [])).toEqual(kinds);
    }
  });
});

describe('A time stamp of an authority', () => {
  let authority: TimeStampAuthority;
  let stamped: House;
  let id = '';
  beforeAll(async () => {
    authority = await TimeStampAuthority.open();
    stamped = await House.open({ timeStampAuthority: authority.url });
    const shell = { title: 'Shell code', severity: 'critical', class: 'shellcode-detect' } as const;
    await stamped.publish(
      'detection.found',
      detection({ ...shell, sid: 1, from: '10.1.0.1', to: '10.1.0.2', time: START }),
    );
    id = (await stamped.ask<Page<IncidentView>>('listIncidents')).items[0]?.id ?? '';
    await stamped.collected(1);
  }, 60_000);
  afterAll(async () => {
    await stamped.close();
    authority.close();
  });

  async function exportTo(name: string): Promise<string> {
    const response = await stamped.ask<Response>('exportIncident', { params: { id }, body: { reason: 'for a court' } });
    const path = join(folder, name);
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
    return path;
  }

  it('stands beside the own signature and is checked offline', async () => {
    const bundle = await exportTo('stamped.zip');
    const authorities = [new X509Certificate(authority.certificate)];
    authority.isUp = false;
    const check = await checkBundle(bundle, { authorities });
    expect(check.problems).toEqual([]);
    expect(check.timeStamps.at(-1)).toMatchObject({
      entry: check.custodyEntries,
      authority: 'CN=Test time stamps',
      isTrusted: true,
    });
    const stranger = await TimeStampAuthority.open();
    const doubted = await checkBundle(bundle, { authorities: [new X509Certificate(stranger.certificate)] });
    stranger.close();
    expect(doubted.problems.join()).toContain('of an authority that you did not name');
    const { items } = await stamped.ask<Page<{ authorityStamp: { authority: string } | null }>>('listIncidentCustody', {
      params: { id },
    });
    expect(items.at(-1)?.authorityStamp?.authority).toBe('CN=Test time stamps');
  });

  it('is done without where the authority does not answer, and had again when it does', async () => {
    authority.isUp = false;
    const without = await checkBundle(await exportTo('without.zip'));
    expect(without.problems).toEqual([]);
    expect(without.timeStamps.some(({ entry }) => entry === without.custodyEntries)).toBe(false);
    authority.isUp = true;
    const again = await checkBundle(await exportTo('again.zip'));
    expect(again.timeStamps.at(-1)?.entry).toBe(again.custodyEntries);
  });
});

describe('The configuration of a device', () => {
  const configurations = async () => {
    const items = await evidenceOf('asset-configuration');
    return Promise.all(items.map(async (item) => ({ about: item.about, devices: JSON.parse(await read(item)) })));
  };

  it('is kept as it was before, as it is, and with what changed', async () => {
    const [first] = await configurations();
    expect(first?.about).toContain('1 of 1 changed');
    expect(first?.devices[0]).toMatchObject({
      name: 'ws-12',
      before: { revision: 1 },
      now: { revision: 2 },
      changes: [{ what: 'service', before: '', after: 'tcp 22 SSH, encrypted' }],
      steps: [{ time: START + MINUTE }],
    });
  });

  it('is kept once more when the incident is closed', async () => {
    const after = { services: [], revision: 3, time: START + HOUR };
    await house.device('ws-12', '10.1.0.12', { kind: 'workstation', owner: 'IT' }, after);
    const before = (await configurations()).length;
    await house.ask('closeIncident', { params: { id: incident.id }, body: { verdict: 'true', note: '' } });
    await expect.poll(async () => (await configurations()).length).toBe(before + 1);
    expect((await configurations()).at(-1)?.devices[0]).toMatchObject({
      changes: [{ what: 'owner', before: '', after: 'IT' }],
      steps: [{ changes: [{ after: 'tcp 22 SSH, encrypted' }] }, { time: START + HOUR }],
    });
  });
});
