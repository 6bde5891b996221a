import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { TransactionDetail } from '../inspector.ts';
import { formatIpv4, formatIpv6 } from '../ip/address.ts';
import { type Bencoded, bytesOf, readBencoded } from './bencode.ts';

const NODE_BYTES = { 4: 26, 6: 38 } as const;
const ID_BYTES = 20;
const MAXIMUM_NODES = 64;
const QUERIES = ['ping', 'find_node', 'get_peers', 'announce_peer', 'sample_infohashes', 'get', 'put'];

/** A node or a peer that a message names. */
export interface DhtEnd {
  /** In hexadecimal; empty for a peer. */
  readonly id: string;
  readonly ip: string;
  readonly port: number;
}

/** One message of the distributed hash table (BEP 5, BEP 32), with what is asked for: shown, never stored. */
export interface DhtDetail extends TransactionDetail {
  readonly protocol: 'bittorrent';
  readonly kind: 'query' | 'response' | 'error';
  readonly transactionId: string;
  readonly clientVersion: string;
  /** `ping`, `find_node`, `get_peers`, `announce_peer` …; empty in answers. */
  readonly query: string;
  readonly id: string;
  readonly target: string;
  readonly infoHash: string;
  readonly token: string;
  readonly port: number | undefined;
  readonly impliedPort: number | undefined;
  readonly nodes: readonly DhtEnd[];
  readonly nodes6: readonly DhtEnd[];
  readonly peers: readonly DhtEnd[];
  readonly error: { readonly number: number; readonly message: string } | undefined;
}

/** @returns undefined where the bytes are no message of the DHT, cut off or not */
export function parseDht(bytes: Uint8Array): DhtDetail | undefined {
  const message = readBencoded(bytes);
  if (!(message instanceof Map)) return undefined;
  const values: ReadonlyMap<string, Bencoded> = message;
  const kind = kindOf(values);
  if (kind === undefined) return undefined;
  const content = dictionaryOf(values.get(kind === 'query' ? 'a' : 'r'));
  const text = (from: ReadonlyMap<string, Bencoded>, name: string) => hexOf(bytesOf(from.get(name)));
  const query = bytesOf(values.get('q'));
  return {
    protocol: 'bittorrent',
    kind,
    transactionId: text(values, 't'),
    clientVersion: text(values, 'v'),
    query: kind === 'query' && query !== undefined ? cleanText(latin1(query), 32) : '',
    id: text(content, 'id'),
    target: text(content, 'target'),
    infoHash: text(content, 'info_hash'),
    token: text(content, 'token'),
    port: numberOf(content.get('port')),
    impliedPort: numberOf(content.get('implied_port')),
    nodes: nodesOf(bytesOf(content.get('nodes')), 4),
    nodes6: nodesOf(bytesOf(content.get('nodes6')), 6),
    peers: peersOf(content.get('values')),
    error: errorOf(values.get('e')),
  };
}

/** @returns name of a query that the standards know; `other` for all others, so that a sender chooses no words of a record */
export function knownQuery(query: string): string {
  return query === '' || QUERIES.includes(query) ? query : 'other';
}

/** A capture may have cut off the type, which comes last: the part that only one kind has tells it too. */
function kindOf(values: ReadonlyMap<string, Bencoded>): DhtDetail['kind'] | undefined {
  const type = bytesOf(values.get('y'));
  const isTold = type !== undefined && values.has('t');
  const letter = isTold ? latin1(type) : '';
  const isNode = (name: string) => bytesOf(dictionaryOf(values.get(name)).get('id'))?.length === ID_BYTES;
  if (letter === 'q' || (letter === '' && isNode('a'))) return 'query';
  if (letter === 'r' || (letter === '' && isNode('r'))) return 'response';
  return letter === 'e' || (letter === '' && errorOf(values.get('e')) !== undefined) ? 'error' : undefined;
}

const NOTHING: ReadonlyMap<string, Bencoded> = new Map();

function dictionaryOf(value: Bencoded | undefined): ReadonlyMap<string, Bencoded> {
  return value instanceof Map ? value : NOTHING;
}

function numberOf(value: Bencoded | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function hexOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}

/** BEP 5, "Contact encoding"; BEP 32 for IPv6. */
function nodesOf(bytes: Uint8Array | undefined, version: 4 | 6): readonly DhtEnd[] {
  const size = NODE_BYTES[version];
  const count = Math.min(MAXIMUM_NODES, Math.floor((bytes?.length ?? 0) / size));
  return Array.from({ length: count }, (_, index) => {
    const node = bytes?.subarray(index * size, (index + 1) * size) ?? new Uint8Array(0);
    return { id: hexOf(node.subarray(0, ID_BYTES)), ...endOf(node.subarray(ID_BYTES)) };
  });
}

function peersOf(value: Bencoded | undefined): readonly DhtEnd[] {
  if (!Array.isArray(value)) return [];
  const peers = (value as readonly Bencoded[]).map(bytesOf).filter((one) => one?.length === 6 || one?.length === 18);
  return peers.slice(0, MAXIMUM_NODES).map((peer = new Uint8Array(0)) => ({ id: '', ...endOf(peer) }));
}

function endOf(bytes: Uint8Array): { readonly ip: string; readonly port: number } {
  const word = (offset: number) => word32(bytes, offset);
  const isVersion4 = bytes.length === 6;
  const ip = isVersion4 ? formatIpv4(word(0)) : formatIpv6(word(0), word(4), word(8), word(12));
  return { ip, port: word16(bytes, bytes.length - 2) };
}

function errorOf(value: Bencoded | undefined): DhtDetail['error'] {
  if (!Array.isArray(value)) return undefined;
  const [number, message] = value as readonly Bencoded[];
  if (typeof number !== 'number') return undefined;
  return { number, message: cleanText(latin1(bytesOf(message) ?? new Uint8Array(0)), 100) };
}
