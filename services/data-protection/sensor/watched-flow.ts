import { addCounts, type PatientDataCounts, type PatientDataScanner } from '@sphinx/patient-data';
import { deterministicId } from '@sphinx/schema';
import type { Direction, InspectedFlowState } from '@sphinx/wire';
import type { CloudService } from '../transfers/cloud-services.ts';
import { personsOf, type TransferFinding } from '../transfers/transfer.ts';
import { plainText } from './plain-text.ts';

/** Encrypted, or shown as whole messages and files: their stream is not looked at. */
const NOT_AS_STREAM = new Set(
  'tls quic ssh rdp openvpn wireguard ike ipsec kerberos http http2 smb dcerpc ftp-data tftp dicom dns mdns rtp'.split(
    ' ',
  ),
);
const NOTHING: PatientDataCounts = { identifiers: {}, records: {}, terms: 0 };
/** Text that is looked at together: a word and its number are seldom further apart. */
const WINDOW_BYTES = 8192;
/** Different terms from which text of medicine is worth telling. */
const FEWEST_TERMS = 6;
/** An upload is told again when so much more was sent. */
const UPLOAD_STEP_BYTES = 500_000;
const MICROS_PER_MS = 1000;

/** @param protocol undefined as long as it is not known */
export function isLookedAtAsStream(protocol: string | undefined): boolean {
  return protocol === undefined || !NOT_AS_STREAM.has(protocol);
}

/** What one direction of a connection carries. */
interface Way {
  counts: PatientDataCounts;
  waiting: Uint8Array[];
  waitingBytes: number;
  lookedAt: number;
  firstPacket: number;
  firstMicros: number;
  toldBytes: number;
  hasNews: boolean;
}

/** One connection in the eyes of data protection. */
export class WatchedFlow {
  readonly flow: InspectedFlowState;
  readonly #ways: Partial<Record<Direction, Way>> = {};
  /** Name that the server was called by. */
  name = '';
  service: CloudService | undefined;

  constructor(flow: InspectedFlowState) {
    this.flow = flow;
  }

  /** Encrypted or shown as messages, nothing found so far, no service: whatever comes later begins anew. */
  get isOfNoInterest(): boolean {
    const isEmpty = ({ counts, waitingBytes }: Way) => counts === NOTHING && waitingBytes === 0;
    return (
      !isLookedAtAsStream(this.flow.protocol) && this.service === undefined && Object.values(this.#ways).every(isEmpty)
    );
  }

  /** @returns bytes that wait more than before, negative when they were looked at */
  addStream(direction: Direction, bytes: Uint8Array, limit: number, scanner: PatientDataScanner): number {
    const way = this.#way(direction);
    const room = Math.min(bytes.length, limit - way.lookedAt - way.waitingBytes);
    if (room <= 0) return 0;
    const before = way.waitingBytes;
    way.waiting.push(bytes.slice(0, room));
    way.waitingBytes += room;
    if (way.waitingBytes >= WINDOW_BYTES) this.#look(way, scanner);
    return way.waitingBytes - before;
  }

  /** A whole text, such as the body of a message or a file. */
  addText(direction: Direction, text: string, scanner: PatientDataScanner): void {
    if (text !== '') this.#add(this.#way(direction), scanner.scan(text));
  }

  /** Looks at what waits. @returns bytes that wait no longer */
  settle(scanner: PatientDataScanner): number {
    let settled = 0;
    for (const way of Object.values(this.#ways)) {
      settled += way.waitingBytes;
      this.#look(way, scanner);
    }
    return settled;
  }

  /** What is new since the last call. */
  takeNews(source: string): readonly TransferFinding[] {
    const directions: readonly Direction[] = ['to-server', 'to-client'];
    return directions.flatMap((direction) => {
      const way = this.#ways[direction] ?? (this.service === undefined ? undefined : this.#way(direction));
      if (way === undefined) return [];
      const sent = direction === 'to-server' ? this.flow.bytesToServer : this.flow.bytesToClient;
      const isUpload =
        direction === 'to-server' && this.service !== undefined && sent - way.toldBytes >= UPLOAD_STEP_BYTES;
      if (!way.hasNews && !isUpload) return [];
      way.hasNews = false;
      way.toldBytes = sent;
      return [this.#describe(source, direction, way, sent)];
    });
  }

  #look(way: Way, scanner: PatientDataScanner): void {
    if (way.waitingBytes === 0) return;
    // Its first bytes came before it was known which protocol it is.
    const text = isLookedAtAsStream(this.flow.protocol) ? plainText(Buffer.concat(way.waiting)) : '';
    way.lookedAt += way.waitingBytes;
    way.waiting = [];
    way.waitingBytes = 0;
    if (text !== '') this.#add(way, scanner.scan(text));
  }

  #add(way: Way, counts: PatientDataCounts): void {
    if (personsOf(counts) === 0 && counts.terms < FEWEST_TERMS) return;
    if (!way.hasNews && personsOf(way.counts) === 0 && way.counts.terms === 0) {
      way.firstPacket = this.flow.lastPacketNumber;
      way.firstMicros = this.flow.lastMicros;
    }
    way.counts = addCounts(way.counts, counts);
    way.hasNews = true;
  }

  #way(direction: Direction): Way {
    const known = this.#ways[direction];
    if (known !== undefined) return known;
    const { lastPacketNumber: firstPacket, lastMicros: firstMicros } = this.flow;
    const way: Way = {
      counts: NOTHING,
      waiting: [],
      waitingBytes: 0,
      lookedAt: 0,
      firstPacket,
      firstMicros,
      toldBytes: 0,
      hasNews: false,
    };
    this.#ways[direction] = way;
    return way;
  }

  #describe(source: string, direction: Direction, way: Way, bytes: number): TransferFinding {
    const { clientIp, serverIp, clientPort, serverPort, transport, protocol, lastMicros, firstPacketNumber } =
      this.flow;
    const isUp = direction === 'to-server';
    const firstSeen = Math.floor(way.firstMicros / MICROS_PER_MS);
    return {
      id: deterministicId(
        'dtr',
        source,
        clientIp,
        clientPort,
        serverIp,
        serverPort,
        transport,
        firstPacketNumber,
        direction,
      ),
      source,
      senderIp: isUp ? clientIp : serverIp,
      receiverIp: isUp ? serverIp : clientIp,
      serverPort,
      transport,
      protocol: protocol ?? 'unknown',
      receiverName: isUp ? this.name : '',
      cloudService: isUp ? (this.service?.id ?? null) : null,
      counts: way.counts,
      bytes,
      firstSeen,
      lastSeen: Math.floor(lastMicros / MICROS_PER_MS),
      packet: { source, number: way.firstPacket, time: firstSeen },
    };
  }
}
