import { ByteCollector } from '../bytes/byte-collector.ts';
import { hasBytes, hasText, word16, word32 } from '../bytes/match.ts';
import { latin1, startsWithText } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord, StreamParser, StreamState } from '../protocol.ts';
import { type DhtDetail, knownQuery, parseDht } from './dht.ts';

const GREETING = '\x13BitTorrent protocol';
/** Greeting, reserved, hash of the torrent, peer id (BEP 3). */
const HANDSHAKE_BYTES = 68;
const PEER_ID_OFFSET = 48;
const UTP_HEADER_BYTES = 20;
const UTP_SYN = 0x41;
const DICTIONARY = 0x64;
/** First id of a connection to a tracker (BEP 15). */
const TRACKER_MAGIC = [0x00, 0x00, 0x04, 0x17, 0x27, 0x10, 0x19, 0x80];
const TRACKER_CONNECT_BYTES = 16;

export interface BittorrentRecord extends ProtocolRecord {
  readonly protocol: 'bittorrent';
  readonly activity:
    | 'handshake'
    | 'dht-query'
    | 'dht-response'
    | 'dht-error'
    | 'transport-open'
    | 'tracker-connect'
    | 'local-discovery';
  /** Program and version as the peer id or the DHT has them: `UT3530`. What is shared is never read. */
  readonly client: string;
  /** What the DHT is asked: `ping`, `find_node`, `get_peers` …; empty for all else. */
  readonly query: string;
  readonly sender: 'client' | 'server';
}

/** The handshake of either end. */
class BittorrentParser implements StreamParser {
  readonly #context: ParserContext<BittorrentRecord>;
  readonly #halves = {
    'to-server': new ByteCollector(HANDSHAKE_BYTES),
    'to-client': new ByteCollector(HANDSHAKE_BYTES),
  };

  constructor(context: ParserContext<BittorrentRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const half = this.#halves[direction];
    if (half.isFull) return 'continue';
    half.add(bytes);
    if (half.isFull) {
      if (!hasText(half.view(), GREETING)) return 'failed';
      const client = clientOf(latin1(half.view(), PEER_ID_OFFSET, PEER_ID_OFFSET + 8));
      const sender = direction === 'to-server' ? 'client' : 'server';
      this.#context.emit({ protocol: 'bittorrent', activity: 'handshake', client, query: '', sender }, direction);
    }
    return this.#halves['to-server'].isFull && this.#halves['to-client'].isFull ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}
}

/** BEP 20: `-UT3530-`. */
function clientOf(peerId: string): string {
  return /^-([A-Za-z]{2}[\w.]{4})-$/.exec(peerId)?.[1] ?? '';
}

export function parseBittorrentDatagram(bytes: Uint8Array, direction: Direction): BittorrentRecord | undefined {
  const record = (activity: BittorrentRecord['activity'], client = '', query = ''): BittorrentRecord => ({
    protocol: 'bittorrent',
    activity,
    client,
    query,
    sender: direction === 'to-server' ? 'client' : 'server',
  });
  if (hasText(bytes, 'BT-SEARCH * HTTP/1.')) return record('local-discovery');
  if (hasBytes(bytes, TRACKER_MAGIC) && bytes.length === TRACKER_CONNECT_BYTES && word32(bytes, 8) === 0) {
    return record('tracker-connect');
  }
  if (isTransportOpening(bytes)) return record('transport-open');
  const message = bytes[0] === DICTIONARY ? parseDht(bytes) : undefined;
  return message === undefined
    ? undefined
    : record(`dht-${message.kind}`, programOf(message), knownQuery(message.query));
}

/** BEP 5, "Protocol extension": two letters for the program, then its version. */
function programOf({ clientVersion }: DhtDetail): string {
  const letters = Buffer.from(clientVersion, 'hex').toString('latin1').slice(0, 2);
  return /^[A-Za-z]{2}$/.test(letters) ? letters : '';
}

/** BEP 29: type 4 and version 1; a SYN begins with sequence 1, acknowledges nothing and carries nothing. */
function isTransportOpening(bytes: Uint8Array): boolean {
  if (bytes[0] !== UTP_SYN || bytes.length < UTP_HEADER_BYTES) return false;
  const extension = bytes[1] ?? 255;
  const isLengthRight = extension === 0 ? bytes.length === UTP_HEADER_BYTES : extension <= 2 && bytes.length <= 64;
  return isLengthRight && word32(bytes, 8) === 0 && word16(bytes, 16) === 1 && word16(bytes, 18) === 0;
}

const datagrams = defineDatagramRoom<BittorrentRecord>({
  id: 'bittorrent',
  title: 'BitTorrent',
  standards: [
    'BEP 3 (peers)',
    'BEP 5 (DHT)',
    'BEP 14 (local discovery)',
    'BEP 15 (UDP tracker)',
    'BEP 20 (peer id)',
    'BEP 29 (uTP)',
  ],
  usualPorts: [6881],
  parse: parseBittorrentDatagram,
  evidence: ({ client, activity, sender }) => [
    ...draft('bittorrent.activity', activity, sender),
    ...draft('bittorrent.client', client, sender),
  ],
});

export const bittorrent: Protocol<BittorrentRecord> = {
  ...datagrams,
  transports: ['tcp', 'udp'],
  detect: (sample) => {
    if (sample.transport === 'udp') return datagrams.detect(sample);
    const answers = [sample.toServer, sample.toClient]
      .filter((bytes) => bytes.length > 0)
      .map((bytes) => startsWithText(bytes, GREETING));
    if (answers.includes('no')) return 'reject';
    return answers.includes('yes') ? 'match' : 'undecided';
  },
  createStreamParser: (context) => new BittorrentParser(context),
  parseDatagram: (payload, direction, context) => {
    const record = parseBittorrentDatagram(payload, direction);
    if (record === undefined) return;
    context.emit(record, direction);
    const message = context.detail !== undefined && payload[0] === DICTIONARY ? parseDht(payload) : undefined;
    if (message !== undefined) context.detail?.(direction, message);
  },
};
