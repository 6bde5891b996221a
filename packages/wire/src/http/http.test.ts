import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { http } from './protocol.ts';
import type { HttpExchange, HttpRecord } from './types.ts';

const exchanges = (records: readonly HttpRecord[]) =>
  records.filter((record): record is HttpExchange => record.protocol === 'http');
const lines = (...text: readonly string[]) => bytes(`${text.join('\r\n')}\r\n\r\n`);

describe('HTTP', () => {
  it('pairs requests that were sent ahead with their answers', () => {
    const { records } = play(http, [
      client(bytes(lines('GET /a HTTP/1.1', 'Host: h'), lines('HEAD /b HTTP/1.1', 'Host: h'))),
      server(
        bytes(
          lines('HTTP/1.1 200 OK', 'Content-Length: 3'),
          'abc',
          lines('HTTP/1.1 404 Not Found', 'Content-Length: 900'),
        ),
      ),
    ]);
    expect(
      exchanges(records).map(({ method, path, status, responseBytes }) => [method, path, status, responseBytes]),
    ).toEqual([
      ['GET', '/a', 200, 3],
      ['HEAD', '/b', 404, 0],
    ]);
  });

  it('reads chunked bodies to their end, with extensions and trailers, and what follows them', () => {
    const { records } = play(http, [
      client(bytes(lines('GET /one HTTP/1.1'), lines('GET /two HTTP/1.1'))),
      server(
        bytes(
          lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'),
          '4;a=b\r\nabcd\r\n3\r\nefg\r\n0\r\nX: y\r\n\r\n',
          lines('HTTP/1.1 204 No Content'),
        ),
      ),
    ]);
    expect(exchanges(records).map(({ status, responseBytes }) => [status, responseBytes])).toEqual([
      [200, 7],
      [204, 0],
    ]);
  });

  it('understands an answer that is bent to be misread, as a browser does', () => {
    const field = 'Transfer-Encoding';
    const heads = [
      `HTTP/1.1 200 OK\rX: 1\r${field}: chunked\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${field}: \r\n \r\n chunked\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${field}\0: chu\0nked\n\t\n`,
      `HTTP/1.1 200 OK\r\n${field}: x\r\n${field}: chunked\n\r\r\n`,
    ];
    for (const head of heads) {
      for (const parts of [[head], [...head]]) {
        const turns = [...parts, '3\r\nabc\r\n0\r\n\r\n'].map((part) => server(bytes(part)));
        const { views } = play(http, [client(lines('GET /a HTTP/1.1')), ...turns]);
        expect(
          views.map(({ buffers }) => buffers['file.data']),
          head,
        ).toEqual([undefined, [bytes('abc')]]);
      }
    }
  });

  it('takes what comes as a body that is not chunked at all, or should not be there, as the body', () => {
    for (const head of [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked',
      'HTTP/1.1 204 OK',
      'HTTP/1.1 101 OK\r\nContent-Length: 4',
    ]) {
      const { views } = play(http, [client(lines('GET /a.exe HTTP/1.1')), server(bytes(lines(head), 'evil'))]);
      expect(views.at(-1)?.buffers, head).toMatchObject({
        'file.data': [bytes('evil')],
        'file.name': [bytes('a.exe')],
      });
    }
  });

  it('masks what may name a patient in a path, and takes names of the query only', () => {
    const { records } = play(http, [
      client(
        lines('GET /fhir/Patient/4711/Observation?patient=Doe&code=8867-4 HTTP/1.1', 'Authorization: Basic c2VjcmV0'),
      ),
      server(lines('HTTP/1.1 200 OK', 'Content-Length: 0')),
    ]);
    const [exchange] = exchanges(records);
    expect(exchange).toMatchObject({
      path: '/fhir/Patient/{id}/Observation',
      queryNames: ['patient', 'code'],
      authorization: 'basic',
    });
    expect(JSON.stringify(records) + evidenceOf(http, records).join()).not.toMatch(/4711|Doe|8867|c2VjcmV0/);
  });

  it('tells the order of the fields of a request, without those that depend on what is asked for', () => {
    const { records } = play(http, [
      client(lines('POST / HTTP/1.1', 'User-Agent: x', 'Cookie: a', 'Host: h', 'Content-Length: 0', 'Accept: */*')),
    ]);
    expect(evidenceOf(http, records)).toContain('http.client.header-order=user-agent,host,accept (client)');
  });

  it('hears what a client says of itself through a proxy, and not what the far end says', () => {
    const ssh = (software: string) => bytes(`SSH-2.0-${software}\r\n`);
    const { records } = play(http, [
      client(lines('CONNECT pump.example:22 HTTP/1.1', 'User-Agent: x')),
      server(lines('HTTP/1.1 200 Connection established')),
      server(ssh('dropbear')),
      client(ssh('OpenSSH_9.7')),
    ]);
    const told = records.map((record) => ('software' in record ? record.software : record.protocol));
    expect(told).toEqual(['http', 'OpenSSH_9.7']);
  });

  it('leaves a connection alone that becomes something else', () => {
    const { records } = play(http, [
      client(lines('GET /socket HTTP/1.1', 'Upgrade: websocket')),
      server(bytes(lines('HTTP/1.1 101 Switching Protocols'), 'HTTP/1.1 200 OK\r\n\r\n')),
    ]);
    expect(exchanges(records).map(({ status }) => status)).toEqual([101]);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)('recorded HTTP (skipped where shared/data/pcaps is absent)', () => {
  const batch = sense(HOSPITAL ?? '');

  it('tells the software of servers and clients', () => {
    expect(valuesOf(batch, '10.20.30.55', 'http.server')).toEqual(['Boa/0.94.14rc21']);
    expect(valuesOf(batch, '10.20.30.124', 'http.server')).toEqual(['SpaceCom/012U000050']);
    expect(valuesOf(batch, '10.20.30.103', 'http.user-agent')).toEqual(['curl/7.88.1']);
  });

  it('tells that the archive answers without asking who one is', () => {
    expect(valuesOf(batch, '10.20.30.10', 'http.authentication')).toEqual(['none']);
  });
});

const PROXY = sharedData('ja4/pcap/https-connect.pcap');

describe.skipIf(PROXY === undefined)('a recorded proxy (skipped where shared/data/ja4 is absent)', () => {
  it('passes on a TLS client, whose hello is told', () => {
    const batch = sense(PROXY ?? '');
    expect(valuesOf(batch, '10.11.12.13', 'tls.client.ja4')).toEqual(['t12i860500_e18388e7f3a3_a1e935682795']);
    expect(valuesOf(batch, '10.9.8.7', 'tls.server.version')).toEqual([]);
  });
});
