import { ByteCollector } from '../bytes/byte-collector.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';

const LONGEST_OPENING = 4096;
/** RFC 6120 §4.7: the header of a stream, in any of the prefixes that servers use. */
const STREAM_HEADER = /<(?:stream:stream|flash:stream)\b([^>]*)>/;
/** A tag, or space before it. */
const FIRST_BYTES = [0x3c, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0];
const XML_DECLARATION = /^<\?xml\b[^>]*\?>\s*/;
/** §5.4.1 and §6.4.1. */
const FEATURES = /<\/(?:stream:)?features>/;

export interface XmppRecord extends ProtocolRecord {
  readonly protocol: 'xmpp';
  readonly activity: 'open' | 'answer';
  /** Domain that is asked for or that answers; never an account. */
  readonly domain: string;
  readonly version: string;
  /** Features of the server: whether TLS is offered or required, and how one may log in. */
  readonly startTls: 'none' | 'offered' | 'required';
  readonly mechanisms: readonly string[];
}

/** The opening of each direction; stanzas are never read. */
class XmppParser implements StreamParser {
  readonly #context: ParserContext<XmppRecord>;
  readonly #openings = {
    'to-server': new ByteCollector(LONGEST_OPENING),
    'to-client': new ByteCollector(LONGEST_OPENING),
  };
  readonly #isDone = { 'to-server': false, 'to-client': false };

  constructor(context: ParserContext<XmppRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#isDone[direction]) return 'continue';
    const opening = this.#openings[direction];
    opening.add(bytes);
    const record = readOpening(latin1(opening.view()), direction);
    if (record !== undefined) {
      this.#context.emit(record, direction);
      this.#isDone[direction] = true;
      opening.clear();
    } else if (opening.isFull) return 'finished';
    return this.#isDone['to-server'] && this.#isDone['to-client'] ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}
}

/** @returns undefined while the header, and for a server the features behind it, have not come */
function readOpening(text: string, direction: Direction): XmppRecord | undefined {
  const header = STREAM_HEADER.exec(text);
  if (header === null) return undefined;
  const [, attributes = ''] = header;
  const isServer = direction === 'to-client';
  const features = FEATURES.exec(text);
  const version = attribute(attributes, 'version');
  // Before version 1.0 there were no features (§4.7.5).
  if (isServer && version !== '' && features === null) return undefined;
  const offered = isServer && features !== null ? text.slice(0, features.index) : '';
  const isRequired = /<starttls\b[^>]*>\s*<required/.test(offered);
  const mechanisms = [...offered.matchAll(/<mechanism>([\w-]{1,40})<\/mechanism>/g)].map(([, name = '']) => name);
  return {
    protocol: 'xmpp',
    activity: isServer ? 'answer' : 'open',
    domain: domainOf(attribute(attributes, isServer ? 'from' : 'to')),
    version,
    startTls: isRequired ? 'required' : offered.includes('<starttls') ? 'offered' : 'none',
    mechanisms,
  };
}

function attribute(attributes: string, name: string): string {
  const [, , value = ''] = new RegExp(`\\s${name}\\s*=\\s*(['"])([^'"]*)\\1`).exec(attributes) ?? [];
  return cleanText(value, 128);
}

/** What stands before an at sign is an account. */
function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function detectXmpp({ toServer, toClient }: DetectionSample): Detection {
  for (const bytes of [toServer, toClient]) {
    if (bytes.length === 0) continue;
    const text = latin1(bytes).trimStart();
    if (text.length > 0 && !text.startsWith('<')) return 'reject';
    const rest = text.replace(XML_DECLARATION, '');
    if (/^<(?:stream:stream|flash:stream)[\s>]/.test(rest)) return 'match';
    const isBegun = '<stream:stream'.startsWith(rest) || '<?xml'.startsWith(rest.slice(0, 5));
    if (rest.length > 0 && !isBegun) return 'reject';
  }
  return 'undecided';
}

export const xmpp: Protocol<XmppRecord> = {
  id: 'xmpp',
  title: 'XMPP',
  standards: ['RFC 6120 §4 (streams), §5.4 (STARTTLS), §6.4 (SASL)'],
  transports: ['tcp'],
  usualPorts: [5222, 5269],
  isEncrypted: false,
  isClinical: false,
  firstBytes: FIRST_BYTES,
  detect: detectXmpp,
  createStreamParser: (context) => new XmppParser(context),
  evidence: ({ activity, domain, startTls }) =>
    activity === 'open'
      ? []
      : [...draft('xmpp.domain', domain, 'server'), ...draft('xmpp.starttls', startTls, 'server')],
};
