import { describe, expect, it } from 'vitest';
import { emptySet } from './rule-library.ts';
import { isDue } from './updates.ts';

const HOUR = 3_600_000;
const fetched = { ...emptySet('a', 'A', 'url'), url: 'https://rules.example/a.rules', checkedAt: 10 * HOUR };

describe('an update', () => {
  it('is due once its hours have passed, those of the set before those of the setting', () => {
    expect(isDue(fetched, 24, 33 * HOUR)).toBe(false);
    expect(isDue(fetched, 24, 34 * HOUR)).toBe(true);
    expect(isDue({ ...fetched, updateHours: 1 }, 24, 11 * HOUR)).toBe(true);
  });

  it('is never due for a set that has no URL or wants none', () => {
    expect(isDue({ ...fetched, url: null }, 24, 999 * HOUR)).toBe(false);
    expect(isDue({ ...fetched, updateHours: 0 }, 24, 999 * HOUR)).toBe(false);
    expect(isDue(fetched, 0, 999 * HOUR)).toBe(false);
  });
});
