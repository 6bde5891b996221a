import { describe, expect, it } from 'vitest';
import { bytes, hex, u16, u32 } from '../testing/bytes.ts';
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

  it('is told by the preface of its client', () => {
    expect(detect(http2, turns)).toBe('match');
    expect(detect(http2, [client(bytes('PRI * HTTP/1.1\r\n\r\n'))])).not.toBe('match');
  });
});
