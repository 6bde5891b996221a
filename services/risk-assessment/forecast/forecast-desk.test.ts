import { ManualClock, openPgliteStateStore, type StateStore } from '@sphinx/platform';
import { normal, seededRandom } from '@sphinx/risk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../migrations.ts';
import { ForecastDesk, HOUSE } from './forecast-desk.ts';
import { ForecastStore } from './forecast-store.ts';

const DAY = 86_400_000;
const START = 20_000 * DAY;

let state: StateStore;
let value = 0;
const clock = new ManualClock(START);
const make = () =>
  new ForecastDesk({
    values: () => new Map([[HOUSE, value]]),
    nameOf: (id) => id,
    store: new ForecastStore(state),
    clock,
  });
let desk: ForecastDesk;
const random = seededRandom('desk');

beforeAll(async () => {
  state = await openPgliteStateStore({});
  await state.migrate('risk-assessment', MIGRATIONS);
  desk = make();
});
afterAll(() => state.close());

/** Risk about 10 %; two samples a day. */
async function live(days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    value = Math.max(0, 10 + normal(random));
    await desk.turn();
    await desk.turn();
    clock.advance(DAY);
  }
}

describe('forecasts of risk', () => {
  it('say honestly that there is too little history', async () => {
    await live(5);
    const [house] = await desk.all();
    expect(house).toMatchObject({ name: 'All clinical services', forecasts: [], tooLittle: { days: 5, needed: 19 } });
    expect(house?.history).toHaveLength(5);
    expect(await desk.sentence()).toBeNull();
  });

  it('are made once a day when there is enough, with a range about what was', async () => {
    await live(26);
    await desk.turn();
    const [house] = await desk.all();
    const [, low = 0, , middle = 0, , high = 0] = house?.forecasts[0]?.quantiles ?? [];
    expect(house?.forecasts.map(({ days }) => days)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(middle).toBeGreaterThan(8);
    expect(middle).toBeLessThan(12);
    expect(low).toBeLessThan(middle);
    expect(high).toBeGreaterThan(middle);
    expect(await desk.sentence()).toMatch(/with 80 % between [\d.]+ % and [\d.]+ %\. How right .* cannot be told yet/);
  });

  it('stay as they were made when the program starts again on the same day', async () => {
    const before = (await desk.all())[0]?.forecasts;
    value = 90;
    desk = make();
    await desk.turn();
    expect((await desk.all())[0]?.forecasts).toEqual(before);
  });

  it('are scored when their day has come, and the record says how right they were', async () => {
    clock.advance(DAY);
    await live(36);
    await desk.turn();
    const [record] = await desk.record();
    expect(record?.days).toBe(1);
    expect(record?.count).toBeGreaterThan(30);
    expect(record?.coverage).toBeGreaterThan(0.55);
    expect(record?.crps).toBeGreaterThan(0);
    expect(record?.naiveCrps).toBeGreaterThan(0);
    expect(await desk.sentence()).toMatch(/Of \d+ such forecasts \d+ % came true within the range/);
    expect(await desk.record('nobody')).toEqual([]);
  });

  it('of days on which the program did not run are not scored, and a long gap begins anew', async () => {
    const before = (await desk.scored()).length;
    clock.advance(30 * DAY);
    await live(3);
    await desk.turn();
    const after = await desk.scored();
    // Only those whose day was the last one before the gap.
    expect(after.length - before).toBeLessThanOrEqual(7);
    expect((await desk.all())[0]?.tooLittle).toEqual({ days: 3, needed: 19 });
  });
});
