import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { dhcp } from './protocol.ts';

const REQUEST = 1;
const REPLY = 2;

/** RFC 2131 §2. */
function message(operation: number, address: readonly number[], ...options: readonly Uint8Array[]): Uint8Array {
  const client = operation === REQUEST ? address : [0, 0, 0, 0];
  const your = operation === REPLY ? address : [0, 0, 0, 0];
  return bytes(
    bytes(operation, 1, 6, 0, u32(7), u16(0), u16(0)),
    bytes(...client, ...your, new Uint8Array(8), 2, 0, 0, 0, 0, 9, new Uint8Array(10 + 64 + 128)),
    u32(0x63825363),
    ...options,
    255,
  );
}
const option = (code: number, value: Uint8Array | string) => bytes(code, bytes(value).length, value);
const kind = (type: number) => option(53, bytes(type));
const NONE = [0, 0, 0, 0];

describe('DHCP', () => {
  it('tells how a client describes itself, option list in its order', () => {
    const request = message(
      REQUEST,
      NONE,
      kind(1),
      option(12, 'PUMP-7'),
      option(60, 'Maker Pump'),
      option(55, bytes(1, 3, 6, 42)),
    );
    expect(evidenceOf(dhcp, readDatagram(dhcp, request))).toEqual([
      'dhcp.hostname=PUMP-7 (02:00:00:00:00:09)',
      'dhcp.vendor-class=Maker Pump (02:00:00:00:00:09)',
      'dhcp.parameter-list=1,3,6,42 (02:00:00:00:00:09)',
    ]);
  });

  it('gives the client its address with the acknowledgement, not with an offer', () => {
    const server = option(54, bytes(10, 0, 0, 1));
    const told = (type: number) =>
      evidenceOf(dhcp, readDatagram(dhcp, message(REPLY, [10, 0, 0, 50], kind(type), server)));
    expect(told(2)).toEqual(['dhcp.server=10.0.0.1 (10.0.0.1)']);
    expect(told(5)).toEqual([
      'dhcp.address=10.0.0.50 (02:00:00:00:00:09/10.0.0.50)',
      'dhcp.server=10.0.0.1 (10.0.0.1)',
    ]);
  });

  it('joins an option that comes in two parts', () => {
    const request = message(REQUEST, NONE, kind(1), option(12, 'a-very-'), option(12, 'long-name'));
    expect(readDatagram(dhcp, request)).toMatchObject([{ activity: 'discover', hostname: 'a-very-long-name' }]);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)('recorded DHCP (skipped where shared/data/pcaps is absent)', () => {
  const batch = sense(HOSPITAL ?? '');

  it.each([
    ['10.20.30.124', 'SPACECOM-12A7', 'B. Braun Space'],
    ['10.20.30.129', 'MX800-ICU2-04', 'PHILIPS-IntelliVue'],
    ['10.20.30.175', 'ZD421-ER1', 'Zebra'],
    ['10.20.30.103', 'RAD-WS-07', 'MSFT 5.0'],
  ])('tells that %s was leased to %s, which calls itself "%s"', (ip, hostname, vendorClass) => {
    const mac = batch.hosts.find(({ host }) => host.ip === ip)?.host.mac;
    const about = batch.hosts
      .filter(({ host }) => host.ip === ip || host.mac === mac)
      .flatMap(({ evidence }) => evidence);
    const values = (attribute: string) => [
      ...new Set(about.filter((item) => item.attribute === attribute).map(({ value }) => value)),
    ];
    expect(values('dhcp.address')).toEqual([ip]);
    expect(values('dhcp.hostname')).toEqual([hostname]);
    expect(values('dhcp.vendor-class')).toEqual([vendorClass]);
  });

  it('tells who leases', () => {
    expect(valuesOf(batch, '10.20.30.1', 'dhcp.server')).toEqual(['10.20.30.1']);
  });
});
