import { describe, expect, it } from 'vitest';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { lldp } from './protocol.ts';

/** IEEE 802.1AB §8.4: seven bits of type, nine of length. */
function field(type: number, ...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const value = bytes(...parts);
  return bytes(u16((type << 9) | value.length), value);
}
const MED = [0x00, 0x12, 0xbb];
const CHASSIS = field(1, 4, 2, 0, 0, 0, 0, 5);

describe('LLDP', () => {
  it('tells name, purpose, place and inventory of a telephone', () => {
    const announcement = bytes(
      CHASSIS,
      field(2, 3, 2, 0, 0, 0, 0, 5),
      field(3, u16(120)),
      field(4, 'LAN port'),
      field(5, 'nurse-phone-12'),
      field(6, 'IP telephone, SIP 5.2'),
      field(7, u16(0x0024), u16(0x0020)),
      field(8, 5, 1, 10, 0, 0, 12, 2, u32(1), 0),
      field(127, ...MED, 8, 'SN-0012'),
      field(127, ...MED, 9, 'Maker'),
      field(127, ...MED, 10, 'Model 7'),
      field(127, ...MED, 6, '5.2.1'),
      field(0),
    );
    const told = evidenceOf(lldp, readDatagram(lldp, announcement)).map((line) => line.replace(/ \(.*/, ''));
    expect(told).toEqual(
      expect.arrayContaining([
        'lldp.system-name=nurse-phone-12',
        'lldp.system-description=IP telephone, SIP 5.2',
        'lldp.capability=telephone',
        'lldp.management-address=10.0.0.12',
        'lldp.manufacturer=Maker',
        'lldp.model=Model 7',
        'lldp.serial=SN-0012',
        'lldp.firmware=5.2.1',
      ]),
    );
    // It is able to bridge, too, but that is switched off.
    expect(told).not.toContain('lldp.capability=bridge');
  });

  it('is nothing that does not begin with the chassis', () => {
    expect(readDatagram(lldp, bytes(field(5, 'name'), CHASSIS))).toEqual([]);
  });
});
