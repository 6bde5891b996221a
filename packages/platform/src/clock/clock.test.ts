import { describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from './clock.ts';

describe('The clock of the machine', () => {
  it('tells milliseconds since 1970', () => {
    const before = Date.now();
    const told = systemClock.now();
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(Date.now());
  });
});

describe('A clock moved by hand', () => {
  it('stands still until it is moved, and then by as much as it is told', () => {
    const clock = new ManualClock(1000);
    expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
    clock.advance(250);
    clock.advance(0);
    expect(clock.now()).toBe(1250);
  });
});
