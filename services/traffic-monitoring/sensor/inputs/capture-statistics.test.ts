import { describe, expect, it } from 'vitest';
import { readDroppedPackets } from './capture-statistics.ts';

describe('what a capture program says of lost packets', () => {
  it('is the latest that tcpdump said, of its kernel and its interface', () => {
    const first = '10 packets captured\n12 packets received by filter\n2 packets dropped by kernel\n';
    const later =
      '90 packets captured\n97 packets received by filter\n7 packets dropped by kernel\n3 packets dropped by interface\n';
    expect(readDroppedPackets(first)).toBe(2);
    expect(readDroppedPackets(first + later)).toBe(10);
  });

  it('is what dumpcap says at its end', () => {
    expect(readDroppedPackets("Packets received/dropped on interface 'eth1': 1200/34 (pcap:34/dumpcap:0)")).toBe(34);
  });

  it('is unknown until it is said', () => {
    expect(readDroppedPackets('tcpdump: listening on eth1, link-type EN10MB')).toBeUndefined();
  });
});
