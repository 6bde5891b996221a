import { describe, expect, it } from 'vitest';
import { joinChanges } from './inventory-change.ts';
import { mergeAssets, splitAsset } from './manual-changes.ts';
import { evidence, HOUR, hostSeen, MORNING, newInventory } from './test-inventory.ts';

const ANNA = { name: 'anna', time: MORNING + HOUR };
const PUMP = { mac: '00:12:21:0a:0b:0c', ip: '10.20.30.124' };
const CARD = { mac: '00:12:21:0a:0b:0d', ip: '10.20.30.125' };

describe('several changes stored as one', () => {
  it('keep every fact and entry in order, and each asset once, as it is after the last', () => {
    const inventory = newInventory();
    const seen = inventory.observe([
      hostSeen(PUMP, [evidence('arp.address', PUMP.ip, {})]),
      hostSeen(CARD, [evidence('arp.address', CARD.ip, {})]),
    ]);
    const [first, second] = inventory.list();
    if (first === undefined || second === undefined) throw new Error('two assets expected');
    const merged = mergeAssets(inventory, first.id, [second.id], ANNA);
    const joined = joinChanges([seen, merged]);
    expect(joined.facts).toEqual([...seen.facts, ...merged.facts]);
    expect(joined.history).toEqual([...seen.history, ...merged.history]);
    expect(joined.assets.map(({ id }) => id)).toEqual([first.id]);
    expect([...(joined.assets[0]?.endpoints ?? [])]).toHaveLength(2);
    expect(joined.removedAssets).toEqual([second.id]);

    const split = splitAsset(inventory, first.id, [CARD.mac], ANNA);
    const all = joinChanges([seen, merged, split.change]);
    expect(all.assets.map(({ id }) => id).sort()).toEqual([first.id, split.newId].sort());
    expect(all.removedAssets).toEqual(split.newId === second.id ? [] : [second.id]);
  });
});
