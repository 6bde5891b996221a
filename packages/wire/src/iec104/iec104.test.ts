import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect } from '../testing/play.ts';
import { iec104 } from './protocol.ts';

const COMMANDS = sharedData('ndpi/pcap/iec60780-5-104.pcap');
const REPORTS = sharedData('ndpi/pcap/IEC104.pcap');

describe('IEC 60870-5-104', () => {
  it('is told on any port by its link functions only', () => {
    const startTransfer = hex('68 04 07 00 00 00');
    const data = hex('68 0e 00 00 00 00 64 01 06 00 01 00 00 00 00 14');
    expect([detect(iec104, [client(startTransfer)]), detect(iec104, [client(data)])]).toEqual(['match', 'reject']);
    expect(detect(iec104, [client(data)], 2404)).toBe('match');
  });
});

describe.skipIf(COMMANDS === undefined || REPORTS === undefined)('IEC 60870-5-104 in captures (shared/data)', () => {
  it('pairs commands with confirmations, also with refusals', () => {
    const batch = sense(COMMANDS ?? '');
    expect(activitiesOf(batch, 'iec104')).toMatchObject({
      'link success': 8,
      'command success': 4,
      'command failure': 2,
      'command unanswered': 1,
    });
    expect(valuesOf(batch, '172.27.248.79', 'ot.control-accepted')).toEqual([
      'clock-synchronisation',
      'single-command',
    ]);
  });

  it('knows the stations that report', () => {
    expect(valuesOf(sense(REPORTS ?? ''), '10.175.211.1', 'iec104.station')).toEqual(['10516', '10772']);
  });
});
