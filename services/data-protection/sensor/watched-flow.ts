import { addCounts, type PatientDataCounts, type PatientDataScanner } from '@sphinx/patient-data';
import { deterministicId } from '@sphinx/schema';
import type { Direction, InspectedFlowState } from '@sphinx/wire';
import type { CloudService } from '../transfers/cloud-services.ts';
import { personsOf, type TransferFinding } from '../transfers/transfer.ts';
import { plainText } from './plain-text.ts';
import type { WaitingBytes } from './waiting-bytes.ts';

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
/** Place of one direction beside the other in a number: more bytes than are ever looked at. */
const DIRECTION = 2 ** 26;

/** @param protocol undefined as long as it is not known */
export function isLookedAtAsStream(protocol: string | undefined): boolean {
  return protocol === undefined || !NOT_AS_STREAM.has(protocol);
}

/** What one direction of a connection carries. */
class Way {
  counts = NOTHING;
  /** Where its bytes are among those that wait, and how many, by turns. */
  readonly waiting: number[] = [];
  waitingBytes = 0;
  lookedAt = 0;
  firstPacket = 0;
  firstMicros = 0;
  toldBytes = 0;
  hasNews = false;

  begin({ lastPacketNumber, lastMicros }: InspectedFlowState, lookedAt: number): void {
    this.counts = NOTHING;
    this.waiting.length = this.waitingBytes = this.toldBytes = 0;
    this.lookedAt = lookedAt;
    this.firstPacket = lastPacketNumber;
    this.firstMicros = lastMicros;
    this.hasNews = false;
  }
}

function isEmpty({ counts, waitingBytes }: Way): boolean {
  return counts === NOTHING && waitingBytes === 0;
}

/** One connection in the eyes of data protection; used again for another one, since most are forgotten with the next batch. */
export class WatchedFlow {
  #flow: InspectedFlowState;
  readonly #toServer = new Way();
  readonly #toClient = new Way();
  /** Name that the server was called by. */
  name = '';
  service: CloudService | undefined;

  constructor(flow: InspectedFlowState) {
    this.#flow = flow;
    this.begin(flow);
  }

  /** @param lookedAt what `lookedAt` gave when it was forgotten */
  begin(flow: InspectedFlowState, lookedAt = 0): void {
    this.#flow = flow;
    this.name = '';
    this.service = undefined;
    this.#toServer.begin(flow, Math.floor(lookedAt / DIRECTION));
    this.#toClient.begin(flow, lookedAt % DIRECTION);
  }

  get flow(): InspectedFlowState {
    return this.#flow;
  }

  /** Nothing was found so far, and no service or name is known: all that is worth remembering is `lookedAt`. */
  get isQuiet(): boolean {
    return this.service === undefined && this.name === '' && isEmpty(this.#toServer) && isEmpty(this.#toClient);
  }

  /** Bytes of both directions that were looked at, as one number. */
  get lookedAt(): number {
    const last = DIRECTION - 1;
    return Math.min(this.#toServer.lookedAt, last) * DIRECTION + Math.min(this.#toClient.lookedAt, last);
  }

  /** Encrypted or shown as messages, nothing found so far, no service: whatever comes later begins anew. */
  get isOfNoInterest(): boolean {
    return (
      !isLookedAtAsStream(this.flow.protocol) &&
      this.service === undefined &&
      isEmpty(this.#toServer) &&
      isEmpty(this.#toClient)
    );
  }

  /** @param waiting has room for the bytes */
  addStream(
    direction: Direction,
    bytes: Uint8Array,
    limit: number,
    scanner: PatientDataScanner,
    waiting: WaitingBytes,
  ): void {
    const way = this.#way(direction);
    const room = Math.min(bytes.length, limit - way.lookedAt - way.waitingBytes);
    if (room <= 0) return;
    way.waiting.push(waiting.add(room < bytes.length ? bytes.subarray(0, room) : bytes), room);
    way.waitingBytes += room;
    if (way.waitingBytes >= WINDOW_BYTES) this.#look(way, scanner, waiting);
  }

  /** A whole text, such as the body of a message or a file. */
  addText(direction: Direction, text: string, scanner: PatientDataScanner): void {
    if (text !== '') this.#add(this.#way(direction), scanner.scan(text));
  }

  /** Looks at what waits. */
  settle(scanner: PatientDataScanner, waiting: WaitingBytes): void {
    this.#look(this.#toServer, scanner, waiting);
    this.#look(this.#toClient, scanner, waiting);
  }

  /** What is new since the last call. */
  takeNews(source: string): readonly TransferFinding[] {
    const directions: readonly Direction[] = ['to-server', 'to-client'];
    return directions.flatMap((direction) => {
      const way = this.#way(direction);
      const sent = direction === 'to-server' ? this.flow.bytesToServer : this.flow.bytesToClient;
      const isUpload =
        direction === 'to-server' && this.service !== undefined && sent - way.toldBytes >= UPLOAD_STEP_BYTES;
      if (!way.hasNews && !isUpload) return [];
      way.hasNews = false;
      way.toldBytes = sent;
      return [this.#describe(source, direction, way, sent)];
    });
  }

  #look(way: Way, scanner: PatientDataScanner, waiting: WaitingBytes): void {
    if (way.waitingBytes === 0) return;
    // Its first bytes came before it was known which protocol it is.
    const text = isLookedAtAsStream(this.flow.protocol) ? plainText(waiting.joined(way.waiting)) : '';
    way.lookedAt += way.waitingBytes;
    way.waiting.length = way.waitingBytes = 0;
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
    return direction === 'to-server' ? this.#toServer : this.#toClient;
  }

  #describe(source: string, direction: Direction, way: Way, bytes: number): TransferFinding {
    const { clientIp, serverIp, clientPort, serverPort, transport, protocol, lastMicros, firstPacketNumber } =
      this.#flow;
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
