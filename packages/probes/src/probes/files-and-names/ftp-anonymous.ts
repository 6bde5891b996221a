import type { Probe } from '../../probe.ts';
import { isFtpReplyWhole } from './ftp-greeting.ts';

/** RFC 1635: the name, and an address of one's own as the password. */
export const ftpAnonymous: Probe = {
  id: 'ftp-anonymous',
  title: 'FTP without an account',
  protocols: ['ftp'],
  transport: 'tcp',
  ports: [21, 2121],
  sends:
    'Tries once to log in as "anonymous" and leaves at once. Lists and fetches no file. The server may log a failed login.',
  caution: 'logs-in',
  limits: { connections: 1, packets: 8, bytes: 80, answerBytes: 16 * 1024, timeoutMs: 15_000 },
  async run({ connectPlain, report }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const greeting = await stream.receive(isFtpReplyWhole);
    if (greeting.toString('latin1').startsWith('220')) {
      stream.send('USER anonymous\r\n', 'FTP user anonymous');
      let answer = await stream.receive(isFtpReplyWhole);
      if (answer.toString('latin1').startsWith('331')) {
        stream.send('PASS probe@sphinx.invalid\r\n', 'FTP password for anonymous');
        answer = await stream.receive(isFtpReplyWhole, 5000);
      }
      if (answer.toString('latin1').startsWith('530')) report('ftp.anonymous', 'false');
      stream.send('QUIT\r\n', 'FTP QUIT');
    }
    stream.close();
  },
};
