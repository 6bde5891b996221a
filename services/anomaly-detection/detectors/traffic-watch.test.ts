import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAnomalyKnowledge } from '../knowledge/anomaly-knowledge.ts';
import { inventedAttacks } from '../testing/invented-attacks.ts';
import { flow, HOUR_MS, InventedHospital, record, START, unanswered } from '../testing/invented-hospital.ts';
import { Trial } from '../testing/trial.ts';
import { howRare } from './words.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const DAYS = 15;
/** In the middle of the morning of a working day. */
const HOURS = DAYS * 24 + 10;
const NOW = START + HOURS * HOUR_MS;
const LISTED = '192.0.2.99';

/** An invented hospital that has been watched for two weeks. */
async function watchedHospital(): Promise<{ trial: Trial; hospital: InventedHospital }> {
  const trial = await Trial.open({ listed: [LISTED] });
  const hospital = new InventedHospital();
  for (const { ip, kind, zone } of hospital.devices) trial.places.set(ip, { asset: `asset_${ip}`, kind, zone });
  for (let hour = 0; hour < HOURS; hour++) trial.flows(hospital.hour(hour));
  return { trial, hospital };
}

/** Another watch that has learnt the same, from what would be stored. */
async function sameKnowledge(): Promise<Trial> {
  const fresh = await Trial.open({ listed: [LISTED] });
  for (const [ip, place] of trial.places) fresh.places.set(ip, place);
  fresh.library.restore(structuredClone(learnt));
  return fresh;
}

let trial: Trial;
let learnt: ReturnType<Trial['library']['takeChanges']>['rows'];
let hospital: InventedHospital;
beforeAll(async () => {
  ({ trial, hospital } = await watchedHospital());
  learnt = trial.library.takeChanges(1000).rows;
});

describe('two weeks of an ordinary hospital', () => {
  it('raise no alarm', () => {
    expect(trial.anomalies()).toEqual([]);
  });

  it('teach what is usual of each device, of its kind and of the site', () => {
    const scanner = trial.library.norm('asset_10.4.0.1', 'ct-scanner', 'bytes-moved', { floor: 1, high: 1 });
    expect(scanner.basis).toBe('itself');
    expect(scanner.usual).toBeGreaterThan(50_000_000);
    const unknown = trial.library.norm('asset_new', 'ct-scanner', 'bytes-moved', { floor: 1, high: 1 });
    expect(unknown.basis).toBe('kind');
    expect(unknown.usual).toBeGreaterThan(50_000_000);
    expect(trial.library.norm('10.99.0.1', '', 'bytes-moved', { floor: 1, high: 1 }).basis).toBe('site');
  });
});

describe('in a hospital that is known', () => {
  it.each(inventedAttacks(NOW).map((attack) => [attack.title, attack] as const))('tells that %s', (_title, attack) => {
    trial.sightings.length = 0;
    trial.records(attack.records);
    trial.flows(attack.flows);
    const found = trial
      .anomalies()
      .find(({ detector, actor }) => detector === attack.detector && actor === attack.actor);
    expect(found).toBeDefined();
    expect(found?.expected).not.toBe('');
    expect(found?.rarity).toBeLessThan(0.01);
    expect(found?.subjects.length).toBeGreaterThan(0);
    const words = howRare({
      habit: null,
      measure: null,
      ...found,
      detector: attack.detector,
      rarity: found?.rarity ?? 1,
    });
    expect(words).toMatch(/^(As much or more in|Not once in [\d,]+ hours|Chance alone|Nothing here ever)/);
    expect(words).not.toMatch(/∞|NaN|e-/);
  });
});

describe('the detections of the original', () => {
  it('are all there under their numbers, each staged at least once', async () => {
    const { detectors } = await loadAnomalyKnowledge(KNOWLEDGE);
    const original = detectors.filter(({ number }) => number < 826_001_100);
    expect(original.map(({ number }) => number)).toEqual(Array.from({ length: 17 }, (_, at) => 826_001_001 + at));
    const staged = new Set(inventedAttacks(NOW).map(({ detector }) => detector));
    expect(original.filter(({ id }) => !staged.has(id))).toEqual([]);
  });
});

describe('a connection that goes on', () => {
  /** Told by the first record, long before the flow ends. */
  const toldOf = async (detector: string, records: readonly ReturnType<typeof record>[]) => {
    const fresh = await sameKnowledge();
    fresh.records(records);
    return fresh.anomalies().filter((anomaly) => anomaly.detector === detector);
  };

  it('with a mining pool is told at once, and one with a web server is not', async () => {
    const call = { src_ip: '10.5.0.7', dst_ip: '198.51.100.9', time: NOW };
    const mining = [record({ ...call, app_name: 'stratum', activity: 'login' }, {})];
    expect((await toldOf('crypto-mining', mining)).map(({ actor }) => actor)).toEqual(['10.5.0.7']);
    const web = [record({ ...call, app_name: 'http', activity: 'exchange' }, { status: 200 })];
    expect(await toldOf('crypto-mining', web)).toEqual([]);
  });

  it('with many machines that are administered is told at once, and many with one are not', async () => {
    const keys = (target: (at: number) => string) =>
      Array.from({ length: 60 }, (_, at) =>
        record(
          { src_ip: '10.5.0.7', dst_ip: target(at), app_name: 'ssh', activity: 'key-exchange', time: NOW + at * 100 },
          {},
        ),
      );
    expect(
      await toldOf(
        'lateral-movement',
        keys((at) => `10.2.1.${at}`),
      ),
    ).toHaveLength(1);
    expect(
      await toldOf(
        'lateral-movement',
        keys(() => '10.2.1.1'),
      ),
    ).toEqual([]);
  });
});

