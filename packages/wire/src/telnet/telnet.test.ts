import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { telnet } from './protocol.ts';

const IAC = 255;
const WILL_ECHO = bytes(IAC, 251, 1);
const DO_ECHO = bytes(IAC, 253, 1);

describe('Telnet', () => {
  it('tells what the server shows before a person types, and nothing of what the person types', () => {
    const { records } = play(telnet, [
      server(bytes(WILL_ECHO, 'Analyser ', IAC, 250, 24, 1, IAC, 240, 'console\r\nlogin: ')),
      client(DO_ECHO),
      client(bytes('anna\r\n')),
      server(bytes('Password: ')),
    ]);
    expect(evidenceOf(telnet, records)).toEqual([
      'telnet.server=true (server)',
      'telnet.banner=Analyser console login: (server)',
    ]);
    expect(JSON.stringify(records)).not.toContain('anna');
  });
});

const RECORDED = sharedData('ndpi/pcap/telnet.pcap');

describe.skipIf(RECORDED === undefined)('a recorded session (skipped where shared/data/ndpi is absent)', () => {
  it('shows the system and not the user who logs in', () => {
    const batch = sense(RECORDED ?? '');
    expect(valuesOf(batch, '192.168.0.1', 'telnet.banner')).toEqual(['OpenBSD/i386 (oof) (ttyp2) login:']);
    expect(JSON.stringify(batch.records)).not.toMatch(/fake|user/);
  });
});
