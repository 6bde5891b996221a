import type { Asset } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import type { Arrangement, HistoryEntry } from './asset-record.ts';
import type { Inventory } from './inventory.ts';
import type { InventoryChange } from './inventory-change.ts';
import { type AssetChange, mergeAssets, partsOf, splitAsset, stateAsset, undoChange } from './manual-changes.ts';
import { evidence, HOUR, hostSeen, knowledge, MORNING, newInventory, sourceRemoved, talk } from './test-inventory.ts';

const PUMP = { mac: '00:12:21:0a:0b:0c', ip: '10.20.30.124' };
const CARD = { mac: '00:12:21:0a:0b:0d', ip: '10.20.30.125' };
const ANNA = { name: 'anna', time: MORNING + HOUR };

function twoAssets(): { inventory: Inventory; first: Asset; second: Asset } {
  const inventory = newInventory();
  inventory.observe([hostSeen(PUMP, { 'dhcp.hostname': 'SPACECOM-1' }), hostSeen(CARD, { 'arp.address': CARD.ip })]);
  const [first, second] = inventory.list();
  if (first === undefined || second === undefined) throw new Error('two assets expected');
  return { inventory, first, second };
}

function state(inventory: Inventory, id: string, change: AssetChange): InventoryChange {
  return stateAsset(inventory, knowledge, id, change, ANNA);
}

function undo(inventory: Inventory, { history }: InventoryChange): InventoryChange {
  const entry = history.find(({ before }) => before !== undefined);
  if (entry?.before === undefined) throw new Error('nothing to take back');
  return undoChange(inventory, entry as HistoryEntry & { before: readonly Arrangement[] }, ANNA);
}

describe('what people state', () => {
  it('wins over what the wire shows, also over what it shows later', () => {
    const { inventory, first } = twoAssets();
    state(inventory, first.id, { name: 'Pump of bed 4', facts: { kind: 'syringe-pump' } });
    inventory.observe([hostSeen(PUMP, { 'dhcp.vendor-class': 'B. Braun Space' }, { at: MORNING + 2 * HOUR })]);
    const asset = inventory.get(first.id);
    expect(asset.name).toBe('Pump of bed 4');
    expect(asset.facts.kind).toMatchObject({ value: 'syringe-pump', confidence: 1, origin: { reference: 'anna' } });
  });

  it('derives function, safety class and zone from the kind that a person states', () => {
    const { inventory, second } = twoAssets();
    state(inventory, second.id, { facts: { kind: 'ventilator' } });
    expect(inventory.get(second.id).facts).toMatchObject({
      patientSafetyClass: { value: 'life-sustaining' },
      zone: { value: 'bedside' },
    });
  });

  it('can say that a kind is not known although it looks like one', () => {
    const { inventory, first } = twoAssets();
    expect(first.facts.kind?.value).toBe('infusion-pump');
    state(inventory, first.id, { facts: { kind: null } });
    expect(inventory.get(first.id).facts.kind).toBeUndefined();
  });

  it('gives a fact back to what is found automatically', () => {
    const { inventory, first } = twoAssets();
    state(inventory, first.id, { facts: { kind: 'ventilator' } });
    state(inventory, first.id, { resetFacts: ['kind'] });
    expect(inventory.get(first.id).facts.kind?.value).toBe('infusion-pump');
  });

  it('pins, and publishes that it did', () => {
    const { inventory, first } = twoAssets();
    const { facts } = state(inventory, first.id, { isPinned: true });
    expect(facts).toMatchObject([{ type: 'asset.updated', data: { isPinned: true } }]);
  });

  it.each([
    [{ kind: 'toaster' }, /no kind/],
    [{ zone: 'moon' }, /no zone/],
    [{ patientSafetyClass: 'maybe' }, /no class/],
  ] as const)('refuses %j and says why', (facts, reason) => {
    const { inventory, first } = twoAssets();
    expect(() => state(inventory, first.id, { facts })).toThrow(reason);
    expect(inventory.get(first.id)).toEqual(first);
  });

  it('is taken back exactly', () => {
    const { inventory, first } = twoAssets();
    const change = state(inventory, first.id, { name: 'Wrong', isPinned: true, facts: { kind: 'ventilator' } });
    undo(inventory, change);
    expect({ ...inventory.get(first.id), revision: 0 }).toEqual({ ...first, revision: 0 });
  });
});

