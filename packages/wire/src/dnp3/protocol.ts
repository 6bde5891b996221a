import { hasBytes, littleWord16 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { CONTROLS, FUNCTIONS, RESPONSE, UNSOLICITED, WITHOUT_ANSWER } from './functions.ts';

/** Start octets, length, control, destination, source, CRC (IEEE 1815 §9.2.4). */
const HEADER_BYTES = 10;
const BLOCK_BYTES = 16;
const CRC_BYTES = 2;
/** x¹⁶+x¹³+x¹²+x¹¹+x¹⁰+x⁸+x⁶+x⁵+x²+1, reflected (§9.2.4.3.7). */
const CRC_POLYNOMIAL = 0xa6bc;
const FROM_MASTER = 0x80;
const FIRST_SEGMENT = 0x40;
/** Second octet of the internal indications: function not supported, object unknown, parameter error (§4.2.2.6.2). */
const FAILURE_INDICATIONS = 0x07;

/** A request of the master with the answer of the outstation, or what an outstation tells by itself. */
export interface Dnp3Record extends ProtocolRecord {
  readonly protocol: 'dnp3';
  readonly activity: 'transaction' | 'unsolicited-response';
  readonly master: number;
  readonly outstation: number;
  readonly function: number;
  readonly functionName: string;
  /** Undefined where no answer is wanted. */
  readonly outcome: Outcome | undefined;
  /** Internal indications of the response (§4.2.2.6); 0 without one. */
  readonly indications: number;
  readonly durationMs: number | undefined;
}

interface Fragment {
  readonly source: number;
  readonly destination: number;
  readonly isFromMaster: boolean;
  readonly sequence: number;
  readonly function: number;
  readonly indications: number;
  /** Without the octet of the transport function. */
  readonly application: Uint8Array;
}

/** @returns undefined for link frames and for segments behind the first, which have no function (§8.2) */
function parseFragment(frame: Uint8Array): Fragment | undefined {
  const data = userData(frame);
  if (data.length < 3 || ((data[0] ?? 0) & FIRST_SEGMENT) === 0) return undefined;
  const code = data[2] ?? 0;
  return {
    destination: littleWord16(frame, 4),
    source: littleWord16(frame, 6),
    isFromMaster: ((frame[3] ?? 0) & FROM_MASTER) !== 0,
    sequence: (data[1] ?? 0) & 0x0f,
    function: code,
    indications: code >= RESPONSE ? ((data[3] ?? 0) << 8) | (data[4] ?? 0) : 0,
    application: data.subarray(1),
  };
}

/** The frame's user data without the checksums behind every sixteen bytes. */
function userData(frame: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let offset = HEADER_BYTES; offset < frame.length; offset += BLOCK_BYTES + CRC_BYTES) {
    const end = Math.min(offset + BLOCK_BYTES, frame.length - CRC_BYTES);
    if (end > offset) blocks.push(frame.subarray(offset, end));
  }
  return new Uint8Array(Buffer.concat(blocks));
}

function frameLength(header: Uint8Array): number | undefined {
  const length = header[2] ?? 0;
  if (!hasBytes(header, [0x05, 0x64]) || length < 5) return undefined;
  const data = length - 5;
  return HEADER_BYTES + data + Math.ceil(data / BLOCK_BYTES) * CRC_BYTES;
}

/** @returns checksum as it is sent, low byte first */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ CRC_POLYNOMIAL : crc >>> 1;
  }
  return ~crc & 0xffff;
}

function join(request: Fragment | undefined, answer: Fragment | undefined, durationMs?: number): Dnp3Record {
  const { isFromMaster = true, source = 0, destination = 0, function: code = 0 } = request ?? answer ?? {};
  const isUnsolicited = code === UNSOLICITED;
  const isFailure = answer !== undefined && (answer.indications & FAILURE_INDICATIONS) !== 0;
  const outcome = answer === undefined ? 'unanswered' : isFailure ? 'failure' : 'success';
  return {
    protocol: 'dnp3',
    activity: isUnsolicited ? 'unsolicited-response' : 'transaction',
    master: isFromMaster ? source : destination,
    outstation: isFromMaster ? destination : source,
    function: code,
    functionName: FUNCTIONS[code] ?? '',
    outcome: isUnsolicited || WITHOUT_ANSWER.has(code) ? undefined : outcome,
    indications: answer?.indications ?? 0,
    durationMs,
  };
}

export const dnp3 = defineFramedRoom<Dnp3Record>({
  id: 'dnp3',
  title: 'DNP3',
  standards: [
    'IEEE 1815-2012 §4.2.2 (application functions)',
    'IEEE 1815-2012 §8.2 (transport)',
    'IEEE 1815-2012 §9.2.4 (data link frame)',
  ],
  transports: ['tcp', 'udp'],
  usualPorts: [20000],
  firstBytes: [0x05],
  headerBytes: HEADER_BYTES,
  maximumBytes: 292,
  messageLength: frameLength,
  recognise: (frame) => (checksum(frame.subarray(0, 8)) === littleWord16(frame, 8) ? 'match' : 'reject'),
  createReader: pairingReader<Fragment, Dnp3Record>({
    parse: parseFragment,
    isRequest: ({ function: code }) => code < RESPONSE,
    keyOf: ({ function: code, isFromMaster, source, destination, sequence }) => {
      if (code === UNSOLICITED || WITHOUT_ANSWER.has(code)) return undefined;
      return isFromMaster ? `${source} ${destination} ${sequence}` : `${destination} ${source} ${sequence}`;
    },
    join,
    view: ({ application, function: code, indications }) => ({
      protocol: 'dnp3',
      buffers: { dnp3_data: [application.slice()] },
      numbers: { dnp3_func: [code], ...(code >= RESPONSE ? { dnp3_ind: [indications] } : {}) },
    }),
  }),
  evidence: dnp3Evidence,
});

/** Whichever end opened the connection: the outstation is the end that is controlled, usually the server. */
function dnp3Evidence({ activity, master, outstation, outcome, function: code }: Dnp3Record): readonly EvidenceDraft[] {
  const isControl = outcome === 'success' && CONTROLS.has(code);
  return [
    ...(activity === 'transaction' ? draft('dnp3.master', String(master), 'client') : []),
    ...(outcome === 'success' ? draft('dnp3.outstation', String(outstation), 'server') : []),
    ...(isControl ? draft('ot.control-accepted', FUNCTIONS[code] ?? '', 'server') : []),
  ];
}
