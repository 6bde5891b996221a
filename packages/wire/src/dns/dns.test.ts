import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { bytes, hex, u16, u32 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, detect, evidenceOf, play, readDatagram, server } from '../testing/play.ts';
import type { DnsRecord } from './parse.ts';
import { dns, mdns } from './protocol.ts';

const A = 1;
const PTR = 12;
const TXT = 16;
const RESPONSE = 0x8180;

function name(text: string): Uint8Array {
  return bytes(...text.split('.').map((label) => bytes(label.length, label)), 0);
}

function query(question: string, { id = 7, type = A, flags = 0x0100 } = {}): Uint8Array {
  return bytes(u16(id), u16(flags), u16(1), u16(0), u16(0), u16(0), name(question), u16(type), u16(1));
}

/** One address, its name a pointer to the question. */
function response(question: string, { id = 7, code = 0 } = {}): Uint8Array {
  const answer = bytes(u16(0xc00c), u16(A), u16(1), u32(60), u16(4), 10, 0, 0, 9);
  const counts = bytes(u16(1), u16(1), u16(0), u16(0));
  return bytes(u16(id), u16(RESPONSE | code), counts, name(question), u16(A), u16(1), answer);
}

const overTcp = (message: Uint8Array) => bytes(u16(message.length), message);

/** Datagrams of one flow, a millisecond apart. */
function listen(...datagrams: readonly (readonly [Direction, Uint8Array])[]): readonly DnsRecord[] {
  const records: DnsRecord[] = [];
  let now = 0;
  const context: ParserContext<DnsRecord> = {
    transport: 'udp',
    clientPort: 50_000,
    serverPort: 53,
    emit: (record) => records.push(record),
    timeMicros: () => now,
    handOver: () => {},
  };
  for (const [direction, datagram] of datagrams) {
    dns.parseDatagram?.(datagram, direction, context);
    now += 1000;
  }
  dns.flowEnded?.(context);
  return records;
}

describe('DNS', () => {
  it('tells a query with its response and the time in between', () => {
    const records = listen(['to-server', query('archive.example')], ['to-client', response('archive.example')]);
    expect(records).toMatchObject([
      {
        activity: 'response',
        name: 'archive.example',
        type: 'A',
        responseCode: 0,
        isRecursionAvailable: true,
        answers: [{ name: 'archive.example', type: 'A', value: '10.0.0.9' }],
        durationMs: 1,
      },
    ]);
  });

  it('tells queries apart that wait at the same time, and those that nobody answered', () => {
    const records = listen(
      ['to-server', query('one.example', { id: 1 })],
      ['to-server', query('two.example', { id: 2 })],
      ['to-client', response('two.example', { id: 2, code: 3 })],
    );
    expect(records.map((record) => [record.activity, record.name, record.responseCode])).toEqual([
      ['response', 'two.example', 3],
      ['query', 'one.example', 0],
    ]);
  });

  it('is read over TCP, several messages in a segment and one over several', () => {
    const { records } = play(
      dns,
      [
        client(bytes(overTcp(query('one.example', { id: 1 })), overTcp(query('two.example', { id: 2 })))),
        server(bytes(overTcp(response('two.example', { id: 2 })), overTcp(response('one.example', { id: 1 })))),
      ],
      [5, 17],
    );
    expect(records.map((record) => record.name)).toEqual(['two.example', 'one.example']);
  });

  it('is found on any port where everything fits, and never where something is left over', () => {
    const ask = (message: Uint8Array, port: number) => detect(dns, [client(message)], port);
    expect(ask(query('archive.example'), 9953)).toBe('match');
    expect(ask(bytes(query('archive.example'), 0), 9953)).toBe('reject');
    expect(ask(query('archive.example', { type: 0x1234 }), 9953)).toBe('reject');
    expect(ask(query('not a host name'), 9953)).toBe('reject');
  });

  it('on its own port is found though its name be damaged, and then tells nothing', () => {
    const damaged = query('archive.example');
    damaged[12] = 0x3f;
    expect(detect(dns, [client(damaged)], 53)).toBe('match');
    expect(listen(['to-server', damaged])).toEqual([]);
  });

  it('leaves the certificates of DNSCrypt to DNSCrypt', () => {
    expect(detect(dns, [client(query('2.dnscrypt-cert.example.com', { type: TXT }))], 53)).toBe('reject');
  });

  it('ends names that point at themselves', () => {
    const loop = bytes(query('a.b'));
    loop.set(hex('c00c'), 12);
    expect(listen(['to-server', loop])).toEqual([]);
  });
});

describe('mDNS', () => {
  it('is bound to its port', () => {
    expect(detect(mdns, [client(query('printer.local'))], 5353)).toBe('match');
    expect(detect(mdns, [client(query('printer.local'))], 5354)).toBe('reject');
  });

  /** What a device says of its services, all in one answer (RFC 6763 §9). */
  const services = (type: string) => {
    const value = name(type);
    const question = bytes(name('_services._dns-sd._udp.local'), u16(PTR), u16(1));
    const answer = bytes(u16(0xc00c), u16(PTR), u16(1), u32(10), u16(value.length), value);
    return bytes(u16(0), u16(0x8400), u16(1), u16(1), u16(0), u16(0), question, answer);
  };

  it('tells the services of a device that is asked for all of them, and of one that announces them to all', () => {
    const told = (direction: Direction) => evidenceOf(mdns, readDatagram(mdns, services('_ipp._tcp.local'), direction));
    expect(told('to-client')).toEqual(['mdns.service=_ipp._tcp (server)']);
    expect(told('to-server')).toEqual(['mdns.service=_ipp._tcp (client)']);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)('recorded DNS (skipped where shared/data/pcaps is absent)', () => {
  const batch = sense(HOSPITAL ?? '');

  it('tells who answers and which address has which name', () => {
    expect(valuesOf(batch, '10.20.30.1', 'dns.server')).toEqual(['recursive']);
    expect(valuesOf(batch, '10.20.30.10', 'dns.name')).toEqual(['pacs.klinik.example']);
  });

  it('gives each query with its response and how long that took, and the one that nobody answered', () => {
    const records = batch.records.flatMap(({ record }) => (record.protocol === 'dns' ? [record as DnsRecord] : []));
    const answered = records.filter(({ durationMs }) => durationMs !== undefined);
    expect(answered).toHaveLength(9);
    expect(answered.every(({ durationMs = 1 }) => durationMs < 1)).toBe(true);
    const unanswered = records.filter(({ activity }) => activity === 'query');
    // It was asked twice.
    expect(unanswered.map((record) => `${record.name} ${record.type}`)).toEqual([
      'update.vendor.example AAAA',
      'update.vendor.example AAAA',
    ]);
  });
});
