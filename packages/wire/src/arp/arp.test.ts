import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { arp } from './protocol.ts';

/** RFC 826, for Ethernet and IPv4. */
function message(operation: number, mac: readonly number[], ip: readonly number[]): Uint8Array {
  return bytes(u16(1), u16(0x0800), 6, 4, u16(operation), ...mac, ...ip, new Uint8Array(6), 10, 0, 0, 1);
}
const MAC = [0x02, 0, 0, 0, 0, 7];

describe('ARP', () => {
  it('ties the link address of the sender to its IPv4 address, whether it asks or answers', () => {
    for (const operation of [1, 2]) {
      expect(evidenceOf(arp, readDatagram(arp, message(operation, MAC, [10, 0, 0, 7])))).toEqual([
        'arp.address=10.0.0.7 (02:00:00:00:00:07/10.0.0.7)',
      ]);
    }
  });

  it('takes nothing from a probe, which claims no address yet, nor from a group address', () => {
    expect(readDatagram(arp, message(1, MAC, [0, 0, 0, 0]))).toEqual([]);
    expect(readDatagram(arp, message(1, [1, 0, 0x5e, 0, 0, 1], [10, 0, 0, 7]))).toEqual([]);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)('recorded ARP (skipped where shared/data/pcaps is absent)', () => {
  it('gives hosts their own link address', () => {
    const { hosts } = sense(HOSPITAL ?? '');
    const archive = hosts.find(({ host }) => host.ip === '10.20.30.10');
    expect(archive?.host.mac).toBe('00:25:90:aa:10:10');
    expect(valuesOf({ hosts } as ReturnType<typeof sense>, '10.20.30.10', 'arp.address')).toEqual(['10.20.30.10']);
  });
});
