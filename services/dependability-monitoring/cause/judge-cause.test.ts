import { describe, expect, it } from 'vitest';
import { type Circumstances, judgeCause } from './judge-cause.ts';
import type { Signal } from './signal-book.ts';

const SINCE = 1_790_000_000_000;
const MINUTE = 60_000;

const signal = (fields: Partial<Signal>): Signal => ({
  kind: 'detection',
  id: 'det_1',
  title: 'Something',
  severity: 'medium',
  time: SINCE - MINUTE,
  ips: ['10.0.0.1'],
  assetIds: [],
  techniques: [],
  ...fields,
});
const judge = (fields: Partial<Circumstances>) =>
  judgeCause({
    since: SINCE,
    ips: ['10.0.0.1'],
    signals: [],
    suspicious: '',
    maintenance: undefined,
    others: [],
    ...fields,
  });

describe('Failure or attack', () => {
  it('is a failure where nothing speaks for an attack, and says so', () => {
    expect(judge({})).toMatchObject({
      cause: 'failure',
      reasons: [expect.stringMatching(/No detection/)],
      evidence: [],
    });
    const one = judge({ signals: [signal({})] });
    expect(one).toMatchObject({ cause: 'failure', reasons: [expect.stringMatching(/not enough/)] });
  });

  it.each([
    ['something grave', [signal({ severity: 'high' })]],
    ['something that takes services away', [signal({ techniques: ['T1498.001'] })]],
    ['an incident', [signal({ kind: 'incident', severity: 'medium' })]],
    ['several different things', [signal({}), signal({ id: 'det_2', title: 'Another' })]],
  ])('may be an attack where %s concerns it', (_what, signals) => {
    const judged = judge({ signals });
    expect(judged.cause).toBe('possible-attack');
    expect(judged.evidence).toHaveLength(signals.length);
  });

  it('does not count the same thing several times, nor what was long before or long after', () => {
    expect(judge({ signals: [signal({}), signal({ id: 'det_2' })] }).cause).toBe('failure');
    for (const time of [SINCE - 61 * MINUTE, SINCE + 16 * MINUTE])
      expect(judge({ signals: [signal({ severity: 'critical', time })] }).cause).toBe('failure');
  });

  it('is planned in a maintenance window, unless something speaks for an attack', () => {
    expect(judge({ maintenance: 'new disks' })).toMatchObject({
      cause: 'planned',
      reasons: [expect.stringMatching(/new disks/)],
    });
    expect(judge({ maintenance: '', signals: [signal({ severity: 'high' })] }).cause).toBe('possible-attack');
    expect(judge({ suspicious: 'Another certificate.' })).toMatchObject({
      cause: 'possible-attack',
      reasons: ['Another certificate.'],
    });
  });

  it('names what went down together', () => {
    const other = (name: string, ip: string, since = SINCE) => ({ name, ips: [ip], since });
    const host = judge({ others: [other('Web', '10.0.0.1')] });
    expect(host.reasons.join()).toMatch(/Web at the same address/);
    const net = judge({ others: [other('a', '10.0.0.2'), other('b', '10.0.0.3'), other('c', '10.0.0.4')] });
    expect(net.reasons.join()).toMatch(/3 services at other addresses/);
    expect(judge({ others: [other('Web', '10.0.0.1', SINCE - 60 * MINUTE)] }).reasons).toHaveLength(1);
  });
});
