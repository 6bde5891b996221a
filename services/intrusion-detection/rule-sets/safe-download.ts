import { type LookupAddress, lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const MAXIMUM_REDIRECTS = 5;

/** Addresses that no publisher of rules has: special-purpose registries of IANA (RFC 6890, RFC 8190). */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INTERNAL.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(network, bits, 'ipv6');

export interface DownloadLimits {
  readonly maximumBytes: number;
  /** For all of it, redirects included. */
  readonly timeoutMs: number;
  /** Hosts, as they stand in the URL, that may have an address of the own network: a mirror inside the hospital. */
  readonly internalHosts: readonly string[];
}

/** @returns whether an address belongs to the own machine, an inner network or nobody */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || INTERNAL.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Fetches a file from the internet without becoming a way into the own network (OWASP, Server-Side Request Forgery): the
 * address that is connected to is the one that was judged, every redirect is judged again, and none leads from TLS to
 * clear text.
 *
 * @throws Error with the reason, in words that follow "cannot be fetched:"
 */
export async function downloadSafely(url: string, limits: DownloadLimits): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  let place = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await open(place, limits.internalHosts, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode < 300 || statusCode >= 400) return readBody(response, statusCode, limits.maximumBytes);
    response.destroy();
    if (headers.location === undefined || redirects === MAXIMUM_REDIRECTS) throw new Error('it redirects without end');
    const next = new URL(headers.location, place);
    if (place.protocol === 'https:' && next.protocol !== 'https:') throw new Error('it redirects to clear text');
    place = next;
  }
}

function open(place: URL, internalHosts: readonly string[], signal: AbortSignal): Promise<IncomingMessage> {
  if (place.protocol !== 'https:' && place.protocol !== 'http:') throw new Error(`${place.protocol} is not followed`);
  const host = place.hostname.replace(/^\[|\]$/g, '');
  const mayBeInternal = internalHosts.includes(host);
  if (isIP(host) !== 0 && !mayBeInternal && isInternalAddress(host)) throw new Error(internalMessage(host, host));
  const send = place.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = {
      signal,
      // A connection of its own each time: one that is kept was judged for another name.
      agent: false as const,
      headers: { 'user-agent': 'SPHINX', 'accept-encoding': 'identity' },
      ...(mayBeInternal ? {} : { lookup: lookupOutside }),
    };
    send(place, options, resolve)
      .on('error', (error) => reject(signal.aborted ? new Error('the server took too long') : error))
      .end();
  });
}

/** Resolves a name for the connection itself, so that it cannot change between the judgement and the use. */
const lookupOutside: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const addresses: readonly LookupAddress[] = found ?? [];
    const [first] = addresses;
    const inside = addresses.find(({ address }) => isInternalAddress(address));
    if (error !== null || first === undefined) callback(error ?? new Error(`${host} has no address`), '', 0);
    else if (inside !== undefined) callback(new Error(internalMessage(host, inside.address)), '', 0);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  });
};

function internalMessage(host: string, address: string): string {
  return `${host === address ? host : `${host} is ${address}, which`} is an address of an inner network. If it is a mirror of yours, add ${host} to the setting internalUpdateHosts`;
}

async function readBody(response: IncomingMessage, status: number, maximumBytes: number): Promise<Uint8Array> {
  if (status !== 200) {
    response.destroy();
    throw new Error(`the server answered ${status}`);
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maximumBytes) {
      response.destroy();
      throw new Error(`it is larger than ${maximumBytes / 1024 / 1024} MB`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
