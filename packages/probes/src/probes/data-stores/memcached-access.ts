import type { Probe } from '../../probe.ts';

/** What answers here without a login gives and takes everything in the same way. */
export const memcachedAccess: Probe = {
  id: 'memcached-access',
  title: 'Memcached without a password',
  protocols: ['memcached'],
  transport: 'tcp',
  ports: [11_211],
  sends: 'Sends the command "version". Reads no data.',
  caution: 'asks',
  limits: { connections: 1, packets: 4, bytes: 20, answerBytes: 4096, timeoutMs: 8000 },
  async run({ connect, report }) {
    const stream = await connect();
    if (stream === undefined) return;
    stream.send('version\r\n', 'memcached version');
    const answer = (await stream.receive((bytes) => bytes.includes('\n'))).toString('latin1');
    stream.close();
    if (answer.startsWith('VERSION ')) report('memcached.without-password', 'true');
  },
};
