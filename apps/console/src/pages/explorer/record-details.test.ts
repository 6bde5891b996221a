import { describe, expect, it } from 'vitest';
import { detailsOf } from './record-details.ts';

describe('the details of a transaction', () => {
  it('are told in words, without what is empty', () => {
    const details = { callingAeTitle: 'CT1', status: 0, isWhole: true, note: '', contexts: [{ id: 1, name: 'CT' }] };
    expect(detailsOf(JSON.stringify(details))).toEqual([
      ['calling ae title', 'CT1'],
      ['status', '0'],
      ['is whole', 'yes'],
      ['contexts', 'id 1 · name CT'],
    ]);
  });

  it('are cut where they would fill the screen', () => {
    const [[, text] = ['', '']] = detailsOf(JSON.stringify({ names: Array.from({ length: 500 }, () => 'name') }));
    expect(text.length).toBeLessThan(310);
  });
});
