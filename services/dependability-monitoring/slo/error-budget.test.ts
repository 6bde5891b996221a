import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateSpan } from '../watch/monitored-service.ts';
import { availabilityOf } from './availability.ts';
import { errorBudgetOf } from './error-budget.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1000 * DAY;
const OBJECTIVE = { availabilityPercent: 99, fastPercent: null, days: 30 };

let id = 0;
const span = (state: StateSpan['state'], from: number, until: number | null): StateSpan => ({
  id: ++id,
  state,
  from,
  until,
  reason: '',
  cause: null,
  causeReasons: [],
  evidence: [],
});
const budget = (spans: StateSpan[], maintenance: { from: number; until: number }[] = []) =>
  errorBudgetOf(OBJECTIVE, { spans, maintenance, hours: [], now: NOW });

describe('Availability', () => {
  it('counts what is known, leaves maintenance out, and counts an outage that goes on', () => {
    const spans = [
      span('up', NOW - 60 * DAY, NOW - 10 * HOUR),
      span('unknown', NOW - 10 * HOUR, NOW - 9 * HOUR),
      span('down', NOW - 9 * HOUR, NOW - 5 * HOUR),
      span('degraded', NOW - 5 * HOUR, NOW - 2 * HOUR),
      span('down', NOW - 2 * HOUR, null),
    ];
    const windows = [
      { from: NOW - 8 * HOUR, until: NOW - 6 * HOUR },
      { from: NOW - 7 * HOUR, until: NOW - 5 * HOUR },
    ];
    const availability = availabilityOf(spans, windows, { from: NOW - DAY, until: NOW });
    expect(availability).toMatchObject({ measuredMs: 20 * HOUR, downMs: 3 * HOUR, plannedMs: 3 * HOUR, outages: 2 });
    expect(availability.percent).toBeCloseTo(85);
  });

  it('is never out of its bounds', () => {
    const states = fc.constantFrom('up', 'degraded', 'down', 'unknown');
    const times = fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 20 }).map((all) => all.sort((a, b) => a - b));
    const windows = fc.array(fc.tuple(fc.nat(1000), fc.nat(300)).map(([from, ms]) => ({ from, until: from + ms })));
    fc.assert(
      fc.property(times, fc.array(states, { minLength: 20, maxLength: 20 }), windows, (at, names, planned) => {
        const spans = at.slice(1).map((until, index) => span(names[index] ?? 'up', at[index] ?? 0, until));
        const { percent, measuredMs, plannedMs } = availabilityOf(spans, planned, { from: 100, until: 900 });
        if (percent !== null) expect(percent >= 0 && percent <= 100).toBe(true);
        expect(measuredMs + plannedMs).toBeLessThanOrEqual(800);
        expect(measuredMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('An error budget', () => {
  it('of 99 percent in 30 days is 7.2 hours', () => {
    const spent = budget([
      span('up', 0, NOW - DAY),
      span('down', NOW - DAY, NOW - DAY + 3.6 * HOUR),
      span('up', NOW - DAY + 3.6 * HOUR, null),
    ]);
    expect(spent.allowedMs).toBeCloseTo(7.2 * HOUR);
    expect(spent).toMatchObject({ leftPercent: 50, isMet: true });
  });

  it('tells when it goes too fast, before it is spent', () => {
    const burning = budget([span('up', 0, NOW - HOUR / 4), span('down', NOW - HOUR / 4, null)]);
    expect(burning.isMet).toBe(true);
    expect(burning.burning).toMatchObject([
      { hours: 1, rate: 25, isFast: true },
      { hours: 6, isFast: false },
    ]);
  });

  it('does not go too fast for a service that is watched for a minute and down since', () => {
    expect(budget([span('down', NOW - HOUR / 60, null)]).burning).toMatchObject([{ isFast: false }, { isFast: false }]);
  });

  it('says how many answers were fast', () => {
    const hour = {
      checkId: 'c',
      hour: NOW,
      good: 8,
      warnings: 1,
      failures: 1,
      answered: 9,
      fast: 8,
      meanMs: 1,
      maximumMs: 1,
    };
    const objective = { ...OBJECTIVE, fastPercent: 90 };
    expect(errorBudgetOf(objective, { spans: [], maintenance: [], hours: [hour], now: NOW })).toMatchObject({
      fastPercent: 80,
      isFastEnough: false,
    });
  });
});
