import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, hex, u16 } from '../testing/bytes.ts';
import { activitiesOf, sense } from '../testing/capture.ts';
import { client, detect, evidenceOf, readDatagram } from '../testing/play.ts';
import { knxnetIp } from './protocol.ts';

const CAPTURE = sharedData('ndpi/pcap/knxip.pcapng');
const DEVICE = bytes(
  hex('36 01 02 00 11 05 00 00 00 c5 01 02 03 04 e0 00 17 0c 00 0e 8c 00 00 01'),
  'IP Interface'.padEnd(30, '\0'),
);
const DESCRIPTION = bytes(hex('06 10 02 04'), u16(6 + DEVICE.length), DEVICE);

describe('KNXnet/IP', () => {
  it('reads what a gateway says about itself', () => {
    expect(evidenceOf(knxnetIp, readDatagram(knxnetIp, DESCRIPTION, 'to-client'))).toEqual([
      'knx.name=IP Interface (server)',
      'knx.serial=00c501020304 (server)',
      'knx.individual-address=1.1.5 (server)',
    ]);
  });

  it('takes no message whose length is not that of the datagram', () => {
    expect(detect(knxnetIp, [client(DESCRIPTION)])).toBe('match');
    expect(detect(knxnetIp, [client(DESCRIPTION.subarray(0, 40))])).toBe('reject');
  });
});

describe.skipIf(CAPTURE === undefined)('KNXnet/IP in a capture (shared/data)', () => {
  it('names searches over UDP and features of a tunnel over TCP', () => {
    expect(activitiesOf(sense(CAPTURE ?? ''), 'knxnet-ip')).toEqual({
      'search-request': 1,
      'search-request-extended': 1,
      'tunnelling-feature-information': 1,
      'tunnelling-feature-response': 1,
    });
  });
});
