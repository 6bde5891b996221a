import { type DnsMessage, parseDns } from '../dns/parse.ts';
import { joinDns } from '../dns/protocol.ts';
import { dnsView } from '../dns/views.ts';
import type { Direction, ParserContext } from '../protocol.ts';

const MEDIA_TYPE = 'application/dns-message';
const MAXIMUM_MESSAGE_BYTES = 65_535;
const MICROS_PER_MS = 1000;

/** DNS over HTTPS (RFC 8484): the message in the address of a `GET`, or in a body, read and shown to rules as DNS. */
export class DnsMessages {
  readonly #body = { 'to-server': [] as Uint8Array[], 'to-client': [] as Uint8Array[] };
  readonly #length = { 'to-server': 0, 'to-client': 0 };
  #query: DnsMessage | undefined;
  #askedMicros: number | undefined;

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

  /** The stream is over: a query that nobody answered is told by itself. */
  closed(context: ParserContext): void {
    if (this.#query !== undefined) this.#tell(undefined, context);
  }

  #show(message: Uint8Array, direction: Direction, context: ParserContext): void {
    const read = parseDns(message, 'dns');
    if (read === undefined) return;
    if (context.inspect !== undefined) context.inspect(direction, dnsView('dns', message));
    if (read.record.activity === 'query') {
      this.#query = read;
      this.#askedMicros = context.timeMicros?.();
    } else this.#tell(read, context);
  }

  #tell(response: DnsMessage | undefined, context: ParserContext): void {
    const now = context.timeMicros?.();
    const asked = this.#query === undefined || response === undefined ? undefined : this.#askedMicros;
    const durationMs = asked === undefined || now === undefined ? undefined : (now - asked) / MICROS_PER_MS;
    context.emit(joinDns(this.#query, response, durationMs), response === undefined ? 'to-server' : 'to-client');
    this.#query = undefined;
  }
}
