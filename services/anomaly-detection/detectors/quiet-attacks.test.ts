import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, START } from '../testing/invented-hospital.ts';
import { LivelyHospital } from '../testing/lively-hospital.ts';
import { quietAttacks } from '../testing/quiet-attacks.ts';
import { Trial } from '../testing/trial.ts';
import type { Sighting } from './sighting.ts';

const DAYS = 28;
const SIZE = { pumps: 4, scanners: 8, workstations: 14 };
const NOW = START + DAYS * 24 * HOUR_MS;

let learnt: ReturnType<Trial['library']['takeChanges']>['rows'];
let toldInPeace: readonly Sighting[];
let places: Trial['places'];
beforeAll(async () => {
  const trial = await Trial.open();
  const hospital = new LivelyHospital(SIZE);
  for (const { ip, kind, zone } of hospital.devices) trial.places.set(ip, { asset: `asset_${ip}`, kind, zone });
  for (let hour = 0; hour < DAYS * 24; hour++) trial.flows(hospital.hour(hour));
  learnt = trial.library.takeChanges(1000).rows;
  toldInPeace = trial.anomalies();
  places = trial.places;
}, 60_000);

/** What is told of an attack in the midst of an ordinary day, by somebody who knows only what was stored. */
async function toldOf(title: RegExp): Promise<readonly Sighting[]> {
  const attack = quietAttacks(NOW).find((each) => title.test(each.title));
  if (attack === undefined) throw new Error(`no attack fits ${title}`);
  const trial = await Trial.open();
  for (const [ip, place] of places) trial.places.set(ip, place);
  trial.library.restore(structuredClone(learnt));
  const hospital = new LivelyHospital({ ...SIZE, seed: 51 });
  const rows = Array.from({ length: 25 }, (_, hour) => hospital.hour(DAYS * 24 + hour)).flat();
  const flows = [...rows, ...attack.flows].sort((a, b) => a.end_time - b.end_time);
  const records = [...attack.records].sort((a, b) => a.time - b.time);
  for (const row of flows) {
    while ((records[0]?.time ?? Number.POSITIVE_INFINITY) <= row.end_time) trial.records(records.splice(0, 1));
    trial.flows([row]);
  }
  return trial.anomalies().filter(({ subjects }) => subjects.some(({ value }) => value === attack.actor));
}

describe('four weeks of a hospital in which not every day is the same', () => {
  it('raise no alarm of hours, peers or combinations', () => {
    expect(toldInPeace.map(({ detector, actor, seen }) => `${detector} ${actor}: ${seen}`)).toEqual([]);
  });
});

describe('somebody who keeps every number below what is told of it', () => {
  it('is told by the hour: as much at noon as it moves by night', async () => {
    const [told] = (await toldOf(/file server sends/)).filter(({ detector }) => detector === 'unusual-for-hour');
    expect(told?.seen).toMatch(
      /^[\d.]+ GB sent and received in one hour, between 12:00 and 13:00 UTC on a working day$/,
    );
    expect(told?.expected).toMatch(
      /^About [\d.]+ MB between 12:00 and 13:00 UTC on a working day, seldom more than .* \(this device in \d+ hours\)$/,
    );
    expect(told?.rarity).toBeLessThan(1e-3);
  });

  it('is told by what does not go together, with each part of it', async () => {
    const [told] = (await toldOf(/looks around slowly/)).filter(({ detector }) => detector === 'unusual-combination');
    expect(told?.seen).toMatch(/^In one hour together: /);
    expect(told?.seen).toContain('different names asked that do not exist');
    expect(told?.seen).toContain('9 addresses tried in vain on TCP port 104');
    expect(told?.expected).toMatch(/all of the kind workstation in [\d,]+ hours of activity/);
  });

  it('is told by name: a scanner sends to an archive that no scanner ever sent to', async () => {
    const told = await toldOf(/archive for teaching/);
    expect(told.map(({ detector }) => detector)).toEqual(['new-peer']);
    expect(told[0]?.seen).toBe('It spoke to 10.2.0.21 for the first time');
    expect(told[0]?.expected).toMatch(
      /^It speaks to 10\.2\.0\.20 since 5 January 2026; never to 10\.2\.0\.21, as none of its kind does/,
    );
  });
});
