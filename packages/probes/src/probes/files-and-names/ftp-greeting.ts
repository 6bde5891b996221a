import type { Probe } from '../../probe.ts';

/** The last line of a reply has a space after its code (RFC 959 §4.2). */
export function isFtpReplyWhole(bytes: Buffer): boolean {
  return /(?:^|\n)\d{3} [^\n]*\n$/.test(bytes.toString('latin1'));
}

export const ftpGreeting: Probe = {
  id: 'ftp-greeting',
  title: 'Greeting of FTP',
  protocols: ['ftp'],
  transport: 'tcp',
  ports: [21, 2121],
  sends: 'Reads the greeting, asks for the system type (SYST) and leaves (QUIT). Does not log in.',
  caution: 'asks',
  limits: { connections: 1, packets: 6, bytes: 40, answerBytes: 16 * 1024, timeoutMs: 12_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const greeting = await stream.receive(isFtpReplyWhole);
    if (greeting.toString('latin1').startsWith('220')) {
      stream.send('SYST\r\n', 'FTP SYST');
      await stream.receive(isFtpReplyWhole);
      stream.send('QUIT\r\n', 'FTP QUIT');
      await stream.receive(isFtpReplyWhole, 1000);
    }
    stream.close();
  },
};
