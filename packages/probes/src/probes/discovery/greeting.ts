import type { Probe } from '../../probe.ts';

const GREETING_WAIT_MS = 2500;

/**
 * Services of which the server speaks first: SSH, FTP, SMTP, POP3, IMAP, MySQL, VNC, Telnet. Only what a room of the wire
 * reads is kept: device servers send results of patients to whoever connects.
 */
export const greeting: Probe = {
  id: 'greeting',
  title: 'Greeting of the service',
  protocols: [],
  transport: 'tcp',
  ports: [21, 22, 23, 25, 110, 143, 587, 3306, 5900],
  sends:
    'Opens a TCP connection, waits up to 2.5 seconds for the service to greet, and closes it without sending anything.',
  caution: 'listens',
  limits: { connections: 1, packets: 3, bytes: 0, answerBytes: 8192, timeoutMs: 6000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    await stream?.receive((bytes) => bytes.includes(0x0a) || bytes.length >= 512, GREETING_WAIT_MS);
    stream?.close();
  },
};
