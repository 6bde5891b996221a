import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u32 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { ssh } from './protocol.ts';

/** RFC 4253 §6, §7.1. */
function keyExchange(...lists: readonly string[]): Uint8Array {
  const names = [...lists, '', ''].map((list) => bytes(u32(list.length), list));
  const payload = bytes(20, new Uint8Array(16), ...names, 0, u32(0));
  return bytes(u32(payload.length + 5), 4, payload, new Uint8Array(4));
}

const OFFER = ['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'aes256-ctr', 'hmac-sha1', 'hmac-md5', 'none', 'zlib'];

describe('SSH', () => {
  // MD5 of `curve25519-sha256;aes128-ctr;hmac-sha1;none`, and of its counterpart with `aes256-ctr;hmac-md5;zlib`.
  it('hashes of each end the algorithms of its own direction', () => {
    const { records } = play(ssh, [
      server(bytes('SSH-2.0-OpenSSH_9.7\r\n')),
      client(bytes('SSH-2.0-PuTTY_Release_0.81\r\n', keyExchange(...OFFER))),
      server(keyExchange(...OFFER)),
    ]);
    const [fromClient, fromServer] = records.filter(({ activity }) => activity === 'key-exchange');
    expect(fromClient).toMatchObject({ sentBy: 'client', hassh: '7fffb234014b2a6c335168b9683cbb70' });
    expect(fromServer).toMatchObject({ sentBy: 'server', hassh: '709a1865aa0b5eff7117fe5302f67981' });
  });

  it('finds the identification behind a banner, and tells of SSH 1 what it shows', () => {
    const { records } = play(ssh, [server(bytes('Authorised use only.\r\nSSH-1.5-Cisco-1.25\n'))]);
    expect(evidenceOf(ssh, records)).toEqual(['ssh.server.software=Cisco-1.25 (server)', 'ssh.protocol=1.5 (server)']);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)('recorded SSH (skipped where shared/data/pcaps is absent)', () => {
  const batch = sense(HOSPITAL ?? '');

  it('tells software, fingerprint and every algorithm of the server', () => {
    const values = (attribute: string) => valuesOf(batch, '10.20.30.32', attribute);
    expect(values('ssh.server.software')).toEqual(['OpenSSH_9.2p1 Debian-2+deb12u10']);
    expect(values('ssh.protocol')).toEqual(['2.0']);
    expect(values('ssh.server.hassh')).toEqual(['425d29fe50d8e4f5e37efb6e24bcf660']);
    expect(values('ssh.server.algorithm')).toEqual(expect.arrayContaining(['hmac-sha1', 'aes128-ctr', 'ssh-ed25519']));
  });

  it('tells the client apart from the server', () => {
    expect(valuesOf(batch, '10.20.30.103', 'ssh.client.hassh')).toEqual(['472b5de333ad665af5cbf10ff892c4df']);
    expect(valuesOf(batch, '10.20.30.103', 'ssh.server.hassh')).toEqual([]);
  });
});
