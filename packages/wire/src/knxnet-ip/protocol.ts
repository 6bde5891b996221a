import { hasBytes, word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { formatMac } from '../ip/address.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { SERVICES } from './services.ts';

/** Header size, version, service, total length (03_08_02 §4.3.3). */
const HEADER_BYTES = 6;
const SAMPLE_BYTES = 512;
const DEVICE_INFORMATION = 1;
const DEVICE_INFORMATION_BYTES = 54;
const SEARCH_RESPONSE = 0x0202;
const DESCRIPTION_RESPONSE = 0x0204;
const SEARCH_RESPONSE_EXTENDED = 0x020c;
/** Services whose answer is the next number and tells a status: connect, state, disconnect, configuration, tunnelling. */
const ANSWERED = new Set([517, 519, 521, 784, 1056]);

interface DeviceInformation {
  readonly name: string;
  readonly serial: string;
  readonly mac: string;
  /** Individual address on the bus, area.line.device. */
  readonly individualAddress: string;
}

/** A request with its answer, or a message that wants none. */
export interface KnxRecord extends ProtocolRecord {
  readonly protocol: 'knxnet-ip';
  /** Service, of a transaction that of its request. */
  readonly activity: string;
  /** Undefined where no single answer is wanted. */
  readonly outcome: Outcome | undefined;
  /** Status of the answer (03_08_02 §5.5): 0 is success. */
  readonly status: number;
  readonly device: DeviceInformation | undefined;
  readonly durationMs: number | undefined;
}

interface KnxMessage {
  readonly service: number;
  readonly isRequest: boolean;
  readonly key: string | undefined;
  readonly status: number;
  readonly device: DeviceInformation | undefined;
}

function parseKnx(message: Uint8Array): KnxMessage {
  const service = word16(message, 2);
  const isAnswer = ANSWERED.has(service - 1);
  const isPaired = isAnswer || ANSWERED.has(service);
  const base = isAnswer ? service - 1 : service;
  // Frames of configuration and tunnelling begin with a header of their own (03_08_04 §2.2): length, channel, counter, status.
  const isCounted = base === 784 || base === 1056;
  const channel = isCounted ? word16(message, HEADER_BYTES + 1) : base === 517 ? 0 : (message[HEADER_BYTES] ?? 0);
  return {
    service,
    isRequest: !isAnswer,
    key: isPaired ? `${base} ${channel}` : undefined,
    status: isAnswer ? (message[HEADER_BYTES + (isCounted ? 3 : 1)] ?? 0) : 0,
    device: deviceIn(message, service),
  };
}

/** A search response begins with the endpoint that answers; the description of the device follows (03_08_02 §7.5.4.2). */
function deviceIn(message: Uint8Array, service: number): DeviceInformation | undefined {
  const isSearch = service === SEARCH_RESPONSE || service === SEARCH_RESPONSE_EXTENDED;
  if (!isSearch && service !== DESCRIPTION_RESPONSE) return undefined;
  const start = HEADER_BYTES + (isSearch ? (message[HEADER_BYTES] ?? 0) : 0);
  const block = message.subarray(start, start + DEVICE_INFORMATION_BYTES);
  if (block.length < DEVICE_INFORMATION_BYTES || !hasBytes(block, [DEVICE_INFORMATION_BYTES, DEVICE_INFORMATION])) {
    return undefined;
  }
  // Length, type, medium, status, individual address, project, serial, multicast address, MAC, name.
  const address = word16(block, 4);
  return {
    individualAddress: `${address >>> 12}.${(address >>> 8) & 15}.${address & 255}`,
    serial: Buffer.from(block.subarray(8, 14)).toString('hex'),
    mac: formatMac(block, 18) ?? '',
    name: cleanText(latin1(block, 24, DEVICE_INFORMATION_BYTES).replace(/\0.*$/s, ''), 30),
  };
}

function join(request: KnxMessage | undefined, answer: KnxMessage | undefined, durationMs?: number): KnxRecord {
  const { service = 0, key, device } = request ?? answer ?? {};
  const status = answer?.status ?? 0;
  const outcome = answer === undefined ? 'unanswered' : status === 0 ? 'success' : 'failure';
  return {
    protocol: 'knxnet-ip',
    activity: SERVICES[service] ?? '',
    outcome: key === undefined ? undefined : outcome,
    status,
    device,
    durationMs,
  };
}

export const knxnetIp = defineFramedRoom<KnxRecord>({
  id: 'knxnet-ip',
  title: 'KNXnet/IP',
  standards: [
    'KNX 03_08_01 §5.2 (services)',
    'KNX 03_08_02 §4.3 (header), §7.5.4 (description)',
    'KNX 03_08_04 (tunnelling)',
  ],
  transports: ['udp', 'tcp'],
  usualPorts: [3671],
  firstBytes: [HEADER_BYTES],
  headerBytes: HEADER_BYTES,
  maximumBytes: 1024,
  messageLength: (header) => {
    const isVersion = header[1] === 0x10 || header[1] === 0x20;
    const length = word16(header, 4);
    const isKnown = word16(header, 2) in SERVICES;
    return header[0] === HEADER_BYTES && isVersion && isKnown && length >= HEADER_BYTES ? length : undefined;
  },
  recognise: (message, { transport }) => {
    const isWhole = message.length === word16(message, 4) || message.length === SAMPLE_BYTES;
    return isWhole ? 'match' : transport === 'udp' ? 'reject' : 'undecided';
  },
  createReader: pairingReader<KnxMessage, KnxRecord>({
    parse: parseKnx,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
  }),
  evidence: ({ device }) =>
    device === undefined
      ? []
      : [
          ...draft('knx.name', device.name, 'server'),
          ...draft('knx.serial', device.serial, 'server'),
          ...draft('knx.individual-address', device.individualAddress, 'server'),
        ],
});
