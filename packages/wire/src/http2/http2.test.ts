import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, hex, u16, u32 } from '../testing/bytes.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { client, detect, play, server } from '../testing/play.ts';
import { HpackDecoder } from './hpack.ts';
import { decodeHuffman } from './huffman.ts';
import { http2 } from './protocol.ts';

const PREFACE = bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  return bytes(0, u16(payload.length), type, flags, u32(stream), payload);
}

/** Literal without indexing, new name (RFC 7541 §6.2.2). */
function field(name: string, value: string): Uint8Array {
  return bytes(0, name.length, name, value.length, value);
}

describe('HPACK (examples of RFC 7541 appendix C)', () => {
  it('decodes text in its Huffman code', () => {
    expect(decodeHuffman(hex('f1e3c2e5f23a6ba0ab90f4ff'), 100)).toBe('www.example.com');
    expect(decodeHuffman(hex('9d29ad171863c78f0b97c8e9ae82ae43d3'), 100)).toBe('https://www.example.com');
    expect(decodeHuffman(hex('ffffffff'), 100)).toBeUndefined();
  });

  it('remembers fields from one block to the next (C.4.1 to C.4.3)', () => {
    const decoder = new HpackDecoder();
    expect(decoder.decode(hex('828684418cf1e3c2e5f23a6ba0ab90f4ff'))).toEqual([
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ]);
    expect(decoder.decode(hex('828684be5886a8eb10649cbf'))?.at(-1)).toEqual(['cache-control', 'no-cache']);
    expect(decoder.decode(hex('828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf'))).toEqual([
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/index.html'],
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ]);
  });

  it('refuses an index that is nowhere', () => {
    expect(new HpackDecoder().decode(hex('ff8001'))).toBeUndefined();
  });
});

describe('HTTP/2', () => {
  const request = bytes(
    hex('8287'),
    field(':authority', 'fhir.example.org'),
    field(':path', '/fhir/Patient/4711?name=x'),
  );
  const answer = bytes(hex('88'), field('content-type', 'application/fhir+json'));
  const turns = [
    client(bytes(PREFACE, frame(4, 0, 0, bytes()), frame(1, END_HEADERS | END_STREAM, 1, request))),
    server(bytes(frame(4, 0, 0, bytes()), frame(1, END_HEADERS, 1, answer), frame(0, END_STREAM, 1, bytes('{}')))),
  ];

  it('tells a request with its answer, and the FHIR interaction that it is, without who it is about', () => {
    const { records } = play(http2, turns);
    expect(records).toMatchObject([
      {
        protocol: 'http2',
        method: 'GET',
        path: '/fhir/Patient/{id}',
        queryNames: ['name'],
        status: 200,
        responseBytes: 2,
      },
      { protocol: 'fhir', interaction: 'read', resourceType: 'Patient' },
    ]);
    expect(JSON.stringify(records)).not.toContain('4711');
  });

  it('puts fields together that come in several frames', () => {
    const [first, rest] = [request.subarray(0, 10), request.subarray(10)];
    const split = bytes(PREFACE, frame(1, END_STREAM, 1, first), frame(9, END_HEADERS, 1, rest));
    expect(play(http2, [client(split)]).records).toMatchObject([
      { host: 'fhir.example.org', outcome: 'unanswered' },
      {},
    ]);
  });

  const opened = (path: string, type: string, method = 'POST') =>
    bytes(field(':method', method), field(':path', path), field(':authority', 'h'), field('content-type', type));
  const answered = (type: string) => bytes(0x88, field('content-type', type));
  const sent = (stream: number, head: Uint8Array, ...parts: readonly Uint8Array[]) =>
    bytes(
      frame(1, END_HEADERS, stream, head),
      ...parts.map((part, index) => frame(0, index === parts.length - 1 ? END_STREAM : 0, stream, part)),
    );

  it('reads HL7 v2 and its acknowledgement, pieced together out of frames of several streams', () => {
    const message = 'MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|77|P|2.5\rPID|1||4711^^^H\r';
    const reply = 'MSH|^~\\&|HIS|H|LAB|H|20260101||ACK|78|P|2.5\rMSA|AA|77\r';
    const type = 'application/hl7-v2';
    const { records } = play(http2, [
      client(bytes(PREFACE, frame(4, 0, 0, bytes()), frame(1, END_HEADERS, 1, opened('/hl7', type)))),
      client(bytes(frame(0, 0, 1, bytes(message.slice(0, 9))), sent(3, opened('/other', 'text/html'), bytes('x')))),
      client(frame(0, END_STREAM, 1, bytes(message.slice(9)))),
      server(bytes(frame(4, 0, 0, bytes()), sent(1, answered(type), bytes(reply)))),
    ]);
    expect(records.filter(({ protocol }) => protocol === 'hl7')).toMatchObject([
      { activity: 'message', messageType: 'ORU^R01', sentBy: 'client' },
      { activity: 'acknowledgement', acknowledgementCode: 'AA', acknowledgedType: 'ORU^R01', sentBy: 'server' },
    ]);
    expect(JSON.stringify(records)).not.toContain('4711');
  });

  it('counts what DICOMweb stores and what a search of FHIR finds', () => {
    const store = 'multipart/related; type="application/dicom"; boundary=B';
    const objects = '--B\r\nContent-Type: application/dicom\r\n\r\nx\r\n--B\r\n\r\ny\r\n--B--';
    const found = '{"resourceType":"Bundle","type":"searchset","total":3,"entry":[]}';
    const { records } = play(http2, [
      client(bytes(PREFACE, frame(4, 0, 0, bytes()), sent(1, opened('/rs/studies', store), bytes(objects)))),
      server(bytes(frame(4, 0, 0, bytes()), sent(1, answered('application/dicom+json'), bytes('{}')))),
      client(frame(1, END_HEADERS | END_STREAM, 3, opened('/fhir/Patient?name=Doe', 'application/fhir+json', 'GET'))),
      server(sent(3, answered('application/fhir+json'), bytes(found.slice(0, 30)), bytes(found.slice(30)))),
    ]);
    expect(records).toContainEqual(expect.objectContaining({ protocol: 'dicomweb', operation: 'store', objects: 2 }));
    expect(records).toContainEqual(expect.objectContaining({ protocol: 'fhir', interaction: 'search', matches: 3 }));
  });

  it('reads the bodies of few streams at a time, however many are begun', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      bytes(
        frame(1, END_HEADERS, 2 * index + 1, opened('/hl7', 'application/hl7-v2')),
        frame(0, 0, 2 * index + 1, bytes('MSH|^')),
      ),
    );
    const end = Array.from({ length: 40 }, (_, index) =>
      frame(0, END_STREAM, 2 * index + 1, bytes('~\\&|A||||||ADT^A01|1')),
    );
    const { records } = play(http2, [client(bytes(PREFACE, frame(4, 0, 0, bytes()), ...many, ...end))]);
    expect(records.filter(({ protocol }) => protocol === 'hl7')).toHaveLength(4);
  });

  it('is told by the preface of its client', () => {
    expect(detect(http2, turns)).toBe('match');
    expect(detect(http2, [client(bytes('PRI * HTTP/1.1\r\n\r\n'))])).not.toBe('match');
  });
});