describe('a new infusion pump', () => {
  const NEW = '10.3.0.200';
  const server = { dst_ip: '10.2.0.10', dst_port: 3613, app_name: 'http' };

  it('does what pumps do, and nobody is told, from the first hour on', async () => {
    const fresh = await sameKnowledge();
    fresh.places.set(NEW, { asset: 'asset_new', kind: 'infusion-pump', zone: 'bedside' });
    for (let call = 0; call < 24; call++) fresh.flows([flow({ ...server, src_ip: NEW, time: NOW + call * 300_000 })]);
    expect(fresh.anomalies()).toEqual([]);
    // On its first day it is compared with its kind.
    fresh.flows([flow({ src_ip: NEW, dst_ip: '10.2.0.30', dst_port: 445, app_name: 'smb', time: NOW + 3 * HOUR_MS })]);
    const [told] = fresh.anomalies().filter(({ detector }) => detector === 'unusual-protocol');
    expect(told).toMatchObject({ actor: NEW, basis: 'kind', habit: 'speaks smb' });
    expect(told?.expected).toMatch(/^It never speaks smb as a client \(all of the kind infusion-pump in /);
  });
});

describe('nothing was learnt yet', () => {
  it('and a scan is told by what is usual in hospitals, but no new protocol', async () => {
    const fresh = await Trial.open();
    fresh.flows([flow({ src_ip: '10.3.0.1', dst_ip: '10.2.0.30', dst_port: 445, app_name: 'smb', time: START })]);
    fresh.flows(
      Array.from({ length: 100 }, (_, at) =>
        unanswered({ src_ip: '10.3.0.1', dst_ip: `10.9.0.${at + 1}`, dst_port: 22, time: START + at }),
      ),
    );
    expect(fresh.anomalies().map(({ detector, basis }) => [detector, basis])).toEqual([
      ['horizontal-scan', 'hospitals'],
    ]);
  });
});

describe('a device that changes for good', () => {
  it('is told of at first, and after some days it is usual', async () => {
    const fresh = await sameKnowledge();
    const same = new InventedHospital({ seed: 9 });
    const moved = { dst_ip: '10.2.0.30', dst_port: 445, app_name: 'smb' };
    const days: number[] = [];
    for (let day = 0; day < 8; day++) {
      for (let hour = 0; hour < 24; hour++) {
        const at = HOURS + day * 24 + hour;
        fresh.sightings.length = 0;
        fresh.flows([
          ...same.hour(at),
          flow({ ...moved, src_ip: '10.3.0.2', time: START + at * HOUR_MS + HOUR_MS - 1_000 }),
        ]);
        if (fresh.sightings.some(({ habit }) => habit === 'speaks smb')) days.push(day);
      }
    }
    expect(days[0]).toBe(0);
    expect(Math.max(...days)).toBeLessThan(6);
  });

  it('does not become usual by an attack that goes on: what is told teaches no more than the limit', async () => {
    const fresh = await sameKnowledge();
    const same = new InventedHospital({ seed: 9 });
    const scan = (hour: number) =>
      Array.from({ length: 500 }, (_, at) =>
        unanswered({
          src_ip: '10.3.0.2',
          dst_ip: `10.9.${at % 2}.${(at % 250) + 1}`,
          dst_port: 445,
          time: START + hour * HOUR_MS + at * 1_000,
        }),
      );
    for (let hour = HOURS; hour < HOURS + 12; hour++) fresh.flows([...same.hour(hour), ...scan(hour)]);
    fresh.sightings.length = 0;
    fresh.flows(scan(HOURS + 12));
    expect(fresh.anomalies().map(({ detector }) => detector)).toContain('horizontal-scan');
  });
});

describe('what many at once do', () => {
  it('is counted without end of memory: forged senders fill one hour only up to a limit', async () => {
    const fresh = await Trial.open();
    for (let sender = 0; sender < 70_000; sender++) {
      const src_ip = `198.18.${sender >> 8}.${sender & 255}`;
      fresh.watch.takeFlow(unanswered({ src_ip, dst_ip: '10.2.0.20', dst_port: 443, time: START + sender }));
    }
    expect(fresh.watch.figures.hosts).toBeLessThanOrEqual(60_000);
    expect(fresh.anomalies().map(({ detector }) => detector)).toContain('flood');
  });

  it('is none of ours where neither end is', async () => {
    const fresh = await Trial.open();
    fresh.flows(
      Array.from({ length: 300 }, (_, at) =>
        unanswered({ src_ip: '203.0.113.1', dst_ip: `198.51.100.${(at % 250) + 1}`, dst_port: at + 1, time: START }),
      ),
    );
    expect(fresh.anomalies()).toEqual([]);
    expect(hospital.devices.length).toBeGreaterThan(20);
  });
});
