import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect, evidenceOf, readDatagram } from '../testing/play.ts';
import { bacnet } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/bacnet_test.pcap');
/** I-Am of device 1234: maximum APDU 1476, no segmentation, vendor 260. */
const I_AM = hex('81 0b 00 19 01 20 ff ff 00 ff 10 00 c4 02 00 04 d2 22 05 c4 91 03 22 01 04');

describe('BACnet/IP', () => {
  it('knows a device by what it announces', () => {
    expect(evidenceOf(bacnet, readDatagram(bacnet, I_AM))).toEqual([
      'bacnet.device=instance=1234 (client)',
      'bacnet.device=vendor-id=260 (client)',
    ]);
  });

  it('is told from other protocols that begin with the same byte', () => {
    expect(detect(bacnet, [client(I_AM)])).toBe('match');
    expect(detect(bacnet, [client(I_AM.subarray(0, 20))])).toBe('reject');
    expect(detect(bacnet, [client(hex('81 0a 00 06 07 00'))])).toBe('reject');
  });
});

describe.skipIf(CAPTURE === undefined)('BACnet/IP in a capture (shared/data)', () => {
  it('reads vendor, model, name and firmware of a controller', () => {
    const batch = sense(CAPTURE ?? '');
    expect(valuesOf(batch, '10.1.1.165', 'bacnet.device')).toEqual([
      'firmware=5.1.0.4400',
      'model=MS-NAE4510-2',
      'object-name=KBRNAE',
      'vendor=JCI',
    ]);
    expect(activitiesOf(batch, 'bacnet')).toMatchObject({ 'broadcast-management': 4, 'transaction success': 9 });
  });
});
