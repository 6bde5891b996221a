import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, play, server } from '../testing/play.ts';
import { tls } from './protocol.ts';
import type { TlsRecord } from './types.ts';

const HANDSHAKE = 22;
const CHANGE_CIPHER_SPEC = bytes(20, 3, 3, u16(1), 1);
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

function record(type: number, body: Uint8Array): Uint8Array {
  return bytes(type, 3, 3, u16(body.length), body);
}

/** RFC 8446 §4.1.2 with ALPN as the only extension. */
function clientHello(applicationProtocol: string): Uint8Array {
  const name = bytes(applicationProtocol.length, applicationProtocol);
  const alpn = bytes(u16(16), u16(name.length + 2), u16(name.length), name);
  const body = bytes(u16(0x0303), new Uint8Array(32), 0, u16(2), u16(0x1301), 1, 0, u16(alpn.length), alpn);
  return record(HANDSHAKE, bytes(1, 0, u16(body.length), body));
}

/** RFC 8446 §4.1.3. */
function serverHello(random: Uint8Array): Uint8Array {
  const version = bytes(u16(43), u16(2), u16(0x0304));
  const body = bytes(u16(0x0303), random, 0, u16(0x1301), 0, u16(version.length), version);
  return record(HANDSHAKE, bytes(2, 0, u16(body.length), body));
}

/** RFC 5246 appendix E.2: two suites of TLS and one of SSL 2, challenge of 16 bytes. */
function helloOfSsl2(): Uint8Array {
  const suites = bytes(0, u16(0x0039), 0, u16(0x002f), 7, 0, 0xc0);
  const body = bytes(1, u16(0x0301), u16(suites.length), u16(0), u16(16), suites, new Uint8Array(16));
  return bytes(0x80, body.length, body);
}

const activities = (records: readonly TlsRecord[]) => records.map(({ activity }) => activity);

describe('TLS', () => {
  it('tells the second hello of a client, when the server asked for another one', () => {
    const { records } = play(tls, [
      client(clientHello('h2')),
      server(bytes(serverHello(RETRY_RANDOM), CHANGE_CIPHER_SPEC)),
      client(bytes(CHANGE_CIPHER_SPEC, clientHello('http/1.1'))),
      server(bytes(serverHello(new Uint8Array(32)), record(23, new Uint8Array(40)))),
      client(clientHello('never heard')),
    ]);
    expect(activities(records)).toEqual(['client-hello', 'client-hello', 'server-hello']);
    expect(records[1]).toMatchObject({ applicationProtocols: ['http/1.1'], ja4: expect.stringMatching(/h1_/) });
  });

  it('hears no more where what follows a change of the cipher is encrypted', () => {
    const encrypted = record(HANDSHAKE, bytes(1, 200, 3, 4, new Uint8Array(36)));
    const { records } = play(tls, [
      client(clientHello('h2')),
      server(bytes(serverHello(new Uint8Array(32)), CHANGE_CIPHER_SPEC, encrypted, clientHello('h2'))),
    ]);
    expect(activities(records)).toEqual(['client-hello', 'server-hello']);
  });

  it('knows the hello of SSL 2, in which old clients offer TLS', () => {
    expect(detect(tls, [client(helloOfSsl2())])).toBe('match');
    expect(detect(tls, [client(helloOfSsl2().with(6, 10))])).toBe('reject');
    const { records } = play(tls, [client(helloOfSsl2()), server(serverHello(new Uint8Array(32)))], [5, 3, 40]);
    expect(records).toMatchObject([
      { activity: 'client-hello', version: 'TLS 1.0', cipherSuites: [0x39, 0x2f] },
      { activity: 'server-hello' },
    ]);
  });

  it.each([
    ['h2', 'h2'],
    ['http/1.1', 'h1'],
    ['\xba\xad', '99'],
    ['a.', '6e'],
    ['x', 'xx'],
  ])('writes the application protocol %j as %s in JA4', (name, characters) => {
    const [hello] = play(tls, [client(clientHello(name))]).records;
    expect(hello).toMatchObject({ ja4: expect.stringMatching(new RegExp(`^t12i0101${characters}_`)) });
  });
});

promisesOfStreamRoom(tls, [[client(helloOfSsl2()), server(serverHello(new Uint8Array(32)))]]);

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the portal of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    const batch = sense(HOSPITAL ?? '');
    const values = (attribute: string) => valuesOf(batch, '10.20.30.34', attribute);

    it('shows its versions and suites', () => {
      expect(values('tls.server.version')).toEqual(['TLS 1.2', 'TLS 1.3']);
      expect(values('tls.server.cipher')).toEqual(['TLS_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']);
    });

    it('shows a certificate that it signed itself, valid for twenty days', () => {
      expect(values('tls.certificate.subject')).toEqual(['CN=portal.klinik.example, O=Hospital']);
      expect(values('tls.certificate.self-signed')).toEqual(['true']);
      expect(values('tls.certificate.key')).toEqual(['RSA 2048']);
      expect(values('tls.certificate.not-before')).toEqual(['2026-11-23T20:03:33.000Z']);
      expect(values('tls.certificate.not-after')).toEqual(['2026-12-13T20:03:33.000Z']);
    });
  },
);