describe('merging and splitting', () => {
  it('makes two assets one under the id of the first, with the evidence of both', () => {
    const { inventory, first, second } = twoAssets();
    const { facts } = mergeAssets(inventory, first.id, [second.id], ANNA);
    expect(inventory.list().map(({ id }) => id)).toEqual([first.id]);
    expect(inventory.get(first.id)).toMatchObject({ macs: [PUMP.mac, CARD.mac], ips: [PUMP.ip, CARD.ip] });
    expect(facts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'asset.merged', data: expect.objectContaining({ mergedAssetId: second.id }) }),
      ]),
    );
  });

  it('stays merged when the parts are seen again', () => {
    const { inventory, first, second } = twoAssets();
    mergeAssets(inventory, first.id, [second.id], ANNA);
    inventory.observe([hostSeen(CARD, { 'http.server': 'x' }, { at: MORNING + 2 * HOUR }), talk(CARD, PUMP)]);
    expect(inventory.list()).toHaveLength(1);
  });

  it('takes a merger back: both are there again under their ids', () => {
    const { inventory, first, second } = twoAssets();
    undo(inventory, mergeAssets(inventory, first.id, [second.id], ANNA));
    expect(inventory.get(first.id).macs).toEqual([PUMP.mac]);
    expect(inventory.get(second.id).macs).toEqual([CARD.mac]);
  });

  it('splits a network card off into an asset of its own, and stays split', () => {
    const { inventory, first, second } = twoAssets();
    mergeAssets(inventory, first.id, [second.id], ANNA);
    const { newId } = splitAsset(inventory, first.id, [CARD.mac.toUpperCase()], ANNA);
    inventory.observe([hostSeen(CARD, { 'http.server': 'x' }, { at: MORNING + 2 * HOUR })]);
    expect(inventory.get(newId).macs).toEqual([CARD.mac]);
    expect(inventory.get(first.id).macs).toEqual([PUMP.mac]);
  });

  it('says into which parts an asset can be split, each with its addresses', () => {
    const { inventory, first, second } = twoAssets();
    expect(partsOf(inventory, first.id)).toEqual([{ address: PUMP.mac, ips: [PUMP.ip] }]);
    mergeAssets(inventory, first.id, [second.id], ANNA);
    expect(partsOf(inventory, first.id)).toEqual([
      { address: PUMP.mac, ips: [PUMP.ip] },
      { address: CARD.mac, ips: [CARD.ip] },
    ]);
  });

  it('takes a split back', () => {
    const { inventory, first, second } = twoAssets();
    mergeAssets(inventory, first.id, [second.id], ANNA);
    undo(inventory, splitAsset(inventory, first.id, [CARD.mac], ANNA).change);
    expect(inventory.list()).toHaveLength(1);
    expect(inventory.get(first.id).macs).toEqual([PUMP.mac, CARD.mac]);
  });

  it('separates two devices that it had joined behind a router, by address', () => {
    const inventory = newInventory();
    const serial = (at: number) => [evidence('dicom.serial', 'X-1234', { role: 'client', at })];
    inventory.observe([hostSeen({ ip: '10.9.0.5' }, serial(MORNING))]);
    inventory.observe([hostSeen({ ip: '10.9.0.9' }, serial(MORNING + HOUR), { at: MORNING + HOUR })]);
    const [joined] = inventory.list();
    const { newId } = splitAsset(inventory, joined?.id ?? '', ['10.9.0.9'], ANNA);
    expect(inventory.get(newId).ips).toEqual(['10.9.0.9']);
  });

  it('refuses to split everything off, or an address that is not its own', () => {
    const { inventory, first } = twoAssets();
    expect(() => splitAsset(inventory, first.id, [PUMP.mac], ANNA)).toThrow(/nothing of the asset/);
    expect(() => splitAsset(inventory, first.id, ['10.1.1.1'], ANNA)).toThrow(/No part of this asset/);
  });

  it('refuses to merge sample assets with real ones', () => {
    const { inventory, first } = twoAssets();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { sample: true, source: 's' })]);
    const sample = inventory.list().find(({ isSample }) => isSample);
    expect(() => mergeAssets(inventory, first.id, [sample?.id ?? ''], ANNA)).toThrow(/Sample/);
  });

  it('keeps what remains of a merged asset when the traffic of one part is removed and comes back', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { source: 'one' })]);
    inventory.observe([hostSeen(CARD, { 'arp.address': CARD.ip }, { source: 'two' })]);
    const [first, second] = inventory.list();
    mergeAssets(inventory, first?.id ?? '', [second?.id ?? ''], ANNA);
    inventory.observe([sourceRemoved('one')]);
    expect(inventory.get(first?.id ?? '').macs).toEqual([CARD.mac]);
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { source: 'one' })]);
    expect(inventory.list()).toHaveLength(1);
    expect(inventory.get(first?.id ?? '').macs).toEqual([PUMP.mac, CARD.mac]);
  });
});
