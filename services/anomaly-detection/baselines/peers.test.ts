import { describe, expect, it } from 'vitest';
import { JointSample } from './joint-sample.ts';
import { Newcomers, Peers } from './peers.ts';
import { isDayOfRest } from './seasons.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('peers of a device', () => {
  it('are known by name and role, with since when and on how many days', () => {
    const peers = new Peers();
    expect(peers.take('asset_pacs', 'asked', 0)).toBe(true);
    expect(peers.take('asset_pacs', 'asked', HOUR_MS)).toBe(false);
    expect(peers.take('asset_pacs', 'asked', 2 * DAY_MS)).toBe(false);
    expect(peers.isKnown('asset_pacs', 'asks')).toBe(false);
    expect(peers.list()).toEqual([{ key: 'asset_pacs', role: 'asked', since: 0, last: 2 * DAY_MS, days: 2 }]);
    const restored = new Peers();
    restored.restore(peers.store());
    expect(restored.list()).toEqual(peers.list());
  });

  it('are bounded: those that were silent longest go first', () => {
    const peers = new Peers(3);
    for (const [at, key] of ['a', 'b', 'c', 'a', 'd'].entries()) peers.take(key, 'asks', at);
    expect(peers.size).toBe(3);
    expect(peers.isKnown('a', 'asks')).toBe(true);
    expect(peers.isKnown('b', 'asks')).toBe(false);
  });

  it('are rare as newcomers only where newcomers are', () => {
    const newcomers = new Newcomers();
    for (let meeting = 0; meeting < 9_999; meeting++) newcomers.take(false);
    expect(newcomers.rate).toBeCloseTo(5e-5, 7);
    for (let meeting = 0; meeting < 100; meeting++) newcomers.take(true);
    expect(newcomers.rate).toBeGreaterThan(0.009);
  });
});

describe('hours as a whole', () => {
  it('are the same after they were stored', () => {
    const sample = new JointSample();
    const point = (at: number) =>
      Float64Array.from({ length: 24 }, (_, place) => (place < 3 ? (at * (place + 1)) % 5 : 0));
    for (let at = 0; at < 500; at++) sample.take(point(at), at * HOUR_MS, sample.judge(point(at))?.score);
    const odd = Float64Array.from({ length: 24 }, (_, place) => (place === 5 ? 9 : 0));
    const restored = JointSample.restore(sample.store());
    expect(restored.hours).toBeCloseTo(sample.hours, 0);
    expect(restored.judge(odd)?.score).toBeGreaterThan(30);
    expect(restored.judge(odd)?.rarity).toBeLessThan(0.01);
    expect(restored.judge(point(3))?.rarity).toBeGreaterThan(0.01);
  });
});

it('Saturday and Sunday are days of rest', () => {
  const days = Array.from({ length: 7 }, (_, day) => isDayOfRest(Date.UTC(2026, 0, 5 + day, 13)));
  expect(days).toEqual([false, false, false, false, false, true, true]);
});
