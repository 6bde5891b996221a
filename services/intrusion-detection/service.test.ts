import { Readable } from 'node:stream';
import { createFact } from '@sphinx/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client } from '../../packages/wire/src/testing/play.ts';
import type { RuleSet } from './rule-sets/rule-set.ts';
import type { Trial } from './rules/try-rules.ts';
import { ENDS, House, RULE } from './test-house.ts';

let house: House;

afterEach(() => house.close());

const quietFor = (addresses: string[]) => ({ adjustments: [{ scope: { addresses }, action: 'quiet' }] });
const addRule = (content = RULE) => house.ask<RuleSet>('addRuleSet', { body: { title: 'Local rules', content } });

describe('a match in the traffic', () => {
  it('is a detection with rule, both ends and packet, once however often the file is read', async () => {
    house = await House.open();
    await addRule();
    await house.see('something evil');
    await house.see('something evil');
    const [detection, ...more] = await house.detections();
    expect(more).toEqual([]);
    expect(detection).toMatchObject({
      rule: { gid: 1, sid: 1, title: 'evil', techniques: ['T1190'] },
      severity: 'high',
      source: { ip: '10.0.0.1', port: 4000 },
      destination: { ip: '10.0.0.2', port: 9999 },
      packet: { source: 'capture_1' },
    });
    expect(JSON.stringify(detection)).not.toContain('something');
    const facts = await house.bus.read({ types: ['detection.found'], limit: 10 });
    expect(facts.map(({ fact }) => fact.data)).toMatchObject([{ id: detection?.id }]);
  });

  it('goes when its source is taken back', async () => {
    house = await House.open();
    await addRule();
    await house.see('evil', 'capture_1');
    await house.see('evil', 'capture_2');
    const data = { source: 'capture_1', sample: false };
    await house.bus.publish([createFact('source.removed', { key: 'source:capture_1', time: 1, source: 'test', data })]);
    await house.bus.drained();
    expect((await house.detections()).map(({ packet }) => packet.source)).toEqual(['capture_2']);
  });

  it('is counted only, when a minute has had more than enough', async () => {
    house = await House.open({ maximumDetectionsPerMinute: 1 });
    await addRule(`${RULE}\n${RULE.replace('sid:1', 'sid:2')}`);
    await house.see('evil');
    expect(await house.detections()).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('shows its hits and what it has cost', async () => {
    house = await House.open();
    await addRule();
    await house.see('evil');
    const items = await house.rules({ search: 'evil' });
    expect(items).toMatchObject([{ id: '1:1', hits: 1, lastHit: 1_700_000_000_000 }]);
    expect(items[0]?.looks).toBeGreaterThan(0);
  });

  it('can be switched off, and kept quiet for an asset group', async () => {
    house = await House.open();
    await addRule();
    await house.ask('tuneRule', { params: { id: '1:1' }, body: quietFor(['10.0.0.0/24']) });
    await house.see('evil', 'quiet');
    await house.ask('tuneRule', { params: { id: '1:1' }, body: { isEnabled: false } });
    await house.see('evil', 'off');
    expect(await house.detections()).toEqual([]);
    await house.ask('tuneRule', { params: { id: '1:1' }, body: quietFor(['10.9.0.0/24']) });
    await house.see('evil', 'on');
    expect(await house.detections()).toHaveLength(1);
  });

  it('is tried on the packets of a source that still has them, and says so where they are gone', async () => {
    house = await House.open();
    const capture = conversationCapture(ENDS, [client(bytes('something evil'))]);
    house.captures.offer(async (source) => (source === 'src_1' ? Readable.from([capture]) : undefined));
    const trial = await house.ask<Trial>('tryRule', { query: { rule: RULE, source: 'src_1' } });
    expect(trial).toMatchObject({ detections: [{ source: { ip: ENDS.clientIp } }], looks: 1 });
    await expect(house.ask('tryRule', { query: { rule: RULE, source: 'src_2' } })).rejects.toThrow('not kept');
    expect(await house.detections()).toEqual([]);
  });

  it('is refused with its reason when it cannot be tried', async () => {
    house = await House.open();
    const query = { rule: 'alert tcp any any -> any any (lua:x; sid:1;)' };
    await expect(
      house.ask('tryRule', { query, request: new Request('http://x/', { method: 'POST', body: 'x' }) }),
    ).rejects.toThrow('scripts in rules are out of scope');
  });
});
