import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u32 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { ntp } from './protocol.ts';

const CLIENT = 3;
const SERVER = 4;
const CONTROL = 6;

/** RFC 5905 §7.3, version 4. */
function packet(mode: number, stratum: number, reference: Uint8Array | string): Uint8Array {
  return bytes((4 << 3) | mode, stratum, 6, 0xec, u32(0), u32(0), reference, new Uint8Array(32));
}

describe('NTP', () => {
  it('tells at which stratum a server is and where it has its time from', () => {
    expect(evidenceOf(ntp, readDatagram(ntp, packet(SERVER, 1, 'GPS\0')))).toEqual([
      'ntp.server=1 (server)',
      'ntp.reference=GPS (server)',
    ]);
    expect(evidenceOf(ntp, readDatagram(ntp, packet(SERVER, 2, bytes(10, 0, 0, 1))))).toContain(
      'ntp.reference=10.0.0.1 (server)',
    );
  });

  it('takes no client for a server', () => {
    expect(evidenceOf(ntp, readDatagram(ntp, packet(CLIENT, 0, 'INIT')))).toEqual([]);
  });

  it('leaves control messages and what is too short alone', () => {
    expect(readDatagram(ntp, packet(CONTROL, 0, 'INIT'))).toEqual([]);
    expect(readDatagram(ntp, packet(SERVER, 1, 'GPS\0').subarray(0, 47))).toEqual([]);
  });
});

const TUNNELLED = sharedData('ja4/pcap/gre-sample.pcap');

describe.skipIf(TUNNELLED === undefined)('recorded NTP (skipped where shared/data/ja4 is absent)', () => {
  it('shows servers, also inside a tunnel', () => {
    const batch = sense(TUNNELLED ?? '');
    expect(valuesOf(batch, '18.26.4.105', 'ntp.server')).toHaveLength(1);
    expect(valuesOf(batch, '66.59.111.190', 'ntp.server')).toEqual([]);
  });
});