const DNS_OVER_HTTPS = sharedData('suricata-verify/dns-over-http2/dns_over_https.pcap');

describe('DNS over HTTP/2', () => {
  const question = bytes(u16(0), u16(0x0100), u16(1), u16(0), u16(0), u16(0), 4, 'pacs', 0, u16(1), u16(1));
  const answer = bytes(
    u16(0),
    u16(0x8180),
    question.slice(4),
    u16(0xc00c),
    u16(1),
    u16(1),
    u32(60),
    u16(4),
    10,
    0,
    0,
    9,
  );
  answer.set(u16(1), 6);
  const type = field('content-type', 'application/dns-message');
  const ask = (stream: number, ...fields: readonly Uint8Array[]) =>
    client(frame(1, END_HEADERS, stream, bytes(hex('8387'), field(':path', '/dns-query'), ...fields)));

  it('is read as DNS: a query with its answer, and one that nobody answered', () => {
    const { records } = play(http2, [
      client(PREFACE),
      ask(1, type),
      client(frame(0, END_STREAM, 1, question)),
      server(bytes(frame(1, END_HEADERS, 1, bytes(hex('88'), type)), frame(0, END_STREAM, 1, answer))),
      ask(3, type),
      client(frame(0, END_STREAM, 3, question)),
    ]);
    expect(records.filter(({ protocol }) => (protocol as string) === 'dns')).toMatchObject([
      { activity: 'response', name: 'pacs', answers: [{ type: 'A', value: '10.0.0.9' }] },
      { activity: 'query', name: 'pacs' },
    ]);
  });

  it.skipIf(DNS_OVER_HTTPS === undefined)('is found in a capture (skipped where shared/data is absent)', () => {
    const names = recordsOf(sense(DNS_OVER_HTTPS ?? ''), 'dns').map((record) => 'name' in record && record.name);
    expect(names).toContain('nav-edge.smartscreen.microsoft.com');
  });
});
