import { describe, expect, it } from 'vitest';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { cdp } from './protocol.ts';

function field(type: number, value: Uint8Array | string): Uint8Array {
  const content = bytes(value);
  return bytes(u16(type), u16(content.length + 4), content);
}

describe('CDP', () => {
  it('tells what a switch is, what it runs and what it does', () => {
    const announcement = bytes(
      2,
      180,
      u16(0),
      field(1, 'ward-3-switch'),
      field(4, u32(0x28)),
      field(5, 'Cisco IOS Software, C2960X\nVersion 15.2(7)E4'),
      field(6, 'cisco WS-C2960X-48FPD-L'),
    );
    expect(evidenceOf(cdp, readDatagram(cdp, announcement)).map((line) => line.replace(' (client)', ''))).toEqual([
      'cdp.device-id=ward-3-switch',
      'cdp.platform=cisco WS-C2960X-48FPD-L',
      'cdp.software=Cisco IOS Software, C2960X Version 15.2(7)E4',
      'cdp.capability=switch',
      'cdp.capability=igmp',
    ]);
  });

  it('says nothing of another version, and ends at a field of no length', () => {
    expect(readDatagram(cdp, bytes(9, 180, u16(0), field(1, 'x')))).toEqual([]);
    expect(readDatagram(cdp, bytes(2, 180, u16(0), u16(1), u16(0), u16(1), u16(0)))).toHaveLength(1);
  });
});
