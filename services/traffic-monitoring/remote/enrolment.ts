import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { createKeyPair, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { packFrame, readFrames, sendFrame } from './frames.ts';
import { CentreToSensor } from './messages.ts';
import { writeDurably } from './spool.ts';

const CONNECT_LIMIT_MS = 15_000;
const FILE = 'identity.json';

/** Who a remote sensor is, and whom it believes to be the centre. */
export const SensorIdentity = z.object({
  sensor: z.string(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  privateKey: z.string(),
  certificate: z.string(),
  authority: z.string(),
});
export type SensorIdentity = z.infer<typeof SensorIdentity>;

/** @returns undefined for a sensor that was never enrolled */
export async function readIdentity(folder: string): Promise<SensorIdentity | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : SensorIdentity.parse(JSON.parse(text));
}

export async function writeIdentity(folder: string, identity: SensorIdentity): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(join(folder, FILE), Buffer.from(JSON.stringify(identity)));
}

/**
 * Gets a certificate from the centre for a key that never leaves this machine. The token carries the fingerprint of the
 * centre's authority, so that nobody between can answer in its place.
 *
 * @throws SphinxError SPX_UNAVAILABLE when the centre cannot be reached, SPX_FORBIDDEN when it is another one or refuses
 */
export async function enrol(host: string, port: number, token: string): Promise<SensorIdentity> {
  const authority = await fetchAuthority(host, port, token.split('.')[1] ?? '');
  const { publicKey, privateKey } = createKeyPair();
  const socket = await dial(host, port, { ca: authority });
  try {
    await sendFrame(socket, packFrame({ kind: 'enrol', token, publicKey }));
    for await (const frame of readFrames(socket)) {
      const answer = CentreToSensor.parse(frame);
      if (answer.kind === 'refused') throw new SphinxError('SPX_FORBIDDEN', answer.reason);
      if (answer.kind !== 'enrolled') continue;
      const { sensor, name, certificate } = answer;
      return { sensor, name, host, port, privateKey, certificate, authority };
    }
    throw new SphinxError('SPX_UNAVAILABLE', `${host} closed the connection before it answered.`);
  } finally {
    socket.destroy();
  }
}

/** The authority that the other end shows, if it is the one of the token. */
async function fetchAuthority(host: string, port: number, fingerprint: string): Promise<string> {
  const socket = await dial(host, port, { rejectUnauthorized: false });
  try {
    const { issuerCertificate } = socket.getPeerCertificate(true);
    const raw = issuerCertificate?.raw;
    if (raw !== undefined && fingerprintOf(raw) === fingerprint) return new X509Certificate(raw).toString();
    throw new SphinxError(
      'SPX_FORBIDDEN',
      `${host} port ${port} is not the SPHINX that gave this token. Nothing was sent to it.`,
    );
  } finally {
    socket.destroy();
  }
}

/** @param certificate DER. @returns SHA-256 as base64url, short enough for a token */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('base64url');
}

/**
 * Opens TLS 1.3 to the centre.
 *
 * @throws SphinxError SPX_UNAVAILABLE with the reason
 */
export async function dial(
  host: string,
  port: number,
  options: { ca?: string; key?: string; cert?: string; rejectUnauthorized?: boolean },
): Promise<TLSSocket> {
  // The authority signs one server certificate only, so that its name need not be that of the host.
  const socket = connect({ host, port, minVersion: 'TLSv1.3', checkServerIdentity: () => undefined, ...options });
  const timer = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_LIMIT_MS);
  try {
    await once(socket, 'secureConnect');
    socket.setKeepAlive(true, CONNECT_LIMIT_MS);
    return socket;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SphinxError('SPX_UNAVAILABLE', `${host} port ${port} cannot be reached: ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
