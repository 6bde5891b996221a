import type { CreateFindingsJoint, CreateInspection } from '@sphinx/platform';
import type { Direction, InspectedFlowState, Inspector, TransactionView } from '@sphinx/wire';

// Loaded by every sensor thread while a value is planted: looks for planted values in what travels unencrypted.

/** A planted value was seen on its way. */
export interface TokenSighting {
  readonly token: string;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly serverPort: number;
  readonly protocol: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Number of the packet within its source. */
  readonly packet: number;
}

interface TokenTask {
  readonly needles: readonly { readonly token: string; readonly text: string }[];
}

/** Encrypted: nothing of them can be read. */
const UNREADABLE = new Set(['tls', 'quic', 'ssh', 'openvpn', 'wireguard', 'ike', 'ipsec']);
/** What is asked and sent, as rooms show it, where the stream itself is compressed, encoded or has no stream. */
const BUFFERS = [
  'dns.query',
  'http.uri',
  'http.request_body',
  'http.host',
  'tls.sni',
  'quic.sni',
  'file.data',
] as const;
const BYTES_PER_DIRECTION = 256 * 1024;
const MAXIMUM_FLOWS = 20_000;
const MAXIMUM_FINDINGS = 1000;
const MICROS_PER_MS = 1000;

/** @param data `TokenTask` */
export const createInspection: CreateInspection = (data) => {
  const watch = new TokenWatch(data as TokenTask);
  return { inspector: watch, takeFindings: () => watch.takeFindings() };
};

/** Connections are whole in one thread: what several threads found is put together. */
export const createFindingsJoint: CreateFindingsJoint = () => (parts) => parts.flat();

interface WatchedDirection {
  seen: number;
  /** Last bytes, for values that come in two parts. */
  tail: string;
}

class TokenWatch implements Inspector {
  readonly #needles: TokenTask['needles'];
  readonly #longest: number;
  readonly #flows = new Map<InspectedFlowState, Partial<Record<Direction, WatchedDirection>>>();
  readonly #told = new Map<InspectedFlowState, Set<string>>();
  #findings: TokenSighting[] = [];

  constructor({ needles }: TokenTask) {
    this.#needles = needles;
    this.#longest = Math.max(0, ...needles.map(({ text }) => text.length));
  }

  packet(): void {
    // What datagrams carry is shown by their protocols.
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    if (flow.protocol !== undefined && UNREADABLE.has(flow.protocol)) return;
    let ways = this.#flows.get(flow);
    if (ways === undefined) {
      if (this.#flows.size >= MAXIMUM_FLOWS) return;
      ways = {};
      this.#flows.set(flow, ways);
    }
    let way = ways[direction];
    if (way === undefined) {
      way = { seen: 0, tail: '' };
      ways[direction] = way;
    }
    if (way.seen > BYTES_PER_DIRECTION) return;
    way.seen += bytes.length;
    const text = way.tail + textOf(bytes);
    this.#look(flow, text);
    way.tail = text.slice(-this.#longest);
  }

  transaction(flow: InspectedFlowState, _direction: Direction, { buffers }: TransactionView): void {
    for (const name of BUFFERS) {
      for (const bytes of buffers[name] ?? []) this.#look(flow, textOf(bytes.subarray(0, BYTES_PER_DIRECTION)));
    }
  }

  flowEnded(flow: InspectedFlowState): void {
    this.#flows.delete(flow);
    this.#told.delete(flow);
  }

  takeFindings(): readonly TokenSighting[] {
    const findings = this.#findings;
    this.#findings = [];
    return findings;
  }

  #look(flow: InspectedFlowState, text: string): void {
    for (const { token, text: wanted } of this.#needles) {
      if (text.includes(wanted)) this.#found(flow, token);
    }
  }

  #found(flow: InspectedFlowState, token: string): void {
    const told = this.#told.get(flow) ?? new Set();
    if (told.has(token) || this.#findings.length >= MAXIMUM_FINDINGS) return;
    this.#told.set(flow, told.add(token));
    this.#findings.push({
      token,
      clientIp: flow.clientIp,
      serverIp: flow.serverIp,
      serverPort: flow.serverPort,
      protocol: flow.protocol ?? 'unknown',
      time: Math.floor(flow.lastMicros / MICROS_PER_MS),
      packet: flow.lastPacketNumber,
    });
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').toLowerCase();
}
