import type { Probe } from '../../probe.ts';

const VERSION_BYTES = 12;

/** RFC 6143 §7.1: versions, then the list of ways to prove who one is. */
export const vncSecurity: Probe = {
  id: 'vnc-security',
  title: 'Login of VNC',
  protocols: ['vnc'],
  transport: 'tcp',
  ports: [5900, 5901],
  sends:
    'Opens a connection, answers the version of the server with version 3.8, and reads which logins it offers. Chooses none.',
  caution: 'asks',
  limits: { connections: 1, packets: 5, bytes: 32, answerBytes: 4096, timeoutMs: 10_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const version = await stream.receive((bytes) => bytes.length >= VERSION_BYTES);
    if (version.toString('latin1').startsWith('RFB ')) {
      stream.send('RFB 003.008\n', 'RFB version');
      await stream.receive((bytes) => bytes.length >= 1 + (bytes[0] ?? 0));
    }
    stream.close();
  },
};
