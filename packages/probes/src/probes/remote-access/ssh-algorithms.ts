import type { Probe } from '../../probe.ts';

const KEY_EXCHANGE_INIT = 20;

/** The server names its algorithms before the client has said who it is (RFC 4253 §7.1). */
export const sshAlgorithms: Probe = {
  id: 'ssh-algorithms',
  title: 'SSH software and algorithms',
  protocols: ['ssh'],
  transport: 'tcp',
  ports: [22, 2222],
  sends:
    'Opens a connection, sends the SSH identification line and reads the list of algorithms. Does not try to log in.',
  caution: 'asks',
  limits: { connections: 1, packets: 5, bytes: 64, answerBytes: 16 * 1024, timeoutMs: 10_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const greeting = await stream.receive((bytes) => bytes.includes(0x0a));
    if (!greeting.toString('latin1').includes('SSH-')) return stream.close();
    stream.send('SSH-2.0-SPHINX\r\n', 'SSH identification');
    if (!hasKeyExchange(greeting.subarray(greeting.lastIndexOf(0x0a) + 1))) await stream.receive(hasKeyExchange);
    stream.close();
  },
};

/** A whole packet of the list (RFC 4253 §6). */
function hasKeyExchange(bytes: Buffer): boolean {
  return bytes.length >= 6 && bytes[5] === KEY_EXCHANGE_INIT && bytes.length >= 4 + bytes.readUInt32BE(0);
}
