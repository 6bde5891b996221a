import { ByteCursor } from '../bytes/byte-cursor.ts';
import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { Detection, DetectionSample, Direction, ProtocolRecord } from '../protocol.ts';
import { FUNCTIONS } from './functions.ts';
import { modbusView } from './views.ts';

const PORT = 502;
/** Transaction, protocol and length; the unit identifier is the first byte that the length counts (Messaging §3.1.3). */
const HEADER_BYTES = 8;
const MAXIMUM_PDU = 254;
const EXCEPTION_FLAG = 0x80;
const READ_DEVICE_IDENTIFICATION = 43;
const MEI_DEVICE_IDENTIFICATION = 14;
/** Functions whose request begins with an address (§6). */
const WITH_ADDRESS = new Set([1, 2, 3, 4, 5, 6, 15, 16, 22, 23]);
/** Functions that change what the device does. */
const WRITES = new Set([5, 6, 15, 16, 21, 22, 23]);

/** One request with its answer. */
export interface ModbusRecord extends ProtocolRecord {
  readonly protocol: 'modbus';
  readonly activity: 'transaction';
  readonly unit: number;
  readonly function: number;
  readonly functionName: string;
  /** First register or coil, and how many, where the function has them; −1 otherwise. */
  readonly address: number;
  readonly quantity: number;
  readonly outcome: Outcome;
  /** Exception code (§7); 0 where there is none. */
  readonly exception: number;
  /** Vendor, product code, revision … of Read Device Identification (§6.21). */
  readonly device: readonly string[];
  readonly durationMs: number | undefined;
}

interface Side {
  readonly isRequest: boolean;
  readonly transaction: number;
  readonly unit: number;
  readonly function: number;
  readonly isException: boolean;
  readonly exception: number;
  readonly address: number;
  readonly quantity: number;
  readonly device: readonly string[];
}

function parseSide(message: Uint8Array, direction: Direction): Side {
  const isRequest = direction === 'to-server';
  const code = message[7] ?? 0;
  const isException = !isRequest && (code & EXCEPTION_FLAG) !== 0;
  const base = isException ? code & ~EXCEPTION_FLAG : code;
  const hasAddress = isRequest && WITH_ADDRESS.has(base);
  return {
    isRequest,
    transaction: word16(message, 0),
    unit: message[6] ?? 0,
    function: base,
    isException,
    exception: isException ? (message[8] ?? 0) : 0,
    address: hasAddress ? word16(message, 8) : -1,
    quantity: hasAddress ? (base === 5 || base === 6 || base === 22 ? 1 : word16(message, 10)) : -1,
    device: !isRequest && base === READ_DEVICE_IDENTIFICATION ? deviceObjects(message) : [],
  };
}

/** §6.21: MEI type, code, conformity, more, next, count; then id, length, value of each object. */
function deviceObjects(message: Uint8Array): readonly string[] {
  if (message[8] !== MEI_DEVICE_IDENTIFICATION) return [];
  const cursor = new ByteCursor(message, 13);
  const objects: string[] = [];
  for (let left = cursor.uint8(); left > 0 && !cursor.isBroken; left--) {
    cursor.skip(1);
    const value = cleanText(latin1(cursor.slice(cursor.uint8())), 128);
    if (value !== '') objects.push(value);
  }
  return objects;
}

const createReader = pairingReader<Side, ModbusRecord>({
  parse: parseSide,
  isRequest: (side) => side.isRequest,
  keyOf: ({ transaction, unit }) => transaction * 256 + unit,
  join(request, answer, durationMs) {
    const { unit = 0, function: code = 0 } = request ?? answer ?? {};
    return {
      protocol: 'modbus',
      activity: 'transaction',
      unit,
      function: code,
      functionName: FUNCTIONS[code] ?? '',
      address: request?.address ?? -1,
      quantity: request?.quantity ?? -1,
      outcome: answer === undefined ? 'unanswered' : answer.isException ? 'failure' : 'success',
      exception: answer?.exception ?? 0,
      device: answer?.device ?? [],
      durationMs,
    };
  },
  view: modbusView,
});

/** A length that fits its function; where the function does not fix it, the usual port has to agree. */
function recognise(message: Uint8Array, sample: DetectionSample, direction: Direction): Detection {
  const length = word16(message, 4);
  const code = message[7] ?? 0;
  const base = code & ~EXCEPTION_FLAG;
  const isAtHome = sample.serverPort === PORT || sample.clientPort === PORT;
  if (!(base in FUNCTIONS)) return isAtHome && direction === 'to-server' ? 'match' : 'reject';
  if (code !== base) return length === 3 && (isAtHome || direction === 'to-client') ? 'match' : 'reject';
  const isFitting =
    direction === 'to-server' ? isRequestLength(base, length, message) : isAnswerLength(base, length, message);
  return isFitting || isAtHome ? 'match' : 'reject';
}

function isRequestLength(code: number, length: number, message: Uint8Array): boolean {
  if (code <= 6) return length === 6;
  if (code === READ_DEVICE_IDENTIFICATION) return length === 5 && message[8] === MEI_DEVICE_IDENTIFICATION;
  return (code === 15 || code === 16) && length === 7 + (message[12] ?? 0);
}

function isAnswerLength(code: number, length: number, message: Uint8Array): boolean {
  if (code <= 4) return length === 3 + (message[8] ?? 0);
  if (code === READ_DEVICE_IDENTIFICATION) return length >= 8 && message[8] === MEI_DEVICE_IDENTIFICATION;
  return (code <= 6 || code === 15 || code === 16) && length === 6;
}

export const modbus = defineFramedRoom<ModbusRecord>({
  id: 'modbus',
  title: 'Modbus/TCP',
  standards: ['MODBUS Application Protocol 1.1b3 §6, §7', 'MODBUS Messaging on TCP/IP 1.0b §3.1'],
  transports: ['tcp'],
  usualPorts: [PORT],
  headerBytes: HEADER_BYTES,
  maximumBytes: MAXIMUM_PDU + 6,
  messageLength: (header) => {
    const length = word16(header, 4);
    return word16(header, 2) === 0 && length >= 2 && length <= MAXIMUM_PDU ? length + 6 : undefined;
  },
  recognise,
  createReader,
  evidence: ({ device, outcome, unit, function: code }) => [
    ...device.flatMap((value) => draft('modbus.device', value, 'server')),
    ...(outcome === 'success' ? draft('modbus.unit', String(unit), 'server') : []),
    ...(outcome === 'success' && WRITES.has(code) ? draft('ot.control-accepted', FUNCTIONS[code] ?? '', 'server') : []),
  ],
});
