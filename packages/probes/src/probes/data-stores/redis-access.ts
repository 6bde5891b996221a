import type { Probe } from '../../probe.ts';

/** The room of Redis reads from the answers whether a password is asked for, and the version. */
export const redisAccess: Probe = {
  id: 'redis-access',
  title: 'Redis without a password',
  protocols: ['redis'],
  transport: 'tcp',
  ports: [6379],
  sends: 'Sends PING and, where no password is asked for, INFO server (the version of the program). Reads no data.',
  caution: 'asks',
  limits: { connections: 1, packets: 6, bytes: 80, answerBytes: 64 * 1024, timeoutMs: 10_000 },
  async run({ connect }) {
    const stream = await connect();
    if (stream === undefined) return;
    stream.send('*1\r\n$4\r\nPING\r\n', 'Redis PING');
    const answer = await stream.receive((bytes) => bytes.includes('\r\n'));
    if (answer.toString('latin1').startsWith('+PONG')) {
      stream.send('*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n', 'Redis INFO server');
      await stream.receive(
        (bytes) => /^\$(\d+)\r\n/.test(bytes.toString('latin1', 0, 16)) && bytes.subarray(-2).equals(LINE_END),
      );
    }
    stream.close();
  },
};

const LINE_END = Buffer.from('\r\n');
