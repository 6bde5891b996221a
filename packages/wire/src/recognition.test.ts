import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import { sense } from './testing/capture.ts';

/** Captures of one protocol each, of other people: its flows are named, and no room takes those of another. */
const CAPTURES: readonly (readonly [file: string, flows: Readonly<Record<string, number>>])[] = [
  ['ndpi/pcap/modbus.pcap', { modbus: 1 }],
  ['ndpi/pcap/dnp3.pcap', { dnp3: 8 }],
  ['ndpi/pcap/s7comm.pcap', { s7comm: 1 }],
  ['ndpi/pcap/opc-ua.pcap', { 'opc-ua': 1 }],
  ['ndpi/pcap/knxip.pcapng', { 'knxnet-ip': 2 }],
  ['ndpi/pcap/IEC104.pcap', { iec104: 2 }],
  ['ndpi/pcap/fins.pcap', { fins: 3 }],
];

describe('Flows of other people’s captures (shared/data)', () => {
  it.for(CAPTURES)('names what is in %s', ([file, flows], { skip }) => {
    const path = sharedData(file);
    if (path === undefined) return skip();
    const counts: Record<string, number> = {};
    for (const { protocol } of sense(path).flows) counts[protocol] = (counts[protocol] ?? 0) + 1;
    expect(counts).toEqual(flows);
  });
});
