import { EARLIER_SUITES, MODERN_SUITES } from '../../messages/tls-ciphers.ts';
import { TLS_VERSIONS, tlsClientHello } from '../../messages/tls-client-hello.ts';
import { isFlightOver } from '../../messages/tls-server-hello.ts';
import type { Probe } from '../../probe.ts';
import { TLS_PORTS } from './tls-ports.ts';

/** Each version of TLS is offered alone; the room of TLS reads version, suite and certificate off the answers. */
export const tlsVersions: Probe = {
  id: 'tls-versions',
  title: 'Versions of TLS, and the certificate',
  protocols: ['tls'],
  transport: 'tcp',
  ports: TLS_PORTS,
  sends:
    'Opens five connections and offers one version of SSL or TLS in each (SSL 3.0, TLS 1.0 to 1.3). Reads the answer and closes; no handshake is completed.',
  caution: 'asks',
  limits: { connections: 5, packets: 25, bytes: 2500, answerBytes: 128 * 1024, timeoutMs: 25_000 },
  async run({ connectPlain }) {
    for (const version of [...TLS_VERSIONS].reverse()) {
      const stream = await connectPlain();
      if (stream === undefined) return;
      const ciphers = version === 0x0304 ? MODERN_SUITES : EARLIER_SUITES;
      stream.send(tlsClientHello({ version, ciphers }), 'TLS client hello');
      await stream.receive(isFlightOver);
      stream.close();
    }
  },
};
