import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, detect, evidenceOf, play, server } from '../testing/play.ts';
import { ftp } from './protocol.ts';

const line = (text: string) => bytes(`${text}\r\n`);

describe('FTP', () => {
  it('tells that a password crossed in the clear, and neither it nor the name', () => {
    const { records } = play(ftp, [
      server(line('220 Analyser FTP ready')),
      client(line('USER anna')),
      server(line('331 Password required')),
      client(line('PASS secret')),
      server(line('230 Welcome anna')),
    ]);
    expect(evidenceOf(ftp, records)).toEqual([
      'ftp.banner=Analyser FTP ready (server)',
      'ftp.clear-text-login=true (server)',
    ]);
    expect(JSON.stringify(records)).not.toMatch(/anna|secret/);
  });

  it('says nothing of a login that failed', () => {
    const { records } = play(ftp, [server(line('220 ftp')), client(line('USER ftp')), server(line('530 No'))]);
    expect(records.map(({ activity }) => activity)).toEqual(['greeting', 'command']);
    expect(records).toMatchObject([{}, { command: 'USER', outcome: 'failure', replyCode: 530 }]);
  });

  it('tells a command with its last reply, and neither files nor words', () => {
    const { records, details } = play(ftp, [
      server(line('220 ftp')),
      client(line('PASV')),
      server(line('227 Entering (10,0,0,1,4,1)')),
      client(line('RETR Doe.pdf')),
      server(bytes('150 here comes Doe.pdf\r\n226-done\r\n with it\r\n226 Doe.pdf sent\r\n')),
      client(line('XDOE')),
    ]);
    expect(records.slice(1)).toMatchObject([
      { activity: 'command', command: 'PASV', outcome: 'success', replyCode: 227 },
      { activity: 'command', command: 'RETR', outcome: 'success', replyCode: 226 },
      { activity: 'command', command: 'other', outcome: 'unanswered', replyCode: 0 },
    ]);
    expect(details).toMatchObject([
      { command: undefined, replies: [{ code: '220', text: 'ftp' }] },
      { command: 'PASV', dataPort: { mode: 'passive', port: 1025 } },
      {
        command: 'RETR',
        argument: 'Doe.pdf',
        replies: [{ code: '150' }, { code: '226' }, { code: '', text: ' with it' }, { code: '226' }],
      },
      { command: 'XDOE', isAnswered: false },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/doe/i);
  });

  it('hands over to TLS where that is agreed on', () => {
    const { handedOverTo } = play(ftp, [server(line('220 ftp')), client(line('AUTH TLS')), server(line('234 Go'))]);
    expect(handedOverTo).toBe('tls');
  });

  it('is told apart from SMTP, which greets alike', () => {
    const greeting = server(line('220 host.example ready'));
    expect(detect(ftp, [greeting])).toBe('undecided');
    expect(detect(ftp, [greeting, client(line('EHLO me'))])).toBe('reject');
    expect(detect(ftp, [greeting, client(line('USER me'))])).toBe('match');
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the analyser of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    it('greets with what it is and lets anybody in', () => {
      const batch = sense(HOSPITAL ?? '');
      expect(valuesOf(batch, '10.20.30.41', 'ftp.banner')).toEqual(['Cobas interface FTP 3.2']);
      expect(valuesOf(batch, '10.20.30.41', 'ftp.anonymous')).toEqual(['true']);
      expect(valuesOf(batch, '10.20.30.41', 'ftp.clear-text-login')).toEqual([]);
    });
  },
);

const FAILED = sharedData('ndpi/pcap/ftp_failed.pcap');

describe.skipIf(FAILED === undefined)('a recorded refusal (skipped where shared/data/ndpi is absent)', () => {
  it('shows the server and no login', () => {
    const batch = sense(FAILED ?? '');
    expect(valuesOf(batch, '2a00:800:1010::1', 'ftp.banner')).toEqual(['(vsFTPd 3.0.3)']);
    expect(valuesOf(batch, '2a00:800:1010::1', 'ftp.clear-text-login')).toEqual([]);
  });
});
