import { FileExtractor } from '../files/file-extractor.ts';
import { FlowFiles } from '../files/flow-files.ts';
import type { TransactionDetail, TransactionView } from '../inspector.ts';
import type { Detection, Direction, Protocol, ProtocolRecord, StreamParser } from '../protocol.ts';

/** One end speaks, without a pause. */
export interface Turn {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

/** Step of a conversation: bytes, or bytes that the capture has lost. */
export type Step = Turn | { readonly direction: Direction; readonly lost: number };

export function client(bytes: Uint8Array): Turn {
  return { direction: 'to-server', bytes };
}

export function server(bytes: Uint8Array): Turn {
  return { direction: 'to-client', bytes };
}

export interface Played<R extends ProtocolRecord> {
  readonly records: readonly R[];
  readonly handedOverTo: string | undefined;
  /** What rules were shown. */
  readonly views: readonly TransactionView[];
  /** What logs were shown with the views, as it was then. */
  readonly sides: readonly ProtocolRecord[];
  /** Transactions with all that was said in them. */
  readonly details: readonly TransactionDetail[];
}

/**
 * Lets the stream parser of a room hear a conversation, as the sensor does: it stops when the parser has heard enough, and
 * leaves out bytes that the parser wants skipped.
 *
 * @param pieces lengths into which the bytes of each turn are cut, in turn; empty gives each turn in one piece
 */
export function play<R extends ProtocolRecord>(
  room: Protocol<R>,
  steps: readonly Step[],
  pieces: readonly number[] = [],
): Played<R> {
  const records: R[] = [];
  const views: TransactionView[] = [];
  const sides: ProtocolRecord[] = [];
  const details: TransactionDetail[] = [];
  let handedOverTo: string | undefined;
  const parser = createParser(
    room,
    (record) => records.push(record),
    (id) => {
      handedOverTo = id;
    },
    ({ record, ...view }) => {
      views.push(plainView(view));
      if (record !== undefined) sides.push(structuredClone(record()));
    },
    (detail) => details.push(structuredClone(detail)),
  );
  const skip = { 'to-server': 0, 'to-client': 0 };
  let piece = 0;
  for (const step of steps) {
    if ('lost' in step) {
      const skipped = Math.min(step.lost, skip[step.direction]);
      skip[step.direction] -= skipped;
      if (step.lost > skipped && parser.gap(step.direction, step.lost - skipped) !== 'continue') {
        return { records, handedOverTo, views, sides, details };
      }
      continue;
    }
    for (let offset = 0; offset < step.bytes.length; ) {
      const length = pieces.length === 0 ? step.bytes.length : Math.max(1, pieces[piece++ % pieces.length] ?? 1);
      const part = step.bytes.slice(offset, offset + length);
      offset += part.length;
      const skipped = Math.min(part.length, skip[step.direction]);
      skip[step.direction] -= skipped;
      if (skipped === part.length) continue;
      const state = parser.push(step.direction, part.subarray(skipped));
      // Parsers may not keep what they were lent.
      part.fill(0xee);
      if (state !== 'continue' || handedOverTo !== undefined) return { records, handedOverTo, views, sides, details };
      skip[step.direction] = parser.skippable?.(step.direction) ?? 0;
    }
  }
  parser.end();
  return { records, handedOverTo, views, sides, details };
}

/** @returns a view whose values are equal to what tests build: those of the sensor may lie in memory that is shared */
export function plainView(view: TransactionView): TransactionView {
  const buffers = Object.entries(view.buffers).map(([name, values]) => [
    name,
    values.map((one) => new Uint8Array(one)),
  ]);
  return { ...view, buffers: Object.fromEntries(buffers) };
}

/** @returns a parser of the room whose records go to `emit` */
export function createParser<R extends ProtocolRecord>(
  room: Protocol<R>,
  emit: (record: R) => void,
  handOver: (id: string) => void = () => {},
  show: (view: TransactionView) => void = () => {},
  tell: (detail: TransactionDetail) => void = () => {},
): StreamParser {
  const ports = { transport: 'tcp', clientPort: 50_000, serverPort: 1 } as const;
  const inspect = (_: Direction, view: TransactionView) => show(view);
  const detail = (_: Direction, told: TransactionDetail) => tell(told);
  const parser = room.createStreamParser?.({ ...ports, emit, handOver, inspect, detail, files: filesOfNobody() });
  if (parser === undefined) throw new Error(`${room.id} has no stream parser`);
  return parser;
}

/** Files are followed as in the sensor, within little memory, and nobody takes them. */
function filesOfNobody(): FlowFiles {
  const limits = { contentBytes: 64 * 1024, totalContentBytes: 256 * 1024, waiting: 0 };
  const ends = { id: 'flow', clientIp: '', serverIp: '', clientPort: 0, serverPort: 0, transport: 'tcp' };
  const reference = { ...ends, clientMac: undefined, serverMac: undefined, vlan: undefined, firstPacketNumber: 1 };
  const flow = { reference, protocol: 'test', nowMicros: 0, packetNumber: 0, isClosed: () => false };
  return new FlowFiles(new FileExtractor({ types: [], names: 'all', givesContent: true, limits }), flow);
}

/** @returns records of one datagram or frame */
export function readDatagram<R extends ProtocolRecord>(
  room: Protocol<R>,
  payload: Uint8Array,
  direction: Direction = 'to-server',
  show: (view: TransactionView) => void = () => {},
  tell: (detail: TransactionDetail) => void = () => {},
): readonly R[] {
  const records: R[] = [];
  const transport = room.transports.includes('ethernet') ? 'ethernet' : 'udp';
  const [port = 0] = room.usualPorts;
  const emit = (record: R) => records.push(record);
  const ports = { transport, clientPort: 50_000, serverPort: port } as const;
  const inspect = (_: Direction, view: TransactionView) => show(view);
  const detail = (_: Direction, told: TransactionDetail) => tell(told);
  room.parseDatagram?.(payload, direction, { ...ports, emit, handOver() {}, inspect, detail });
  return records;
}

/** What the room thinks of the first bytes of a conversation on a port that tells nothing, unless one is given. */
export function detect<R extends ProtocolRecord>(
  room: Protocol<R>,
  turns: readonly Turn[],
  serverPort = 9,
  transport: 'tcp' | 'udp' = room.transports.includes('udp') ? 'udp' : 'tcp',
): Detection {
  const first = (direction: Direction) =>
    new Uint8Array(
      Buffer.concat(turns.filter((turn) => turn.direction === direction).map((turn) => turn.bytes)).subarray(0, 512),
    );
  return room.detect({
    transport,
    toServer: first('to-server'),
    toClient: first('to-client'),
    clientPort: 50_000,
    serverPort,
  });
}

/** Evidence of records as `attribute=value about whom`, the form in which tests compare it. */
export function evidenceOf<R extends ProtocolRecord>(room: Protocol<R>, records: readonly R[]): readonly string[] {
  return records.flatMap((record) =>
    room.evidence(record).map(({ attribute, value, about }) => {
      const whom = typeof about === 'string' ? about : [about.mac, about.ip].filter(Boolean).join('/');
      return `${attribute}=${value} (${whom})`;
    }),
  );
}
