import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, hex } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { snmp } from './protocol.ts';

const tagged = (tag: number, ...parts: readonly (number | string | Uint8Array)[]) => {
  const content = bytes(...parts);
  return bytes(tag, content.length, content);
};
const GET = 0xa0;
const RESPONSE = 0xa2;
/** 1.3.6.1.2.1.1.1.0. */
const DESCRIPTION = tagged(6, hex('2b06010201010100'));

function message(community: string, pdu: number, value: Uint8Array): Uint8Array {
  const bindings = tagged(0x30, tagged(0x30, DESCRIPTION, value));
  const content = tagged(pdu, tagged(2, 7), tagged(2, 0), tagged(2, 0), bindings);
  return tagged(0x30, tagged(2, 1), tagged(4, community), content);
}
const told = (community: string, pdu = RESPONSE) =>
  evidenceOf(snmp, readDatagram(snmp, message(community, pdu, tagged(4, 'Label printer 7'))));

describe('SNMP', () => {
  it('tells what a device says of itself, and that it takes a default community', () => {
    expect(told('public')).toEqual([
      'snmp.version=2c (server)',
      'snmp.community=public (server)',
      'snmp.sys-descr=Label printer 7 (server)',
    ]);
  });

  it('never shows a community that is a secret', () => {
    expect(told('s3cret').join()).toContain('snmp.community=other');
    expect(JSON.stringify(readDatagram(snmp, message('s3cret', GET, tagged(5))))).not.toContain('s3cret');
  });

  it('says nothing about a device that was only asked', () => {
    expect(told('public', GET)).toEqual([]);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the printer of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    it('answers to "public" with model, firmware and name', () => {
      const batch = sense(HOSPITAL ?? '');
      const values = (attribute: string) => valuesOf(batch, '10.20.30.175', attribute);
      expect(values('snmp.community')).toEqual(['public']);
      expect(values('snmp.sys-descr')).toEqual(['Zebra Technologies ZTC ZD421-203dpi ZPL Firmware V93.21.07Z']);
      expect(values('snmp.sys-name')).toEqual(['printer-a']);
    });
  },
);

const ROUTERS = sharedData('ndpi/pcap/snmp.pcap');

describe.skipIf(ROUTERS === undefined)(
  'recorded SNMP of two versions (skipped where shared/data/ndpi is absent)',
  () => {
    it('tells version, name and place', () => {
      const batch = sense(ROUTERS ?? '');
      expect(valuesOf(batch, '97.0.115.163', 'snmp.version')).toEqual(['1']);
      expect(valuesOf(batch, '130.70.149.185', 'snmp.version')).toEqual(['2c']);
      expect(valuesOf(batch, '97.0.115.163', 'snmp.sys-name')).toEqual(['R1.lab.local']);
      expect(valuesOf(batch, '97.0.115.163', 'snmp.sys-location')).toEqual(['GlobomanticsHQ']);
    });
  },
);
