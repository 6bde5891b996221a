import type { IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { internalMessage, isInternalAddress, lookupOutside, refuseInternalName } from './internal-address.ts';

const MAXIMUM_REDIRECTS = 5;

/** How the own network reaches the internet, and what of it may be reached. */
export interface DownloadRoute {
  /** Hosts, as they stand in the URL, that may have an address of the own network: a mirror inside the hospital. */
  readonly internalHosts: readonly string[];
  /** URL of an HTTP proxy that is asked instead of the servers themselves; credentials may stand in it. */
  readonly proxy?: string;
  /** Certificates in PEM that are trusted beside those of Node: of a mirror, or of a proxy that looks into TLS. */
  readonly certificateAuthorities?: string;
}

export interface SafeRequest extends DownloadRoute {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the host of the first URL only: keys do not follow a redirect elsewhere. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
}

export interface SafeResponse {
  readonly response: IncomingMessage;
  /** Where the redirects ended. */
  readonly url: URL;
}

/**
 * Asks for a file of the internet without becoming a way into the own network (OWASP, Server-Side Request Forgery): the
 * address that is connected to is the one that was judged, every redirect is judged again, and none leads from TLS to
 * clear text. Through a proxy names are judged as they are known here.
 *
 * @returns the answer, whatever its status; its body is the caller's to read or destroy
 * @throws Error with the reason, in words that follow "cannot be fetched:"
 */
export async function requestSafely(url: string, options: SafeRequest): Promise<SafeResponse> {
  const first = new URL(url);
  let place = first;
  for (let redirects = 0; ; redirects += 1) {
    const secret = place.host === first.host ? options.secretHeaders : undefined;
    const response = await open(place, { ...options, headers: { ...options.headers, ...secret } });
    const { statusCode = 0, headers } = response;
    if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return { response, url: place };
    response.destroy();
    if (headers.location === undefined || redirects === MAXIMUM_REDIRECTS) throw new Error('it redirects without end');
    const next = new URL(headers.location, place);
    if (place.protocol === 'https:' && next.protocol !== 'https:') throw new Error('it redirects to clear text');
    place = next;
  }
}

async function open(place: URL, options: SafeRequest): Promise<IncomingMessage> {
  const { internalHosts, proxy, signal } = options;
  if (place.protocol !== 'https:' && place.protocol !== 'http:') throw new Error(`${place.protocol} is not followed`);
  const host = place.hostname.replace(/^\[|\]$/g, '');
  const mayBeInternal = internalHosts.includes(host);
  if (isIP(host) !== 0 && !mayBeInternal && isInternalAddress(host)) throw new Error(internalMessage(host, host));
  if (proxy !== undefined && !mayBeInternal) await refuseInternalName(host);
  const isTls = place.protocol === 'https:';
  const agent = proxy === undefined ? (false as const) : proxyAgent(isTls, proxy, internalHosts);
  const authorities = options.certificateAuthorities;
  return new Promise((resolve, reject) => {
    const request = {
      signal,
      // A connection of its own each time: one that is kept was judged for another name.
      agent,
      headers: { 'user-agent': 'SPHINX', 'accept-encoding': 'identity', ...options.headers },
      ...(mayBeInternal || proxy !== undefined ? {} : { lookup: lookupOutside }),
      ...(isTls && authorities !== undefined ? { ca: [...rootCertificates, authorities] } : {}),
    };
    (isTls ? requestHttps : requestHttp)(place, request, resolve)
      .on('error', (error) => reject(signal.aborted ? abortReason(signal) : error))
      .end();
  });
}

/** Mirrors inside are reached without the proxy. */
function proxyAgent(isTls: boolean, proxy: string, internalHosts: readonly string[]): HttpAgent {
  const proxyEnv = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: internalHosts.join(',') };
  return isTls ? new HttpsAgent({ proxyEnv }) : new HttpAgent({ proxyEnv });
}

/** What ended a request: time, or a person. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') return new Error('the server took too long');
  return reason instanceof Error ? reason : new Error('it was cancelled');
}
