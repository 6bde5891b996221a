import { X509Certificate } from 'node:crypto';
import { Agent, request } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SphinxError } from '@sphinx/platform/errors';

const ANSWER_MS = 60_000;
const MAXIMUM_ANSWER_BYTES = 100_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What the receiver made of a batch. */
export type Handover =
  | { readonly outcome: 'taken' }
  /** It is to be sent again: the receiver is away, busy, or wants another token. */
  | { readonly outcome: 'later'; readonly reason: string; readonly afterMs?: number }
  /** It will never be taken as it is. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Where the forwarder sends to. */
export interface Receiver {
  send(lines: Buffer, count: number): Promise<Handover>;
  close(): void;
}

/**
 * A SPHINX that takes logs in over HTTPS.
 *
 * @param options.url such as `https://sphinx.hospital.example:8443`
 * @param options.ca PEM; only certificates of these authorities, or exactly these certificates, are believed
 * @throws SphinxError SPX_INVALID_INPUT
 */
export function openReceiver(options: {
  readonly url: string;
  readonly token: string;
  readonly name: string;
  readonly ca?: string | undefined;
}): Receiver {
  const target = addressOf(options.url, options.name);
  const pinned = new Set((options.ca?.match(PEM) ?? []).map(fingerprintOf));
  if (options.ca !== undefined && pinned.size === 0) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The file of --ca holds no certificate (PEM).');
  }
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    minVersion: 'TLSv1.2',
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    // A certificate that is named itself is the receiver, whatever name it is reached by.
    checkServerIdentity: (host: string, certificate: PeerCertificate) =>
      pinned.has(certificate.fingerprint256) ? undefined : checkServerIdentity(host, certificate),
  });
  return {
    async send(lines, count) {
      const body = await promisify(gzip)(lines);
      try {
        return judge(await post(target, agent, options.token, body), count);
      } catch (error) {
        return { outcome: 'later', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

function addressOf(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') {
    throw new SphinxError('SPX_INVALID_INPUT', `"${text}" is no address: write --to https://HOST:8443.`);
  }
  url.pathname = '/api/v1/logs/intake';
  url.search = new URLSearchParams({ forwarded: 'true', source: name }).toString();
  return url;
}

function fingerprintOf(pem: string): string {
  try {
    return new X509Certificate(pem).fingerprint256;
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The file of --ca holds a certificate that cannot be read.', { cause });
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

function post(target: URL, agent: Agent, token: string, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
    };
    const call = request(target, { method: 'POST', agent, headers, timeout: ANSWER_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (text.length < MAXIMUM_ANSWER_BYTES) text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text });
      });
    });
    call.on('timeout', () => call.destroy(new Error('The receiver does not answer.')));
    call.on('error', reject);
    call.end(body);
  });
}

function judge({ status, retryAfter, text }: Answer, count: number): Handover {
  if (status >= 200 && status < 300) {
    const accepted = acceptedIn(text);
    if (accepted === count) return { outcome: 'taken' };
    return { outcome: 'later', reason: `The receiver took ${accepted ?? 'an unknown number'} of ${count} lines.` };
  }
  if (status === 401 || status === 403) {
    return { outcome: 'later', reason: 'The receiver refuses the token. Give one with the scope logs:intake.' };
  }
  if (status === 404) return { outcome: 'later', reason: 'Log collection is switched off at the receiver.' };
  const reason = `The receiver answers with status ${status}.`;
  if (status === 400 || status === 413 || status === 422) return { outcome: 'refused', reason };
  const seconds = Number(retryAfter);
  return { outcome: 'later', reason, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) };
}

function acceptedIn(text: string): number | undefined {
  try {
    const { accepted } = JSON.parse(text);
    return typeof accepted === 'number' ? accepted : undefined;
  } catch {
    return undefined;
  }
}
