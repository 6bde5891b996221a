import { describe, expect, it } from 'vitest';
import { bytes, hex, u16 } from '../testing/bytes.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { profinetDcp } from './protocol.ts';

function block(option: number, value: Uint8Array | string): Uint8Array {
  const content = bytes(0, 0, value);
  return bytes(u16(option), u16(content.length), content, ...(content.length % 2 === 1 ? [0] : []));
}

const BLOCKS = bytes(
  block(0x0201, 'S7-1500'),
  block(0x0202, 'plc-1'),
  block(0x0203, hex('002a 010d')),
  block(0x0102, hex('c0a80001 ffffff00 c0a80001')),
);
const ANSWER = bytes(hex('feff 05 01 01000001 0000'), u16(BLOCKS.length), BLOCKS);

describe('PROFINET DCP', () => {
  it('reads name, type and vendor of a station that answers a search', () => {
    const records = readDatagram(profinetDcp, ANSWER);
    expect(records).toMatchObject([{ activity: 'identify-response', address: '192.168.0.1' }]);
    expect(evidenceOf(profinetDcp, records)).toEqual([
      'profinet.station-name=plc-1 (client)',
      'profinet.station-type=S7-1500 (client)',
      'profinet.device-id=002a010d (client)',
    ]);
  });

  it('gives nothing for cyclic data', () => {
    expect(readDatagram(profinetDcp, hex('8000 00000000 00000000 0000'))).toEqual([]);
  });
});
