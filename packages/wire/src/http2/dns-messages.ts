import { parseDns } from '../dns/parse.ts';
import { dnsView } from '../dns/views.ts';
import type { Direction, ParserContext } from '../protocol.ts';

const MEDIA_TYPE = 'application/dns-message';
const MAXIMUM_MESSAGE_BYTES = 65_535;

/** DNS over HTTPS (RFC 8484): the message in the address of a `GET`, or in a body, shown to rules as DNS. */
export class DnsMessages {
  readonly #body = { 'to-server': [] as Uint8Array[], 'to-client': [] as Uint8Array[] };
  readonly #length = { 'to-server': 0, 'to-client': 0 };

  /** @returns whether the fields announce a DNS message in the body */
  static isCarried(fields: ReadonlyMap<string, string> | undefined): boolean {
    return fields?.get('content-type')?.toLowerCase() === MEDIA_TYPE;
  }

  /** @param path of a request, with its query */
  asked(path: string, context: ParserContext): void {
    const encoded = /[?&]dns=([A-Za-z0-9_-]+)/.exec(path)?.[1];
    if (encoded !== undefined) this.#show(Buffer.from(encoded, 'base64url'), 'to-server', context);
  }

  /** Part of a body that is one. */
  data(bytes: Uint8Array, direction: Direction, context: ParserContext): void {
    const before = this.#length[direction];
    this.#length[direction] += bytes.length;
    if (this.#length[direction] <= MAXIMUM_MESSAGE_BYTES) this.#body[direction].push(bytes.slice());
    else if (before <= MAXIMUM_MESSAGE_BYTES) {
      const event = direction === 'to-server' ? 'http2.dns_request_too_long' : 'http2.dns_response_too_long';
      context.inspect?.(direction, { protocol: 'http2', buffers: {}, events: [event] });
    }
  }

  /** The body of this side has ended. */
  ended(direction: Direction, context: ParserContext): void {
    const body = Buffer.concat(this.#body[direction].splice(0));
    if (this.#length[direction] <= MAXIMUM_MESSAGE_BYTES && body.length > 0) this.#show(body, direction, context);
    this.#length[direction] = 0;
  }

  #show(message: Uint8Array, direction: Direction, context: ParserContext): void {
    if (parseDns(message, 'dns') !== undefined) context.inspect?.(direction, dnsView('dns', message));
  }
}
