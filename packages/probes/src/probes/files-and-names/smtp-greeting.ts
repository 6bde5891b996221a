import type { Probe } from '../../probe.ts';
import { isFtpReplyWhole as isReplyWhole } from './ftp-greeting.ts';

/** RFC 5321 §4.1.1.1; replies have the form of those of FTP. */
export const smtpGreeting: Probe = {
  id: 'smtp-greeting',
  title: 'Greeting of mail transfer',
  protocols: ['smtp'],
  transport: 'tcp',
  ports: [25, 587],
  sends: 'Reads the greeting, says EHLO, reads what the server offers (STARTTLS) and leaves (QUIT). Sends no mail.',
  caution: 'asks',
  limits: { connections: 1, packets: 6, bytes: 60, answerBytes: 16 * 1024, timeoutMs: 12_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const greeting = await stream.receive(isReplyWhole);
    if (greeting.toString('latin1').startsWith('220')) {
      stream.send('EHLO sphinx.invalid\r\n', 'SMTP EHLO');
      await stream.receive(isReplyWhole);
      stream.send('QUIT\r\n', 'SMTP QUIT');
      await stream.receive(isReplyWhole, 1000);
    }
    stream.close();
  },
};
