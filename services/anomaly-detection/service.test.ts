import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Anomaly } from './anomalies/anomaly.ts';
import { assetIdOf, House } from './testing/house.ts';
import { flow, HOUR_MS, InventedHospital, START, unanswered } from './testing/invented-hospital.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const HOURS = 9 * 24;
const NOW = START + HOURS * HOUR_MS;
const PUMP = '10.3.0.4';
const hospital = new InventedHospital({ pumps: 5, scanners: 3, workstations: 3 });

let house: House;
beforeAll(async () => {
  house = await House.open({ alertsPerDay: 3 });
  await house.place(hospital.devices);
  for (let hour = 0; hour < HOURS; hour++) house.flows(hospital.hour(hour));
}, 60_000);
afterAll(() => house.close());

async function anomaliesOf(query: object): Promise<readonly Anomaly[]> {
  return (await house.ask<Page<Anomaly>>('listAnomalies', { query })).items;
}

/** So many addresses tried in vain, `after` NOW. */
function scan(source: string, count: number, after: number) {
  return Array.from({ length: count }, (_, at) =>
    unanswered({
      src_ip: source,
      dst_ip: `10.9.${at >> 8}.${at & 255}`,
      dst_port: 445,
      time: NOW + after + at * 10,
      packet_number: at + 7,
    }),
  );
}

describe('an anomaly', () => {
  it('says what was expected and what was seen, and is one however often it repeats', async () => {
    house.flows(scan(PUMP, 300, 0));
    house.flows(scan(PUMP, 300, 2 * HOUR_MS));
    const [found, ...others] = await anomaliesOf({ detector: 'horizontal-scan' });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      number: 826_001_014,
      actor: PUMP,
      assetId: assetIdOf(PUMP),
      basis: 'itself',
      firstSeen: expect.any(Number),
      isTold: true,
      verdict: null,
    });
    expect(found?.seen).toMatch(/^\d+ addresses tried in vain on TCP port 445 in one hour$/);
    expect(found?.expected).toMatch(/^None as a rule \(this device in \d+ hours of activity\)$/);
  });

  it('is an alert for all other services, and becomes one again only when there is news', () => {
    const alerts = house.alerts.filter(({ analytic }) => analytic.id === 'horizontal-scan');
    expect(alerts.length).toBeGreaterThan(0);
    expect(alerts.length).toBeLessThan(5);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
    expect(alerts[0]).toMatchObject({
      kind: 'anomaly',
      techniques: ['T1046'],
      comparison: { since: expect.any(Number) },
      subjects: expect.arrayContaining([
        { role: 'actor', type: 'ip', value: PUMP },
        { role: 'affected', type: 'asset', value: assetIdOf(PUMP) },
      ]),
    });
    expect(alerts[0]?.message).toMatch(
      /^Tries one port on many addresses\. Seen: .+\. Expected: .+\. Since \d+ January 2026, \d\d:\d\d UTC\. As much or more in .*1 of [\d,]+ hours\.$/,
    );
    expect(alerts[0]?.evidence.map(({ kind }) => kind)).toEqual(['baseline', 'packet']);
  });

  it('of which a day has too many is kept, but raises no alert', async () => {
    for (let at = 20; at < 30; at++) house.flows(scan(`10.7.0.${at}`, 200, 3 * HOUR_MS));
    const all = await anomaliesOf({ detector: 'horizontal-scan' });
    expect(all.length).toBe(11);
    expect(all.filter(({ isTold }) => isTold).length).toBe(3);
    const { items } = await house.ask<Page<{ id: string; notTold: number }>>('listAnomalyDetectors');
    expect(items.find(({ id }) => id === 'horizontal-scan')?.notTold).toBe(8);
  });
});

