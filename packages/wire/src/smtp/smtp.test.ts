import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { smtp } from './protocol.ts';

const line = (...lines: readonly string[]) => bytes(lines.map((one) => `${one}\r\n`).join(''));

describe('SMTP', () => {
  it('tells that a password crossed in the clear though the server offers TLS', () => {
    const { records } = play(smtp, [
      server(line('220 mail.example ESMTP Postfix')),
      client(line('EHLO analyser')),
      server(line('250-mail.example', '250-STARTTLS', '250 AUTH PLAIN')),
      client(line('AUTH PLAIN AGFubmEAc2VjcmV0')),
      server(line('235 ok')),
    ]);
    expect(evidenceOf(smtp, records)).toEqual([
      'smtp.banner=mail.example ESMTP Postfix (server)',
      'smtp.starttls=true (server)',
      'smtp.clear-text-login=true (server)',
    ]);
    expect(JSON.stringify(records)).not.toContain('AGFubmEAc2VjcmV0');
  });

  it('hands over to TLS where that is agreed on', () => {
    const { handedOverTo } = play(smtp, [
      server(line('220 mail.example')),
      client(line('EHLO me')),
      server(line('250 STARTTLS')),
      client(line('STARTTLS')),
      server(line('220 go ahead')),
    ]);
    expect(handedOverTo).toBe('tls');
  });

  it('reads no mail', () => {
    const { records } = play(smtp, [
      server(line('220 mail.example')),
      client(line('MAIL FROM:<anna@example>', 'DATA', 'Subject: result of Jane Doe')),
      server(line('235 not what it seems')),
    ]);
    expect(records.map(({ activity }) => activity)).toEqual(['greeting']);
    expect(JSON.stringify(records)).not.toMatch(/anna|Doe/);
  });
});

const RECORDED = sharedData('ndpi/pcap/smtp.pcap');

describe.skipIf(RECORDED === undefined)('recorded mail (skipped where shared/data/ndpi is absent)', () => {
  it('shows the server, and none of the addresses', () => {
    const batch = sense(RECORDED ?? '');
    expect(valuesOf(batch, '172.16.114.207', 'smtp.banner')).toEqual([
      'pigeon.eyrie.af.mil ESMTP Sendmail 8.8.7/8.8.7; Sat, 7 Aug 1999 08:20:11 -0400',
    ]);
    expect(JSON.stringify(batch.records)).not.toContain('@');
  });
});
