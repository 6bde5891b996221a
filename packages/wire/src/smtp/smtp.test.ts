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

  it('tells that a server offers no TLS, and only where its whole answer was seen', () => {
    const ehlo = [server(line('220 mail.example ESMTP')), client(line('EHLO analyser'))];
    const answered = [...ehlo, server(line('250-mail.example', '250-SIZE 1000', '250 HELP'))];
    expect(evidenceOf(smtp, play(smtp, answered).records)).toContain('smtp.starttls=false (server)');
    const begun = [...ehlo, server(line('250-mail.example', '250-SIZE 1000'))];
    expect(evidenceOf(smtp, play(smtp, begun).records).join()).not.toContain('smtp.starttls');
    const old = [server(line('220 mail.example ESMTP')), client(line('HELO me')), server(line('250 mail.example'))];
    expect(evidenceOf(smtp, play(smtp, old).records).join()).not.toContain('smtp.starttls');
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

  it('tells a mail by its size and what became of it, and nothing of who writes to whom', () => {
    const { records, details } = play(smtp, [
      server(line('220 mail.example')),
      client(line('EHLO analyser')),
      server(line('250 ok')),
      client(line('MAIL FROM:<anna@example> SIZE=10', 'RCPT TO:<berta@example>', 'DATA')),
      server(line('250 ok', '250 ok', '354 go')),
      client(line('From: Anna <anna@example>', 'Subject: result of Jane Doe', '', 'see http://example.org/x now', '.')),
      server(line('250 queued')),
      client(line('MAIL FROM:<anna@example>')),
      server(line('550 no')),
      client(line('QUIT')),
    ]);
    expect(records.filter(({ activity }) => activity === 'mail')).toMatchObject([
      { recipients: 1, messageBytes: 88, attachments: 0, outcome: 'success', replyCode: 250 },
      { recipients: 0, messageBytes: 0, outcome: 'failure', replyCode: 550 },
    ]);
    expect(details).toMatchObject([
      {
        greetedAs: 'analyser',
        sender: '<anna@example>',
        recipients: ['<berta@example>'],
        message: {
          state: 'whole',
          urls: ['example.org/x'],
          fields: [
            ['from', 'Anna <anna@example>'],
            ['subject', 'result of Jane Doe'],
          ],
        },
      },
      { sender: '<anna@example>', message: undefined },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/anna|berta|Doe|example.org/);
  });

  it('keeps mails apart that are sent without waiting for answers', () => {
    const mail = (from: string) => [`MAIL FROM:<${from}>`, 'RCPT TO:<c@x>', 'DATA', `Subject: ${from}`, '', 'x', '.'];
    const { details } = play(smtp, [
      server(line('220 mail.example ESMTP')),
      client(line('EHLO me', ...mail('a@x'), ...mail('b@x'))),
      server(line('250 ok', '250 ok', '250 ok', '354 go', '250 a', '250 ok', '250 ok', '354 go', '250 b')),
    ]);
    expect(details).toMatchObject([
      { sender: '<a@x>', message: { state: 'whole', fields: [['subject', 'a@x']] } },
      { sender: '<b@x>', message: { state: 'whole', fields: [['subject', 'b@x']] } },
    ]);
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
