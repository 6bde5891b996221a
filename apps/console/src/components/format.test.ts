import { describe, expect, it } from 'vitest';
import { formatBitRate, formatBytes, formatDuration, formatQuantity, formatShare } from './format.ts';
import { relativeTime } from './time-text.tsx';

describe('figures for people', () => {
  it('gives amounts of data in the unit that keeps them short', () => {
    expect([0, 999, 1000, 1_234_567, 8_023_344_551].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.2 MB',
      '8 GB',
    ]);
    expect(formatBitRate(94_300_000)).toBe('94.3 Mbit/s');
  });

  it('says a length of time in its two largest units', () => {
    expect([0, 59_000, 3_600_000, 3_725_000, 93_784_000, 259_200_000].map(formatDuration)).toEqual([
      '0 s',
      '59 s',
      '1 h',
      '1 h 2 min',
      '1 day 2 h',
      '3 days',
    ]);
  });

  it('counts one thing and many things', () => {
    expect([formatQuantity(1, 'asset'), formatQuantity(1200, 'asset'), formatQuantity(0, 'entry', 'entries')]).toEqual([
      '1 asset',
      '1,200 assets',
      '0 entries',
    ]);
  });

  it('says a share in percent', () => {
    expect([0, 0.9731, 0.9, 1].map(formatShare)).toEqual(['0 %', '97.3 %', '90 %', '100 %']);
  });

  it('says how long ago something was', () => {
    const now = 1_700_000_000_000;
    expect([now, now - 90_000, now - 86_400_000, now + 7_200_000].map((time) => relativeTime(time, now))).toEqual([
      'just now',
      '1 minute ago',
      'yesterday',
      'in 2 hours',
    ]);
  });
});
