import type { EvidenceAttribute } from '@sphinx/schema';
import { PROTOCOLS, readCertificate } from '@sphinx/wire';
import { EARLIER_SUITES } from '../../messages/tls-ciphers.ts';
import { COMPRESSION, EXTENSION, tlsClientHello } from '../../messages/tls-client-hello.ts';
import { isFlightOver, readServerHello } from '../../messages/tls-server-hello.ts';
import type { Probe, ProbeContext } from '../../probe.ts';
import { TLS_PORTS } from './tls-ports.ts';

/**
 * Flaws that show in the answer to a hello: compression (CRIME), renegotiation without RFC 5746, the heartbeat extension.
 * Whether a heartbeat leaks memory is never tried: that would be the attack.
 */
export const tlsFeatures: Probe = {
  id: 'tls-features',
  title: 'TLS compression, renegotiation and heartbeat',
  protocols: ['tls'],
  transport: 'tcp',
  ports: TLS_PORTS,
  sends:
    'Opens two connections. One offers TLS 1.2 with compression and heartbeat and closes after the answer; the other completes a handshake to read the certificate. No heartbeat is sent.',
  caution: 'asks',
  limits: { connections: 2, packets: 24, bytes: 8000, answerBytes: 128 * 1024, timeoutMs: 15_000 },
  async run(context) {
    await offerFeatures(context);
    await readLeaf(context);
  },
};

async function offerFeatures({ connectPlain, report }: ProbeContext): Promise<void> {
  const stream = await connectPlain();
  if (stream === undefined) return;
  const hello = { version: 0x0303, ciphers: EARLIER_SUITES, offersCompression: true, offersHeartbeat: true } as const;
  stream.send(tlsClientHello(hello), 'TLS client hello that offers compression and heartbeat');
  const answer = readServerHello(await stream.receive(isFlightOver));
  stream.close();
  if (answer === undefined) return;
  report('tls.compression', answer.compression === COMPRESSION.deflate ? 'deflate' : 'none');
  report('tls.renegotiation', answer.extensions.has(EXTENSION.renegotiationInfo) ? 'secure' : 'insecure');
  report('tls.heartbeat', answer.extensions.has(EXTENSION.heartbeat) ? 'offered' : 'none');
}

/** TLS 1.3 shows its certificate to the other end only (RFC 8446 §4.4.2). */
async function readLeaf({ connectPlain, report }: ProbeContext): Promise<void> {
  const stream = await (await connectPlain())?.startTls();
  const leaf = stream?.tls?.certificate;
  stream?.close();
  const certificate = leaf === undefined ? undefined : readCertificate(leaf);
  if (certificate === undefined) return;
  const room = PROTOCOLS.find(({ id }) => id === 'tls');
  for (const { attribute, value } of room?.evidence(certificate) ?? []) report(attribute as EvidenceAttribute, value);
}
