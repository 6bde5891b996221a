import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { activitiesOf, recordsOf, sense } from '../testing/capture.ts';
import { readDatagram } from '../testing/play.ts';
import { gtp } from './protocol.ts';

const CONTROL = sharedData('ndpi/pcap/gtp_c.pcap');
const CHARGING = sharedData('ndpi/pcap/gtp_prime.pcapng');

describe.skipIf(CONTROL === undefined || CHARGING === undefined)(
  'recorded GTP (skipped where shared/data is absent)',
  () => {
    it('is read with what the nodes of a mobile network ask of each other', () => {
      const batch = sense(CONTROL ?? '');
      expect(activitiesOf(batch, 'gtp')).toEqual({ 'create-session success': 1, 'delete-session success': 1 });
      expect(recordsOf(batch, 'gtp')).toMatchObject([{ variant: 'GTP-C v2', cause: 16 }, { cause: 16 }]);
      expect(activitiesOf(sense(CHARGING ?? ''), 'gtp')).toEqual({ 'data-record-transfer unanswered': 1 });
    });
  },
);

describe('GTP', () => {
  const version1 = (type: number, content: Uint8Array) =>
    bytes(0x32, type, u16(4 + content.length), u32(7), u16(9), 0, 0, content);

  it('of version 1 tells a refusal by its cause, and a node that is still there', () => {
    expect(readDatagram(gtp, version1(17, bytes(1, 199)), 'to-client')).toMatchObject([
      { activity: 'create-context', variant: 'GTP v1', outcome: 'failure', cause: 199 },
    ]);
    expect(readDatagram(gtp, version1(2, bytes(14, 1)), 'to-client')).toMatchObject([
      { activity: 'echo', outcome: 'success', cause: undefined },
    ]);
  });

  it('tells that there is user data, and leaves that to the rooms of what it carries', () => {
    expect(readDatagram(gtp, version1(255, new Uint8Array(40)))).toMatchObject([
      { activity: 'user-data', outcome: undefined },
    ]);
  });
});
