import { describe, expect, it } from 'vitest';
import { addressHolders } from './asset-addresses.ts';
import { HOUR, hostSeen, MORNING, newInventory } from './test-inventory.ts';

const IP = '10.20.30.124';

describe('the holders of addresses', () => {
  it('are the assets that were seen last under each', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ mac: '00:12:21:0a:0b:0c', ip: IP }, { 'dhcp.hostname': 'SPACECOM-1' })]);
    const later = { at: MORNING + HOUR };
    inventory.observe([hostSeen({ mac: '00:12:21:0a:0b:0d', ip: IP }, { 'dhcp.hostname': 'SPACECOM-2' }, later)]);
    const ofAddress = addressHolders(inventory.list()).filter(({ ip }) => ip === IP);
    expect(ofAddress.map(({ name }) => name)).toEqual(['SPACECOM-2']);
  });
});
