import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { createSensor } from '../create-sensor.ts';
import { bytes } from '../testing/bytes.ts';
import { ALL_FILES } from '../testing/files.ts';
import { feed, type RecordedPacket, readPackets } from '../testing/packets.ts';
import { client, play, type Step, server } from '../testing/play.ts';
import { findMessageStart } from './message-start.ts';
import { http } from './protocol.ts';
import type { HttpExchange } from './types.ts';

const lines = (...text: readonly string[]) => bytes(`${text.join('\r\n')}\r\n\r\n`);
const ask = (path: string) => client(lines(`GET /${path} HTTP/1.1`, 'Host: h'));
const answer = (body: string) => server(bytes(lines('HTTP/1.1 200 OK', `Content-Length: ${body.length}`), body));
const lost = (direction: 'to-server' | 'to-client', count: number): Step => ({ direction, lost: count });

/** Path, status, and whether something of it is missing. */
function told(steps: readonly Step[]) {
  const { records } = play(http, steps);
  const exchanges = records.filter((record): record is HttpExchange => record.protocol === 'http');
  return exchanges.map(({ path, status, hasGap }) => [path, status, hasGap]);
}

describe('HTTP of which bytes were lost', () => {
  it('goes on behind a loss within a body, and the exchange is marked', () => {
    const head = lines('HTTP/1.1 200 OK', 'Content-Length: 100');
    const steps = [ask('a'), server(bytes(head, 'begin')), lost('to-client', 90), server(bytes('end..'))];
    expect(told([...steps, ask('b'), answer('x')])).toEqual([
      ['/a', 200, true],
      ['/b', 200, false],
    ]);
  });

  it('goes on with the next message behind a loss that reaches over the end of a body', () => {
    const head = lines('HTTP/1.1 200 OK', 'Content-Length: 10');
    const steps = [ask('a'), server(bytes(head, 'begin')), lost('to-client', 200), ask('c'), answer('x')];
    expect(told(steps)).toEqual([
      ['/a', 200, true],
      ['/c', 200, false],
    ]);
  });

  it.each([
    ['a chunk and what follows', 'a\r\nbegin'],
    ['the size of a chunk', '5\r\nbegin\r\n1'],
    ['chunks behind a chunk', '5\r\nbegin\r\n'],
  ])('goes on behind a loss of %s', (_, body) => {
    const begun = server(bytes(lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'), body));
    const rest = server(bytes('rest of it\r\n0\r\n\r\n'));
    expect(told([ask('a'), begun, lost('to-client', 50), rest, ask('b'), answer('x')])).toEqual([
      ['/a', 200, true],
      ['/b', 200, false],
    ]);
  });

  it('tells a head that was lost in part with what came of it, and one that was lost whole by its other half', () => {
    const begun = client(bytes('GET /a HTTP/1.1\r\nHost: h\r\nUser-A'));
    expect(told([begun, lost('to-server', 20), answer('x'), ask('b'), answer('y')])).toEqual([
      ['/a', 200, true],
      ['/b', 200, false],
    ]);
    expect(told([lost('to-server', 20), answer('x'), ask('b'), answer('y')])).toEqual([
      ['', 200, true],
      ['/b', 200, false],
    ]);
  });

  it('gives no answer to a request whose own answer was lost', () => {
    expect(told([ask('a'), ask('b'), lost('to-client', 99), answer('y')])).toEqual([
      ['/a', undefined, true],
      ['/b', 200, false],
    ]);
  });

  it('gives no answer to requests that were sent at once, since nobody knows which of them were answered', () => {
    const both = client(bytes(lines('GET /a HTTP/1.1'), lines('GET /b HTTP/1.1'), lines('GET /c HTTP/1.1')));
    expect(told([both, answer('1'), lost('to-client', 99), answer('3')])).toEqual([
      ['/a', 200, false],
      ['/b', undefined, true],
      ['/c', undefined, true],
      ['', 200, true],
    ]);
  });

  it('takes nothing from a body of which a part is missing: neither an order nor a resource is told by half', () => {
    const message = 'MSH|^~\\&|A|B|C|D|20260101||ORM^O01|1|P|2.5\rPID|1';
    const head = lines('POST /hl7 HTTP/1.1', 'Content-Type: x-application/hl7-v2+er7', `Content-Length: ${9000}`);
    const steps = [client(bytes(head, message)), lost('to-server', 9000 - message.length), answer('')];
    expect(play(http, steps).records.map(({ protocol }) => protocol)).toEqual(['http']);
  });

  it('shows rules no bytes as if they followed each other that did not', () => {
    const head = lines('HTTP/1.1 200 OK', 'Content-Length: 30');
    const { views } = play(http, [ask('a'), server(bytes(head, 'ev')), lost('to-client', 26), server(bytes('il'))]);
    expect(views.at(-1)?.buffers['file.data']).toEqual([bytes('ev')]);
  });
});

describe('the start of a message behind a loss', () => {
  it('is found at the start of a segment by its first line', () => {
    expect(findMessageStart(bytes('HTTP/1.1 200 OK\r\nServer'), 0, 'response')).toBe(0);
    expect(findMessageStart(bytes('POST /a/very/long/address'), 0, 'request')).toBe(0);
    expect(findMessageStart(bytes('CONNECT pump:443 HTTP/1.1'), 0, 'request')).toBe(0);
  });

  it('is found within a segment where a field follows its first line', () => {
    expect(findMessageStart(bytes('restHTTP/1.1 404 Not Found\r\nServer: a\r\n'), 0, 'response')).toBe(4);
    expect(findMessageStart(bytes('a=bPUT /x HTTP/1.1\r\nHost: h\r\n'), 0, 'request')).toBe(3);
  });

  it('is not found where a body only speaks of messages', () => {
    expect(findMessageStart(bytes('We got HTTP/1.1 200 OK from it'), 0, 'response')).toBe(-1);
    expect(findMessageStart(bytes('GET well soon'), 0, 'request')).toBe(-1);
    expect(findMessageStart(bytes('write GET /x HTTP/1.1\r\nand so on'), 0, 'request')).toBe(-1);
  });
});

/** What a sensor hears of HTTP: exchanges as text, without their time, and files. */
function hear(packets: readonly RecordedPacket[]) {
  const sensor = createSensor({ source: 'test', isSample: false, files: ALL_FILES, maximumFlows: 64 });
  for (const packet of packets) feed(sensor, packet);
  sensor.finish();
  const { records, files } = sensor.takeBatch();
  const exchanges = records.flatMap(({ record, flow }) => {
    if (record.protocol !== 'http') return [];
    const { durationMs: _, ...exchange } = record as HttpExchange;
    return [{ text: JSON.stringify([flow?.clientPort, exchange]), ...exchange }];
  });
  return { exchanges, files };
}

/** Half an exchange at the end of a connection shows no gap, and says itself that it is half. */
function isWhole({ hasGap, status }: { hasGap: boolean; status: number | undefined }): boolean {
  return !hasGap && status !== undefined;
}

/** Ethernet, IPv4, and TCP with all its options. */
const LONGEST_WITHOUT_PAYLOAD = 94;
/** Of long captures, so many packets are taken out, one at a time. */
const RUNS = 40;
const CAPTURES = [
  'ndpi/pcap/zattoo.pcap',
  'ndpi/pcap/webdav.pcap',
  'ndpi/pcap/ocsp.pcapng',
  'suricata-verify/http-protocol-nodup/input.pcap',
];
const found = CAPTURES.flatMap((name) => sharedData(name) ?? []);

describe.skipIf(found.length === 0)(
  'recorded HTTP of which a packet is lost (skipped where shared/data is absent)',
  () => {
    it.each(found)('tells as whole only what is in the whole capture, and misses no more than was lost: %s', (path) => {
      const packets = readPackets(path);
      const whole = hear(packets);
      const known = new Set(whole.exchanges.map(({ text }) => text));
      const hashes = new Set(whole.files.filter((file) => file.isWhole).map(({ sha256 }) => sha256));
      // Whose requests are sent at once loses all that wait for their answers.
      const most = path.includes('nodup') ? whole.exchanges.length : 2;
      const withPayload = packets.filter(({ bytes }) => bytes.length > LONGEST_WITHOUT_PAYLOAD);
      const step = Math.ceil(withPayload.length / RUNS);
      for (const missing of withPayload.filter((_, index) => index % step === 0)) {
        const { exchanges, files } = hear(packets.filter((packet) => packet !== missing));
        const told = exchanges.filter(isWhole);
        for (const { text } of told) expect(known).toContain(text);
        for (const { isWhole, sha256 } of files) if (isWhole) expect(hashes).toContain(sha256);
        expect(whole.exchanges.filter(isWhole).length - told.length).toBeLessThanOrEqual(most);
      }
    });
  },
);