describe('what a person says', () => {
  const SCANNER = '10.7.0.99';

  it('makes a number normal up to a little more, and can be taken back', async () => {
    house.flows(scan(SCANNER, 100, 5 * HOUR_MS));
    const [found] = await anomaliesOf({ actor: SCANNER, detector: 'horizontal-scan' });
    const id = found?.id ?? '';
    const said = await house.ask<Anomaly>('judgeAnomaly', { id, body: { verdict: 'normal', note: 'our scanner' } });
    expect(said).toMatchObject({ verdict: 'normal', scope: 'device', note: 'our scanner', decidedBy: 'Somebody' });
    const countOf = async () => (await anomaliesOf({ actor: SCANNER, detector: 'horizontal-scan' }))[0]?.count;
    const before = await countOf();
    house.flows(scan(SCANNER, 100, 6 * HOUR_MS));
    expect(await countOf()).toBe(before);
    expect(await house.ask<Anomaly>('undoAnomalyVerdict', { id })).toMatchObject({ verdict: null, decidedAt: null });
    house.flows(scan(SCANNER, 100, 7 * HOUR_MS));
    expect(await countOf()).toBeGreaterThan(before ?? 0);
  });

  it('about one pump holds for all pumps where it is meant so', async () => {
    const smb = (ip: string, hour: number) =>
      flow({ src_ip: ip, dst_ip: '10.2.0.30', dst_port: 445, app_name: 'smb', time: NOW + hour * HOUR_MS });
    house.flows([smb('10.3.0.1', 8)]);
    const [found] = await anomaliesOf({ actor: '10.3.0.1', detector: 'unusual-protocol' });
    await house.ask('judgeAnomaly', { id: found?.id ?? '', body: { verdict: 'normal', scope: 'kind' } });
    house.flows([smb('10.3.0.2', 9)]);
    expect(await anomaliesOf({ actor: '10.3.0.2', detector: 'unusual-protocol' })).toEqual([]);
    await house.ask('undoAnomalyVerdict', { id: found?.id ?? '' });
    house.flows([smb('10.3.0.3', 10)]);
    expect(await anomaliesOf({ actor: '10.3.0.3', detector: 'unusual-protocol' })).toHaveLength(1);
  });
});

describe('what is usual', () => {
  it('can be looked at, beside what was seen in the last hours', async () => {
    const baseline = await house.ask<{
      comparedWith: string;
      hours: number;
      measures: { id: string; recent: object[] }[];
      peers: { name: string; role: string; days: number }[];
    }>('getBaseline', { id: '10.3.0.5' });
    expect(baseline).toMatchObject({ key: assetIdOf('10.3.0.5'), kind: 'infusion-pump', comparedWith: 'itself' });
    expect(baseline.hours).toBeGreaterThan(200);
    expect(baseline.peers.map(({ name, role, days }) => [name, role, days])).toEqual([
      ['10.2.0.10', 'asked', 9],
      ['10.2.0.53', 'asked', 9],
    ]);
    expect(baseline.measures.find(({ id }) => id === 'bytes-moved')?.recent.length).toBeGreaterThan(24);
    expect(await house.ask('getBaseline', { id: '10.250.0.1' })).toMatchObject({ hours: 0, comparedWith: 'site' });
  });

  it('and what people have said outlive a restart', async () => {
    const [found] = await anomaliesOf({ actor: PUMP });
    await house.ask('judgeAnomaly', { id: found?.id ?? '', body: { verdict: 'confirmed' } });
    await house.restart();
    expect(await house.ask('getBaseline', { id: '10.3.0.5' })).toMatchObject({ comparedWith: 'itself' });
    expect((await anomaliesOf({ verdict: 'confirmed' })).map(({ id }) => id)).toEqual([found?.id]);
    const { items } = await house.ask<Page<{ id: string; limits: { basis: string }[] }>>('listAnomalyDetectors');
    expect(items.find(({ id }) => id === 'top-talker')?.limits[0]?.basis).toBe('site');
  });

  it('is not taught by the sample hospital, and what was seen in a source goes with it', async () => {
    const sample = { source_id: 'src_sample', is_sample: true };
    house.flows(scan('10.3.0.5', 300, 11 * HOUR_MS).map((row) => ({ ...row, ...sample })));
    expect(await anomaliesOf({ source: 'src_sample' })).toHaveLength(1);
    await house.publish('source.removed', 'src_sample', { source: 'src_sample', sample: true });
    expect(await anomaliesOf({ source: 'src_sample' })).toEqual([]);
  });
});
