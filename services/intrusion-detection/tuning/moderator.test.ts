import { loadRules } from '@sphinx/rules';
import type { Detection } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { Moderator } from './moderator.ts';
import { RuleTuning, suppressionsOf } from './tuning.ts';
import { withUsualSenders } from './usual-senders.ts';

const PLACES: Record<string, { asset: string; kind: string; zone: string }[]> = {
  '10.0.0.1': [{ asset: 'asset_1', kind: 'infusion-pump', zone: 'icu' }],
  '10.0.0.2': [{ asset: 'asset_2', kind: 'pacs', zone: 'radiology' }],
};

function found(source: string, destination: string, time = 0): Omit<Detection, 'isSample'> {
  const rule = { gid: 1, sid: 7, revision: 1, title: '', set: '', class: '', category: '' };
  return {
    id: 'det_1',
    rule: { ...rule, references: [], techniques: [] },
    severity: 'high',
    source: { ip: source, port: 1 },
    destination: { ip: destination, port: 2 },
    target: null,
    transport: 'tcp',
    protocol: null,
    time,
    packet: { source: 'src_1', number: 1, time },
  };
}

function moderate(adjustments: unknown[]): Moderator {
  const moderator = new Moderator((ip) => PLACES[ip] ?? []);
  moderator.use(new Map([['1:7', RuleTuning.parse({ adjustments })]]));
  return moderator;
}

describe('a tuned rule', () => {
  it('is quiet for a kind of asset, and for no other', () => {
    const moderator = moderate([{ scope: { kinds: ['infusion-pump'] }, action: 'quiet' }]);
    expect(moderator.judge(found('10.0.0.1', '10.0.0.9'))).toBeUndefined();
    expect(moderator.judge(found('10.0.0.9', '10.0.0.1'))).toBeUndefined();
    expect(moderator.judge(found('10.0.0.2', '10.0.0.9'))).toBeDefined();
  });

  it('speaks where the first part of the hospital that fits says so', () => {
    const moderator = moderate([
      { scope: { zones: ['icu'], end: 'source' }, action: 'tell', severity: 'critical' },
      { action: 'quiet' },
    ]);
    expect(moderator.judge(found('10.0.0.1', '10.0.0.9'))?.severity).toBe('critical');
    expect(moderator.judge(found('10.0.0.9', '10.0.0.1'))).toBeUndefined();
  });

  it('speaks so often and no more, for each source, and again when the time has passed', () => {
    const limit = { count: 2, seconds: 60, by: 'source' };
    const moderator = moderate([{ scope: { addresses: ['10.0.0.0/8', 'fd00::/8'] }, action: 'tell', limit }]);
    const told = (ip: string, seconds: number) => moderator.judge(found(ip, '10.0.0.2', seconds * 1000)) !== undefined;
    expect([told('10.0.0.3', 0), told('10.0.0.3', 1), told('10.0.0.3', 2)]).toEqual([true, true, false]);
    expect([told('10.0.0.4', 2), told('10.0.0.3', 61), told('fd00::1', 61)]).toEqual([true, true, true]);
  });

  it('leaves out in the engine what needs no knowledge of assets, as far as the order allows', () => {
    const quiet = { scope: { addresses: ['10.0.0.0/8'], end: 'source' }, action: 'quiet' };
    const lines = (adjustments: unknown[]) => suppressionsOf('1:7', RuleTuning.parse({ adjustments }));
    expect(lines([quiet, { action: 'quiet' }])).toEqual([
      'suppress gen_id 1, sig_id 7, track by_src, ip [10.0.0.0/8]',
      'suppress gen_id 1, sig_id 7',
    ]);
    expect(lines([{ scope: { kinds: ['pacs'] }, action: 'tell' }, quiet])).toEqual([]);
  });

  it('is not tuned for what is no address', () => {
    expect(() => RuleTuning.parse({ adjustments: [{ scope: { addresses: ['] any'] }, action: 'quiet' }] })).toThrow();
  });

  it('is severe from whoever does not send such commands every day, unless the hospital has decided otherwise', () => {
    const { rules } = loadRules([
      {
        name: 'r',
        content: 'alert tcp any any -> any any (msg:"m"; classtype:misc-attack; sid:7; metadata:usual-source pacs;)',
      },
    ]);
    const moderator = new Moderator((ip) => PLACES[ip] ?? []);
    const severities = (tunings: ReadonlyMap<string, RuleTuning>) => {
      moderator.use(withUsualSenders(rules, tunings));
      return ['10.0.0.2', '10.0.0.1', '10.0.0.9'].map(
        (source) => moderator.judge({ ...found(source, '10.0.0.5'), severity: 'medium' })?.severity,
      );
    };
    expect(severities(new Map())).toEqual(['medium', 'high', 'high']);
    const quiet = RuleTuning.parse({ adjustments: [{ scope: { addresses: ['10.0.0.9'] }, action: 'quiet' }] });
    expect(severities(new Map([['1:7', quiet]]))).toEqual(['medium', 'high', undefined]);
  });
});
