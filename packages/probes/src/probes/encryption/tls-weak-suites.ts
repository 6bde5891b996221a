import { WEAK_FAMILIES } from '../../messages/tls-ciphers.ts';
import { tlsClientHello } from '../../messages/tls-client-hello.ts';
import { isFlightOver } from '../../messages/tls-server-hello.ts';
import type { Probe } from '../../probe.ts';
import { TLS_PORTS } from './tls-ports.ts';

/** What a server chooses of good suites says nothing about the bad ones that it would take as well. */
export const tlsWeakSuites: Probe = {
  id: 'tls-weak-suites',
  title: 'Broken TLS cipher suites',
  protocols: ['tls'],
  transport: 'tcp',
  ports: TLS_PORTS,
  sends:
    'Opens five connections and offers only broken cipher suites in each: without encryption, without authentication, export grade, RC4, DES. Reads whether the server takes one and closes; no handshake is completed.',
  caution: 'unusual',
  limits: { connections: 5, packets: 25, bytes: 2000, answerBytes: 128 * 1024, timeoutMs: 25_000 },
  async run({ connectPlain }) {
    for (const { title, suites } of WEAK_FAMILIES) {
      const stream = await connectPlain();
      if (stream === undefined) return;
      stream.send(tlsClientHello({ version: 0x0303, ciphers: suites }), `TLS client hello that offers only: ${title}`);
      await stream.receive(isFlightOver);
      stream.close();
    }
  },
};
