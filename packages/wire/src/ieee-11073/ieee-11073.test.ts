import { describe, expect, it } from 'vitest';
import { bytes, hex, u16 } from '../testing/bytes.ts';
import { promisesOfDatagramRoom, promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, readDatagram, server, type Turn } from '../testing/play.ts';
import { ieee11073 } from './protocol.ts';

const AGENT = '00 1C 05 FF FE 12 34 56';

/** ISO/IEEE 11073-20601 annex H: association request of an agent with an extended or standard configuration. */
function request(configuration: string): Uint8Array {
  return hex(`E2 00 00 32 80 00 00 00 00 01 00 2A 50 79 00 26 80 00 00 00 A0 00 80 00 00 00 00 00 00 00
    00 80 00 00 00 08 ${AGENT} ${configuration} 00 01 01 00 00 00 00 00`);
}
/** The answer; result 3: configuration unknown. */
function response(result: string): Uint8Array {
  return hex(`E3 00 00 2C ${result} 50 79 00 26 80 00 00 00 80 00 80 00 00 00 00 00 00 00 80 00 00 00 00 08
    11 22 33 44 55 66 77 88 00 00 00 00 00 00 00 00 00 00`);
}

/** PRST: octet string with invoke id, choice, length and content. */
function data(invoked: number, choice: number, content: Uint8Array): Uint8Array {
  const apdu = bytes(u16(invoked), u16(choice), u16(content.length), content);
  return bytes(u16(0xe700), u16(apdu.length + 2), u16(apdu.length), apdu);
}
const octets = (text: string) => bytes(u16(text.length), text);
const attribute = (id: number, value: Uint8Array) => bytes(u16(id), u16(value.length), value);
function list(...items: readonly Uint8Array[]): Uint8Array {
  const content = bytes(...items);
  return bytes(u16(items.length), u16(content.length), content);
}
function event(type: number, information: Uint8Array): Uint8Array {
  return bytes(u16(0), hex('00 00 12 34'), u16(type), u16(information.length), information);
}

const CONFIGURATION = event(
  0x0d1c,
  bytes(
    u16(0x4000),
    list(
      bytes(u16(6), u16(1), list(attribute(0x092f, hex('00 02 4B B8')))),
      bytes(u16(6), u16(10), list(attribute(0x092f, hex('00 02 48 1A')))),
      bytes(u16(17), u16(20), list()),
    ),
  ),
);
const IDENTITY = bytes(
  u16(0),
  list(
    attribute(0x0928, bytes(octets('Nonin\0'), octets('Onyx II 9560\0'))),
    attribute(
      0x092d,
      list(
        bytes(u16(1), u16(0), octets('501234567')),
        bytes(u16(5), u16(0), octets('1.02')),
        bytes(u16(4), u16(0), octets('------')),
      ),
    ),
    attribute(0x0a5a, list(bytes(u16(4100), u16(1)))),
  ),
);
const MEASUREMENT = event(0x0d1d, hex('F0 00 00 00 00 02 00 12 00 01 00 08 00 62 08 00 20 07 12 06'));

const SESSION: readonly Turn[] = [
  client(request('40 00')),
  server(response('00 03')),
  client(data(1, 0x0101, CONFIGURATION)),
  server(data(1, 0x0201, event(0x0d1c, hex('40 00 00 00')))),
  server(data(2, 0x0103, hex('00 00 00 00 00 00'))),
  client(data(2, 0x0203, IDENTITY)),
  client(data(3, 0x0101, MEASUREMENT)),
  server(data(3, 0x0201, event(0x0d1d, new Uint8Array(0)))),
  server(data(4, 0x0107, hex('00 00 0C 17 00 02 00 01'))),
  client(data(4, 0x0300, hex('00 17 00 00'))),
  client(hex('E4 00 00 02 00 00')),
  server(hex('E5 00 00 02 00 00')),
];

describe('a personal health device', () => {
  const { records } = play(ieee11073, SESSION);

  it('is followed from its association to its release', () => {
    expect(records.map(({ activity, operation, outcome, result }) => [activity, operation, outcome, result])).toEqual([
      ['association', '', 'success', 'accepted, configuration unknown'],
      ['configuration', 'configuration', 'success', 'accepted'],
      ['identity', 'get', 'success', ''],
      ['report', 'measurement', 'success', ''],
      ['operation', 'confirmed action', 'failure', 'error 23'],
      ['release', '', 'success', 'normal'],
    ]);
    expect(records[0]).toMatchObject({ agent: 'client', configuration: 0x4000, systemId: '00-1C-05-FF-FE-12-34-56' });
    expect(records[1]?.objects).toEqual(['numeric', 'configurable scanner']);
  });

  it('tells what it is, of whom, in which version', () => {
    expect(evidenceOf(ieee11073, records)).toEqual(
      expect.arrayContaining([
        'ieee-11073.role=agent (client)',
        'ieee-11073.role=manager (server)',
        'ieee-11073.system-id=00-1C-05-FF-FE-12-34-56 (client)',
        'ieee-11073.specialization=pulse oximeter (-10404) (client)',
        'ieee-11073.manufacturer=Nonin (client)',
        'ieee-11073.model=Onyx II 9560 (client)',
        'ieee-11073.serial=501234567 (client)',
        'ieee-11073.version=firmware 1.02 (client)',
      ]),
    );
    expect(evidenceOf(ieee11073, records).join()).not.toContain('---');
  });

  it('is told by a standard configuration too, and by why it was refused', () => {
    const refused = play(ieee11073, [
      client(request('02 BC')),
      server(response('00 07')),
      client(hex('E6 00 00 02 00 02')),
    ]);
    expect(refused.records).toMatchObject([
      {
        activity: 'association',
        outcome: 'failure',
        result: 'rejected: not authorized',
        specializations: ['blood pressure monitor (-10407)'],
      },
      { activity: 'abort', outcome: undefined, result: 'response timeout' },
    ]);
  });

  it('is heard over UDP, one message to a datagram', () => {
    expect(readDatagram(ieee11073, data(1, 0x0100, MEASUREMENT))).toMatchObject([
      { activity: 'report', operation: 'measurement', outcome: undefined },
    ]);
  });

  it('is known by its association and within it, on any port, and not by the same first byte', () => {
    expect(detect(ieee11073, SESSION, 9, 'tcp')).toBe('match');
    expect(detect(ieee11073, SESSION.slice(3), 9, 'tcp')).toBe('match');
    expect(detect(ieee11073, [client(hex('E2 00 00 32 80 00 00 00 00 01 00 2A 50 7A'))], 9, 'tcp')).toBe('reject');
    expect(detect(ieee11073, [client(hex('E7 00 00 10 00 0F 00 01 01 01 00 08'))], 9, 'tcp')).toBe('reject');
  });

  it('says nothing of what was measured', () => {
    const [told] = play(ieee11073, [client(data(3, 0x0100, MEASUREMENT))]).records;
    expect(Object.values(told ?? {})).not.toContain(98);
    expect(JSON.stringify(told)).not.toMatch(/0062|2007/);
  });
});

promisesOfStreamRoom(ieee11073, [SESSION]);
promisesOfDatagramRoom(ieee11073, [request('01 90'), data(2, 0x0203, IDENTITY), data(1, 0x0101, CONFIGURATION)]);
