import { describe, expect, it } from 'vitest';
import { SAMPLE_SEED } from '../../services/incident-forensics/sample/sample-desk.ts';
import { MOST_FALSE, playSeed } from './incidents.ts';

describe('The sample hospital', () => {
  it('has thirty attacks that are all found, and fewer than ten false incidents in two weeks', async () => {
    const { attacks, falseIncidents, signals, incidents } = await playSeed(SAMPLE_SEED);
    expect(attacks).toHaveLength(30);
    expect(attacks.filter(({ hours }) => hours === undefined).map(({ id }) => id)).toEqual([]);
    expect(falseIncidents.length).toBeLessThanOrEqual(MOST_FALSE);
    expect(signals).toBeGreaterThan(incidents.length * 50);
  });

  it('is the same every time', async () => {
    expect(await playSeed(7)).toEqual(await playSeed(7));
  });
});
