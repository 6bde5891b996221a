import { ByteCursor } from '../../bytes/byte-cursor.ts';
import { formatIpv4 } from '../../ip/address.ts';
import { transportOf } from '../field.ts';
import type { ExportMessage, SequenceTracker } from './export-message.ts';
import { type ExportedFlow, microsOfUpTime } from './exported-flow.ts';

const HEADER_BYTES = 24;
const RECORD_BYTES = 48;
/** At most 30 records fit a datagram. */
const MAXIMUM_RECORDS = 30;
/** Upper two bits: the way of sampling; lower fourteen: one packet of how many. */
const INTERVAL_MASK = 0x3fff;

interface Header {
  readonly exportMicros: number;
  readonly upTimeMs: number;
  readonly samplingRate: number;
}

/**
 * Reads a datagram of NetFlow version 5 (Cisco, "NetFlow Export Datagram Format", tables B-3 and B-4).
 *
 * @param sequenceOf follows the numbers of one flow-switching engine
 * @returns undefined when the bytes are none
 */
export function readNetflow5(
  bytes: Uint8Array,
  sequenceOf: (engine: number) => SequenceTracker,
): ExportMessage | undefined {
  const cursor = new ByteCursor(bytes, 2);
  const count = cursor.uint16();
  if (count === 0 || count > MAXIMUM_RECORDS || bytes.length < HEADER_BYTES + count * RECORD_BYTES) return undefined;
  const upTimeMs = cursor.uint32();
  const exportMicros = cursor.uint32() * 1e6 + Math.floor(cursor.uint32() / 1000);
  const sequence = cursor.uint32();
  const engine = cursor.uint16();
  const samplingRate = Math.max(1, cursor.uint16() & INTERVAL_MASK);
  const header = { exportMicros, upTimeMs, samplingRate };
  const flows = Array.from({ length: count }, () => readRecord(cursor, header));
  return { flows, exportMicros, setsWithoutTemplate: 0, lost: sequenceOf(engine).follow(sequence, count) };
}

function readRecord(cursor: ByteCursor, { exportMicros, upTimeMs, samplingRate }: Header): ExportedFlow {
  const sourceIp = formatIpv4(cursor.uint32() | 0);
  const destinationIp = formatIpv4(cursor.uint32() | 0);
  cursor.skip(8);
  const packets = samplingRate * cursor.uint32();
  const bytes = samplingRate * cursor.uint32();
  const firstSeenMicros = microsOfUpTime(cursor.uint32(), exportMicros, upTimeMs);
  const lastSeenMicros = microsOfUpTime(cursor.uint32(), exportMicros, upTimeMs);
  const sourcePort = cursor.uint16();
  const destinationPort = cursor.uint16();
  cursor.skip(1);
  const tcpFlags = cursor.uint8();
  const transport = transportOf(String(cursor.uint8()));
  cursor.skip(9);
  // Type and code of ICMP stand where the destination port would be.
  const hasPorts = !transport.startsWith('icmp');
  return {
    reportedBy: 'NetFlow',
    sourceIp,
    destinationIp,
    sourcePort: hasPorts ? sourcePort : 0,
    destinationPort: hasPorts ? destinationPort : 0,
    transport,
    packets,
    bytes,
    tcpFlags,
    isSampled: samplingRate > 1,
    firstSeenMicros: Math.max(0, firstSeenMicros),
    lastSeenMicros: Math.max(0, firstSeenMicros, lastSeenMicros),
  };
}
