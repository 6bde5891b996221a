import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect } from '../testing/play.ts';
import { s7comm } from './protocol.ts';

const DOWNLOAD = sharedData('ndpi/pcap/s7comm.pcap');
const QUESTION = sharedData('quickdraw/s7_test.pcap');

describe('S7 communication', () => {
  it('leaves remote desktops alone, which open with the same two layers', () => {
    const remoteDesktop = hex('03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 03 00 00 00');
    expect(detect(s7comm, [client(remoteDesktop)])).toBe('reject');
  });

  it('is told by rack and slot in the opening', () => {
    const opening = hex('03 00 00 16 11 e0 00 00 00 01 00 c0 01 0a c1 02 01 00 c2 02 01 02');
    expect(detect(s7comm, [client(opening)])).toBe('match');
  });
});

describe.skipIf(DOWNLOAD === undefined || QUESTION === undefined)('S7 communication in captures (shared/data)', () => {
  it('reads the order number of a controller', () => {
    expect(valuesOf(sense(QUESTION ?? ''), '192.168.10.90', 's7comm.device')).toEqual(['6ES7 312-5AC02-0AB0']);
  });

  it('shows that a program was loaded into a controller and started', () => {
    const batch = sense(DOWNLOAD ?? '');
    expect(activitiesOf(batch, 's7comm')).toEqual({ 'connect success': 1, 'job success': 7, 'user-data success': 11 });
    expect(valuesOf(batch, '192.168.1.40', 'ot.control-accepted')).toEqual([
      'download-block',
      'download-ended',
      'request-download',
      'start-or-service',
    ]);
  });
});
