import { littleWord16 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { Detection, DetectionSample, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { COMMANDS, UNNUMBERED } from './types.ts';

const PORT = 2404;
const START = 0x68;
/** Start, length and four control octets (IEC 60870-5-104 §5). */
const APCI_BYTES = 6;
const MAXIMUM_APDU = 253;
/** Causes of transmission (IEC 60870-5-101 §7.2.3): activation and deactivation, each confirmed by the next. */
const ACTIVATION = 6;
const ACTIVATION_CONFIRMATION = 7;
const DEACTIVATION = 8;
const DEACTIVATION_CONFIRMATION = 9;
/** Commands that only ask (IEC 60870-5-101 §7.2.1.1). */
const QUESTIONS = new Set([100, 101, 102, 104, 107, 122, 126]);

/** A command with its confirmation, a report of the station, or a link function with its confirmation. */
export interface Iec104Record extends ProtocolRecord {
  readonly protocol: 'iec104';
  readonly activity: 'command' | 'report' | 'link';
  /** Function of a link frame, or name of the type identification. */
  readonly function: string;
  readonly typeId: number;
  readonly cause: number;
  /** Undefined where no confirmation is wanted. */
  readonly outcome: Outcome | undefined;
  readonly commonAddress: number;
  readonly durationMs: number | undefined;
}

interface Apdu {
  readonly activity: Iec104Record['activity'];
  readonly function: string;
  readonly typeId: number;
  readonly cause: number;
  /** The negative bit: a confirmation refuses. */
  readonly isNegative: boolean;
  readonly commonAddress: number;
  readonly isRequest: boolean;
  readonly key: string | undefined;
}

/** @returns undefined for acknowledgements, which tell nothing */
function parseApdu(apdu: Uint8Array): Apdu | undefined {
  const control = apdu[2] ?? 0;
  if ((control & 3) === 3) return parseLink(control);
  if ((control & 1) === 1 || apdu.length < APCI_BYTES + 6) return undefined;
  const typeId = apdu[6] ?? 0;
  const cause = (apdu[8] ?? 0) & 0x3f;
  const commonAddress = littleWord16(apdu, 10);
  const command = COMMANDS[typeId];
  const isConfirmation = cause === ACTIVATION_CONFIRMATION || cause === DEACTIVATION_CONFIRMATION;
  const isPaired = command !== undefined && (isConfirmation || cause === ACTIVATION || cause === DEACTIVATION);
  return {
    activity: command === undefined ? 'report' : 'command',
    function: command ?? `report-${typeId}`,
    typeId,
    cause,
    isNegative: ((apdu[8] ?? 0) & 0x40) !== 0,
    commonAddress,
    isRequest: !isPaired || !isConfirmation,
    key: isPaired ? `${typeId} ${commonAddress} ${isConfirmation ? cause - 1 : cause}` : undefined,
  };
}

/** A confirmation is the function's bit moved by one. */
function parseLink(control: number): Apdu {
  const name = UNNUMBERED[control] ?? '';
  const isConfirmation = name.endsWith('-confirmation');
  return {
    activity: 'link',
    function: name.replace('-confirmation', ''),
    typeId: 0,
    cause: 0,
    isNegative: false,
    commonAddress: 0,
    isRequest: !isConfirmation,
    key: name.replace('-confirmation', ''),
  };
}

function join(request: Apdu | undefined, answer: Apdu | undefined, durationMs?: number): Iec104Record {
  const apdu = request ?? answer;
  const outcome = answer === undefined ? 'unanswered' : answer.isNegative ? 'failure' : 'success';
  return {
    protocol: 'iec104',
    activity: apdu?.activity ?? 'link',
    function: apdu?.function ?? '',
    typeId: apdu?.typeId ?? 0,
    cause: apdu?.cause ?? 0,
    outcome: apdu?.key === undefined ? undefined : outcome,
    commonAddress: apdu?.commonAddress ?? 0,
    durationMs,
  };
}

/** Two bytes are little to tell a protocol by: acknowledgements and data count on the usual port only. */
function recognise(apdu: Uint8Array, sample: DetectionSample): Detection {
  const control = apdu[2] ?? 0;
  const length = apdu[1] ?? 0;
  const isAtHome = sample.serverPort === PORT || sample.clientPort === PORT;
  if ((control & 3) === 3) return length === 4 && control in UNNUMBERED && (apdu[3] ?? 1) === 0 ? 'match' : 'reject';
  if ((control & 3) === 1) return length === 4 && isAtHome ? 'match' : 'reject';
  const typeId = apdu[6] ?? 0;
  return length >= 10 && typeId > 0 && typeId <= 127 && isAtHome ? 'match' : 'reject';
}

export const iec104 = defineFramedRoom<Iec104Record>({
  id: 'iec104',
  title: 'IEC 60870-5-104',
  standards: ['IEC 60870-5-104 §5 (APCI), §8 (types)', 'IEC 60870-5-101 §7.2 (ASDU)'],
  transports: ['tcp'],
  usualPorts: [PORT],
  firstBytes: [START],
  headerBytes: APCI_BYTES,
  maximumBytes: MAXIMUM_APDU + 2,
  messageLength: ([start, length = 0]) =>
    start === START && length >= 4 && length <= MAXIMUM_APDU ? length + 2 : undefined,
  recognise,
  createReader: pairingReader<Apdu, Iec104Record>({
    parse: parseApdu,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
    view: ({ typeId, cause, function: name }) =>
      transactionView('iec104', { 'iec104.function': name }, { 'iec104.type_id': typeId, 'iec104.cause': cause }),
  }),
  evidence: ({ activity, outcome, commonAddress, typeId, function: name }) => [
    ...(activity === 'report' ? draft('iec104.station', String(commonAddress), 'server') : []),
    ...(activity === 'command' && outcome === 'success' && !QUESTIONS.has(typeId)
      ? draft('ot.control-accepted', name, 'server')
      : []),
  ],
});
