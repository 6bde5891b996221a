import { describe, expect, it } from 'vitest';
import { rowsOfChunk } from './byte-rows.ts';

describe('bytes', () => {
  it('stand sixteen in a row as digits and letters, with dots for what is hidden', () => {
    expect(rowsOfChunk(16, `4d5348${'..'.repeat(14)}0a`)).toEqual([
      { offset: 16, hex: `4d 53 48${' ..'.repeat(13)}`, text: `MSH${'·'.repeat(13)}` },
      { offset: 32, hex: '.. 0a', text: '··' },
    ]);
  });
});
