import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { http } from '../http/protocol.ts';
import { bytes } from '../testing/bytes.ts';
import { recordsOf, sense, valuesOf } from '../testing/capture.ts';
import { client, play, server } from '../testing/play.ts';
import { readNtlm } from './parse.ts';
import { ntlm } from './protocol.ts';

const little = (value: number) => bytes(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const field = (length: number, offset: number) =>
  bytes(little(length).subarray(0, 2), little(length).subarray(0, 2), little(offset));
const wide = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const UNICODE_WITH_VERSION = 0x02000001;
const VERSION = bytes(10, 0, little(20_348).subarray(0, 2), 0, 0, 0, 15);

/** MS-NLMP §2.2.1.3. */
function authenticate(user: string, responseBytes: number): Uint8Array {
  const parts = [new Uint8Array(responseBytes), wide('WARD'), wide(user), wide('NURSE-PC-4')];
  let offset = 72;
  const fields = parts.map((part) => {
    const one = field(part.length, offset);
    offset += part.length;
    return one;
  });
  return bytes(
    'NTLMSSP\0',
    little(3),
    field(0, 0),
    ...fields,
    field(0, 0),
    little(UNICODE_WITH_VERSION),
    VERSION,
    ...parts,
  );
}

describe('NTLM', () => {
  it('tells from where somebody logs in and how, and never who', () => {
    const record = readNtlm(authenticate('Anna', 24), 'smb');
    expect(record).toEqual({
      protocol: 'ntlm',
      activity: 'authenticate',
      carrier: 'smb',
      computer: 'NURSE-PC-4',
      domain: 'WARD',
      version: '10.0.20348',
      isAnonymous: false,
      isVersion1: true,
    });
    expect(readNtlm(authenticate('Anna', 300), 'smb')).toMatchObject({ isVersion1: false });
    expect(readNtlm(authenticate('', 0), 'smb')).toMatchObject({ isAnonymous: true, isVersion1: false });
  });

  it('is read in fields of HTTP, whether they call it by its name or not', () => {
    const token = Buffer.from(authenticate('Anna', 300)).toString('base64');
    const ask = (scheme: string) => client(bytes(`GET / HTTP/1.1\r\nAuthorization: ${scheme} ${token}\r\n\r\n`));
    const challenge = Buffer.from(bytes('NTLMSSP\0', little(2), new Uint8Array(48))).toString('base64');
    const refuse = server(bytes(`HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM ${challenge}\r\nContent-Length: 0\r\n\r\n`));
    const { records } = play(http, [ask('NTLM'), refuse, ask('Negotiate'), ask('Bearer')]);
    const told = records.filter(({ protocol }) => protocol === ntlm.id);
    expect(told.map(({ activity }) => activity)).toEqual(['authenticate', 'challenge', 'authenticate']);
    expect(JSON.stringify(records)).not.toMatch(/Anna|TlRM/);
  });

  it('never throws on any bytes, and its names stay short', () => {
    const message = fc.record({ type: fc.integer({ min: 0, max: 4 }), rest: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(message, ({ type, rest }) => {
        const record = readNtlm(bytes('noise', 'NTLMSSP\0', little(type), rest), 'http');
        if (record === undefined) return;
        expect(record.computer.length + record.domain.length).toBeLessThanOrEqual(200);
        expect(Array.isArray(ntlm.evidence(record))).toBe(true);
      }),
    );
  });
});

const WEB = sharedData('ndpi/pcap/webdav.pcap');
const SHARES = sharedData('suricata-verify/smb2-ntlmssp-negotiateflags/input.pcap');

describe.skipIf(WEB === undefined || SHARES === undefined)(
  'recorded NTLM (skipped where shared/data is absent)',
  () => {
    const activities = (path: string | undefined) =>
      [...new Set(recordsOf(sense(path ?? ''), 'ntlm').map(({ activity }) => activity))].sort();

    it('over HTTP and SMB has every message, and the server tells its version', () => {
      expect(activities(WEB)).toEqual(['authenticate', 'challenge', 'negotiate']);
      expect(activities(SHARES)).toContain('authenticate');
      const { hosts } = sense(WEB ?? '');
      const versions = hosts.flatMap(({ host }) =>
        host.ip === undefined ? [] : valuesOf(sense(WEB ?? ''), host.ip, 'ntlm.os-version'),
      );
      expect(versions.some((version) => /^\d+\.\d+\.\d+$/.test(version))).toBe(true);
    });
  },
);
