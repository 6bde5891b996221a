import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, server } from '../testing/play.ts';
import { socks } from './protocol.ts';

/** RFC 1928 §3 to §6 with RFC 1929 in between. */
const NAMED = [
  client(bytes(5, 2, 0, 2)),
  server(bytes(5, 2)),
  client(bytes(1, 4, 'anna', 6, 'secret')),
  server(bytes(1, 0)),
  client(bytes(5, 1, 0, 3, 16, 'archive.example ', u16(443))),
  server(bytes(5, 0, 0, 1, 10, 0, 0, 1, u16(40_000))),
];
const VERSION_4A = [
  client(bytes(4, 1, u16(22), 0, 0, 0, 1, 'anna', 0, 'pump.example', 0)),
  server(bytes(0, 0x5b, u16(0), 0, 0, 0, 0)),
];
const SSH_HELLO = bytes('SSH-2.0-OpenSSH_9.7\r\n');

describe('SOCKS', () => {
  it('tells who wants to go where, how it proved itself, and what the proxy answered', () => {
    expect(play(socks, NAMED).records).toMatchObject([
      {
        version: '5',
        command: 'connect',
        authentication: 'password',
        destination: 'archive.example',
        destinationPort: 443,
        reply: 'succeeded',
        isGranted: true,
      },
    ]);
    expect(play(socks, VERSION_4A).records).toMatchObject([
      {
        version: '4a',
        destination: 'pump.example',
        destinationPort: 22,
        reply: 'rejected or failed',
        isGranted: false,
      },
    ]);
  });

  it('takes neither user name nor password', () => {
    const { records } = play(socks, NAMED);
    expect(JSON.stringify(records) + evidenceOf(socks, records).join()).not.toMatch(/anna|secret/);
  });

  it('says of a proxy what authentication was enough, and nothing of one that refuses', () => {
    expect(evidenceOf(socks, play(socks, NAMED).records)).toEqual([
      'socks.version=5 (server)',
      'socks.authentication=password (server)',
    ]);
    expect(evidenceOf(socks, play(socks, VERSION_4A).records)).toEqual([]);
  });

  it('hears what the client says of itself through the proxy, and leaves out what the far end says', () => {
    const through = [...NAMED, client(SSH_HELLO), server(bytes('SSH-2.0-dropbear\r\n'))];
    const software = play(socks, through).records.map((record) => ('software' in record ? record.software : ''));
    expect(software).toEqual(['', 'OpenSSH_9.7']);
  });

  it('tells of a request that never got an answer', () => {
    expect(play(socks, NAMED.slice(0, 5)).records).toMatchObject([{ reply: '', isGranted: false }]);
  });

  it('waits until both ends have spoken before it says what it is', () => {
    expect(detect(socks, NAMED.slice(0, 1))).toBe('undecided');
    expect(detect(socks, NAMED.slice(0, 2))).toBe('match');
    expect(detect(socks, [client(bytes(5, 1, 0)), server(bytes('HTTP/1.1 400'))])).toBe('reject');
    expect(detect(socks, [client(bytes(5, 1, 0)), server(bytes(5, 2))])).toBe('reject');
    expect(detect(socks, VERSION_4A)).toBe('match');
  });
});

promisesOfStreamRoom(socks, [NAMED, VERSION_4A]);

const PROXY = sharedData('ja4/pcap/socks-https-example.pcap');

describe.skipIf(PROXY === undefined)('a recorded proxy (skipped where shared/data/ja4 is absent)', () => {
  it('shows the TLS clients behind it with their fingerprint, and no certificate as its own', () => {
    const batch = sense(PROXY ?? '');
    expect(batch.flows.map(({ protocol }) => protocol)).toEqual(['socks', 'socks', 'socks']);
    expect(valuesOf(batch, '10.180.156.185', 'tls.client.ja4')).toEqual(['t10d230100_6a57a6f57151_000000000000']);
    expect(valuesOf(batch, '10.180.156.249', 'tls.certificate.subject')).toEqual([]);
    expect(valuesOf(batch, '10.180.156.249', 'socks.authentication')).toEqual(['none']);
  });
});
