import type { Alert, Detection, Incident, Verification, Weakness } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  AssetRiskDetail,
  AssetRiskItem,
  CareRiskItem,
  ControlItem,
  RiskSummary,
  ThreatRiskItem,
} from './routes/risk-shapes.ts';
import { House, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let house: House;

beforeAll(async () => {
  house = await House.open();
  await house.hospital({
    pc: { kind: 'workstation', careArea: 'Ward 3', ip: '10.1.3.7', asks: [['pacs', 'smb']] },
    'pc-2': { kind: 'workstation', careArea: 'Ward 3', ip: '10.1.4.8' },
    ct: { kind: 'ct-scanner', careArea: 'Radiology', safety: 'diagnosis', ip: '10.1.2.11', asks: [['pacs', 'dicom']] },
    pacs: { kind: 'dicom-archive', safety: 'diagnosis', ip: '10.1.9.2' },
    portal: { kind: 'web-server', ip: '10.1.9.9', isReachedFromInternet: true },
  });
});
afterAll(() => house.close());

function detail(id: string): Promise<AssetRiskDetail> {
  return house.ask<AssetRiskDetail>('getAssetRisk', { params: { id } });
}

async function imaging(): Promise<CareRiskItem | undefined> {
  const { items } = await house.ask<Page<CareRiskItem>>('listCareRisks');
  return items.find(({ service }) => service === 'medical-imaging');
}

const DETECTION: Detection = {
  id: 'det_1',
  rule: {
    gid: 1,
    sid: 4711,
    revision: 1,
    title: 'Ransomware talks to its master',
    set: 'ward',
    class: 'trojan-activity',
    category: '',
    references: [],
    techniques: ['T1486'],
  },
  severity: 'critical',
  source: { ip: '10.1.3.7', port: 50_000 },
  destination: { ip: '203.0.113.9', port: 443 },
  target: null,
  transport: 'tcp',
  protocol: 'tls',
  time: START,
  packet: { source: 'c', number: 1, time: START },
  isSample: false,
};

const WEAKNESS: Weakness = {
  id: 'w_1',
  weakness: 'CVE-2020-0001',
  title: 'Overflow',
  presence: 'affected',
  quality: 'exact-version',
  identity: 'cpe',
  because: 'it is this version',
  component: { kind: 'software', vendor: 'V', name: 'N', version: '1', source: 'list' },
  severity: 'critical',
  score: 9.8,
  baseScore: 9.8,
  vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  isKnownExploited: true,
  exploitProbability: 0.9,
  decision: 'act',
  priority: 90,
  reasons: [],
  sources: [],
  hasFix: true,
  status: 'open',
  owner: null,
  dueAt: null,
  foundAt: START,
  closedAt: null,
  closedBecause: null,
};

function incident(fields: Partial<Incident>): Incident {
  return {
    id: 'inc_1',
    number: 12,
    title: 'Ransomware on pc',
    summary: '',
    severity: 'critical',
    clinicalImpact: '',
    status: 'new',
    verdict: null,
    owner: null,
    stages: [],
    techniques: ['T1486'],
    assets: [{ assetId: 'pc', name: 'pc', kind: '', role: 'actor', patientSafetyClass: null, careArea: '', zone: '' }],
    users: [],
    addresses: [],
    analytics: [{ id: '1:4711', title: 'Ransomware talks to its master', count: 1 }],
    signals: 1,
    firstSeen: START,
    lastSeen: START,
    openedAt: START,
    closedAt: null,
    isSample: false,
    ...fields,
  };
}

describe('the risk of a hospital', () => {
  it('is low while nothing was found, and says of everything why', async () => {
    const { items } = await house.ask<Page<AssetRiskItem>>('listAssetRisks');
    expect(items).toHaveLength(5);
    expect(items.every(({ signals }) => signals === 0)).toBe(true);
    const pc = await detail('pc');
    expect(pc.threats.find(({ id }) => id === 'ransomware')?.reasons).toEqual([
      expect.stringMatching(
        /^It meets a hospital about every 5 years; that it comes in at this device has .*people work on it/,
      ),
      'Once it is tried here it works in about 5 of 100 cases: no published weakness and no failed check is known.',
    ]);
    expect((await detail('portal')).threats.find(({ id }) => id === 'web-attack')?.reasons[0]).toMatch(
      /reached from the internet/,
    );
    expect((await detail('pacs')).care).toBe('Without it Medical imaging, Radiology is degraded.');
  });

  it('follows a detection from the device over its neighbour to the clinical service, and leaves others alone', async () => {
    const before = {
      pc: await detail('pc'),
      other: await detail('pc-2'),
      pacs: await detail('pacs'),
      care: await imaging(),
    };
    await house.publish('detection.found', 'det_1', DETECTION);
    const pc = await detail('pc');
    expect(pc.threats[0]).toMatchObject({ id: 'ransomware' });
    expect(pc.threats[0]?.reasons[0]).toMatch(
      /multiplies the odds by 15,000.*Ransomware talks to its master \(critical\)/,
    );
    expect(pc.probability).toBeGreaterThan(0.5);
    expect(before.pc.probability).toBeLessThan(0.1);
    const pacs = await detail('pacs');
    expect(pacs.probability).toBeGreaterThan(2 * before.pacs.probability);
    expect(pacs.threats.find(({ id }) => id === 'ransomware')?.reasons[0]).toMatch(
      /come over from devices that it talks with: pc/,
    );
    expect((await imaging())?.probability).toBeGreaterThan(before.care?.probability ?? 1);
    expect((await imaging())?.reasons.join()).toMatch(/works with pacs: [\d.]+ %; images stay/);
    expect((await detail('pc-2')).probability).toBeCloseTo(before.other.probability, 6);
    const { items } = await house.ask<Page<AssetRiskItem>>('listAssetRisks', { query: { level: 'low' } });
    expect(items[0]?.id).toBe('pc');
    const [threat] = (await house.ask<Page<ThreatRiskItem>>('listThreatRisks')).items;
    expect(threat?.likeliest[0]?.name).toBe('pc');
    expect((await house.ask<RiskSummary>('getRiskSummary')).text).toMatch(
      /clinical service most at risk is Medical imaging, Radiology/,
    );
  });

  it('tells the house what clearly changed, once, with before and why', async () => {
    const about = async (id: string) => (await house.facts('risk.changed')).filter((told) => told.id === id);
    await vi.waitFor(async () => expect((await about('pc')).at(-1)?.now.probability).toBeGreaterThan(0.5), 10_000);
    const told = (await about('pc')).at(-1);
    expect(told).toMatchObject({ subject: 'asset', horizonDays: 30, careArea: 'Ward 3' });
    expect(told?.reason).toMatch(/^Ransomware.*: Ransomware talks to its master \(critical\)$/);
    expect(told?.before?.probability ?? 0).toBeLessThan(0.1);
    expect((await about('pacs')).at(-1)?.now.points).toBeGreaterThan(1);
    expect((await house.facts('risk.changed')).map(({ subject }) => subject)).toContain('clinical-service');
    const count = (await house.facts('risk.changed')).length;
    await house.publish('detection.found', 'det_1', { ...DETECTION, id: 'det_1b' });
    await house.restart();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await house.facts('risk.changed')).toHaveLength(count);
  });

  it('keeps what it knows through a restart, and lets it fade', async () => {
    const { probability } = await detail('pc');
    await house.restart();
    expect((await detail('pc')).probability).toBeCloseTo(probability, 6);
    house.clock.advance(20 * DAY);
    await house.restart();
    expect((await detail('pc')).probability).toBeLessThan(probability / 5);
    house.clock.advance(-20 * DAY);
    await house.restart();
  });

  it('rises with a weakness that is exploited and a failed check, and falls when they are gone', async () => {
    const before = (await detail('pacs')).probability;
    const told = { assetId: 'pacs', assetName: 'pacs', isSample: false };
    await house.publish('weakness.found', 'pacs', { ...told, weaknesses: [WEAKNESS] });
    const weak = await detail('pacs');
    expect(weak.probability).toBeGreaterThan(2 * before);
    const reasons = weak.threats.find(({ id }) => id === 'ransomware')?.reasons;
    expect(reasons?.at(-1)).toMatch(/works in about 82 of 100 cases: CVE-2020-0001 \(known to be exploited\)/);
    await house.publish('verdict.issued', 'pacs', verdict('fail'));
    const faulty = await detail('pacs');
    expect(faulty.threats.find(({ id }) => id === 'credential-theft')?.reasons.at(-1)).toMatch(
      /failed checks: "Telnet answers"/,
    );
    expect(faulty.probability).toBeGreaterThan(weak.probability);
    await house.publish('weakness.closed', 'pacs', { ...told, weaknesses: [{ ...WEAKNESS, status: 'fixed' }] });
    await house.publish('verdict.issued', 'pacs', verdict('pass'));
    expect((await detail('pacs')).probability).toBeCloseTo(before, 6);
  });

  it('believes people: an incident that somebody closes as false takes its signals with it', async () => {
    const before = (await detail('pc-2')).probability;
    await house.publish('incident.opened', 'inc_1', incident({}));
    expect((await detail('pc')).evidence.map(({ text }) => text)).toContain(
      'INC-12: Ransomware on pc (critical, open)',
    );
    await house.publish(
      'incident.closed',
      'inc_1',
      incident({ status: 'closed', verdict: 'false', closedAt: START + HOUR }),
    );
    const pc = await detail('pc');
    expect(pc.evidence).toEqual([]);
    // Like the other computer, apart from what the archive may do to it.
    expect(pc.probability).toBeGreaterThanOrEqual(before);
    expect(pc.probability).toBeLessThan(before + 0.01);
  });

  it('takes an alert of a log by the name of the host, more for who acts than for who is attacked', async () => {
    const alert: Alert = {
      id: 'alert_1',
      kind: 'log-rule',
      analytic: { id: 'many-failures', title: 'Many failed sign-ins', set: 'sigma', version: '1', references: [] },
      severity: 'high',
      message: 'Many failed sign-ins',
      subjects: [
        { role: 'actor', type: 'ip', value: '10.1.4.8' },
        { role: 'target', type: 'asset', value: 'portal' },
      ],
      techniques: ['T1110.003'],
      time: START,
      endTime: START,
      count: 30,
      evidence: [],
      isSample: false,
    };
    const before = { actor: await detail('pc-2'), target: await detail('portal') };
    await house.publish('alert.raised', 'alert_1', alert);
    const rise = ({ threats }: AssetRiskDetail, of: AssetRiskDetail) => {
      const find = (each: AssetRiskDetail['threats']) =>
        each.find(({ id }) => id === 'credential-theft')?.probability ?? 0;
      return find(threats) / find(of.threats);
    };
    expect(rise(await detail('pc-2'), before.actor)).toBeGreaterThan(5 * rise(await detail('portal'), before.target));
    expect(rise(await detail('portal'), before.target)).toBeGreaterThan(2);
  });

  it('falls where somebody states a control, at once, and says what it takes away', async () => {
    const before = (await detail('pc')).probability;
    const stated = await house.ask<ControlItem>('stateRiskControl', {
      params: { id: 'mail-filter' },
      body: { state: 'yes', note: 'since May' },
    });
    expect(stated).toMatchObject({ state: 'yes', by: 'Anna Berg' });
    expect(stated.effects[0]).toMatch(/^30 % less attempts that come in: ransomware/);
    const after = (await detail('pc')).probability;
    expect(after).toBeLessThan(before);
    await house.restart();
    expect((await detail('pc')).probability).toBeCloseTo(after, 6);
    await house.ask('stateRiskControl', { params: { id: 'mail-filter' }, body: { state: null } });
    expect((await detail('pc')).probability).toBeCloseTo(before, 6);
    await expect(house.ask('stateRiskControl', { params: { id: 'magic' }, body: { state: 'yes' } })).rejects.toThrow(
      'There is no control "magic".',
    );
  });
});

function verdict(outcome: 'pass' | 'fail'): Verification {
  return {
    id: `ver_${outcome}`,
    assetId: 'pacs',
    assetName: 'pacs',
    assetRevision: 1,
    isSample: false,
    verdict: outcome === 'pass' ? 'trusted' : 'rejected',
    reasons: [],
    conditions: [],
    policy: { id: 'p', version: '1', title: 'p' },
    results: [
      {
        checkId: 'no-telnet',
        title: 'Telnet answers',
        checkVersion: '1',
        outcome,
        severity: 'high',
        reason: '',
        remedy: '',
        references: [],
        evidence: [],
      },
    ],
    evidenceDigest: '0'.repeat(64),
    time: START,
  };
}
