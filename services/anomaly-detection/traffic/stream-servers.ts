import type { TelemetryRow } from '@sphinx/schema';

/** Addresses that are remembered; the one that was named longest ago goes first. */
const MAXIMUM_ADDRESSES = 10_000;

/**
 * Addresses that play media, by the names that clients ask of them in the clear: films and music come encrypted, and the protocol of such
 * a flow is told as TLS or QUIC.
 */
export class StreamServers {
  readonly #domains: ReadonlySet<string>;
  readonly #addresses = new Set<string>();

  /** @param domains such as `googlevideo.com`; names below them count too */
  constructor(domains: Iterable<string>) {
    this.#domains = new Set(domains);
  }

  has(ip: string): boolean {
    return this.#addresses.has(ip);
  }

  /** Takes a record of a protocol; most say nothing of it. */
  take({ app_name: protocol, activity, details, dst_ip: ip }: TelemetryRow<'protocol_activity'>): void {
    const isHello = (protocol === 'tls' || protocol === 'quic') && activity === 'client-hello';
    if (!isHello || !this.#isOfMedia(nameIn(details))) return;
    this.#addresses.delete(ip);
    this.#addresses.add(ip);
    if (this.#addresses.size <= MAXIMUM_ADDRESSES) return;
    const [oldest] = this.#addresses;
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }

  #isOfMedia(name: string): boolean {
    for (let rest = name; rest !== ''; ) {
      if (this.#domains.has(rest)) return true;
      const dot = rest.indexOf('.');
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    return false;
  }
}

/** Without reading the whole record: a hello lists its ciphers too. */
function nameIn(details: string): string {
  return (/"serverName":"([^"\\]{1,255})"/.exec(details)?.[1] ?? '').toLowerCase();
}
