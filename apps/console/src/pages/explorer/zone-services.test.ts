import { describe, expect, it } from 'vitest';
import type { TrafficPair } from './queries.ts';
import { zoneServices } from './zone-services.ts';

const pair = (clientIp: string, protocol: string, bytes: number, isEncrypted = false): TrafficPair => ({
  clientIp,
  serverIp: '10.20.1.13',
  protocol,
  isEncrypted,
  bytes,
  flows: 1,
  packets: 1,
});
const CT = { ip: '10.20.2.21', assetId: 'ast_1', name: 'CT', zone: 'imaging' };
const holders = new Map([[CT.ip, CT]]);

describe('the zones and the services that they use', () => {
  it('adds up the devices of a zone, and says how much can be read by anybody on the way', () => {
    const pairs = [pair(CT.ip, 'dicom', 100), pair(CT.ip, 'dicom', 50, true), pair('10.9.9.9', 'dns', 7)];
    expect(zoneServices(pairs, holders, 5)).toEqual([
      { zone: 'imaging', service: 'dicom', bytes: 150, flows: 2, clearBytes: 100 },
      { zone: 'unknown zone', service: 'dns', bytes: 7, flows: 1, clearBytes: 7 },
    ]);
  });

  it('puts the smallest services together when there are many', () => {
    const pairs = [pair(CT.ip, 'dicom', 100), pair(CT.ip, 'ntp', 2), pair(CT.ip, 'dns', 3)];
    expect(zoneServices(pairs, holders, 1).map(({ service, bytes }) => [service, bytes])).toEqual([
      ['dicom', 100],
      ['other services', 5],
    ]);
  });
});
