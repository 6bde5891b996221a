import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { SeasonalForecast } from './seasonal-forecast.ts';

const DAY = { cycle: 24, kinds: 1 };

/** High by day, low by night. */
function usualAt(hour: number): number {
  return hour >= 7 && hour < 18 ? 6 : 1;
}

function taught(days: number, random = seededRandom(3)): SeasonalForecast {
  const forecast = new SeasonalForecast(DAY);
  for (let at = 0; at < days * 24; at++) forecast.take(at % 24, usualAt(at % 24) + 0.3 * random.normal());
  return forecast;
}

describe('a seasonal forecast', () => {
  it('knows day from night, and is surprised by night of what is usual by day', () => {
    const forecast = taught(21);
    expect(forecast.forecast(12).expected).toBeCloseTo(6, 0);
    expect(forecast.forecast(2).expected).toBeCloseTo(1, 0);
    expect(forecast.skill).toBeGreaterThan(0.6);
    expect(forecast.surprise(12, 6)).toBeLessThan(2);
    expect(forecast.surprise(2, 6)).toBeGreaterThan(8);
  });

  it('is not surprised an hour early or late: clocks change', () => {
    const forecast = taught(21);
    expect(forecast.surprise(6, 6)).toBeLessThan(3);
    expect(forecast.limit(6, 0)).toBeCloseTo(6, 0);
  });

  it('says nothing before it has seen each hour often enough', () => {
    expect(taught(2).surprise(2, 50)).toBeUndefined();
    expect(taught(4).surprise(2, 50)).toBeGreaterThan(3);
  });

  it('has no skill where there is no season', () => {
    const random = seededRandom(4);
    const forecast = new SeasonalForecast(DAY);
    for (let at = 0; at < 21 * 24; at++) forecast.take(at % 24, 3 + random.normal());
    expect(forecast.skill).toBeLessThan(0.2);
  });

  it('is not led astray by an attack, and follows what lasts (drift)', () => {
    const random = seededRandom(8);
    const forecast = taught(21, random);
    for (let hour = 0; hour < 4; hour++) forecast.take(hour, 15);
    expect(forecast.forecast(2).expected).toBeLessThan(2);
    for (let at = 4; at < 21 * 24; at++) forecast.take(at % 24, usualAt(at % 24) + 3 + 0.3 * random.normal());
    expect(forecast.forecast(12).expected).toBeCloseTo(9, 0);
    expect(forecast.forecast(2).expected).toBeCloseTo(4, 0);
  });

  it('is the same after it was stored, and takes nothing else for itself', () => {
    const forecast = taught(21);
    const restored = SeasonalForecast.restore(forecast.store(), DAY);
    for (let hour = 0; hour < 24; hour++) {
      expect(restored?.surprise(hour, 7)).toBeCloseTo(forecast.surprise(hour, 7) ?? Number.NaN, 0);
    }
    expect(restored?.skill).toBeCloseTo(forecast.skill, 1);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.base64String()), (stored) => {
        expect(SeasonalForecast.restore(stored, { cycle: 7, kinds: 2 })?.taken ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('stays finite whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -2, max: 50 }), fc.double()), { maxLength: 100 }), (seen) => {
        const forecast = new SeasonalForecast({ cycle: 4, kinds: 2 });
        for (const [slot, value] of seen) forecast.take(slot, Math.max(-1e6, Math.min(1e6, value)));
        expect(Number.isFinite(forecast.forecast(0).expected)).toBe(true);
        expect(Number.isFinite(forecast.skill)).toBe(true);
      }),
    );
  });
});
