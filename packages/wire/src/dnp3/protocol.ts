import { littleWord16 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { CONTROLS, FUNCTIONS, RESPONSE, UNSOLICITED, WITHOUT_ANSWER } from './functions.ts';
import { checksum, frameLength, HEADER_BYTES, userData } from './link-frame.ts';
import { Dnp3Messages } from './messages.ts';

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
  };
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

const createPairing = pairingReader<Fragment, Dnp3Record>({
  parse: parseFragment,
  isRequest: ({ function: code }) => code < RESPONSE,
  keyOf: ({ function: code, isFromMaster, source, destination, sequence }) => {
    if (code === UNSOLICITED || WITHOUT_ANSWER.has(code)) return undefined;
    return isFromMaster ? `${source} ${destination} ${sequence}` : `${destination} ${source} ${sequence}`;
  },
  join,
});

/** Records need the first segment of a message alone; the whole is put together where somebody looks. */
function createReader(): MessageReader<Dnp3Record> {
  const pairing = createPairing();
  let messages: Dnp3Messages | undefined;
  return {
    message(frame, direction, context) {
      if (context.inspect !== undefined) {
        messages ??= new Dnp3Messages();
        messages.frame(frame, direction, context);
      }
      return pairing.message(frame, direction, context);
    },
    end: (context) => pairing.end?.(context),
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
  createReader,
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
