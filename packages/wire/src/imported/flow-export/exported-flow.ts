import { formatIpv4, formatIpv6, formatMac } from '../../ip/address.ts';
import { transportOf, vlanOf } from '../field.ts';
import { IE, REVERSE } from './information-elements.ts';

/** One record of an exporter: packets of one direction, or of both where it says so. Counts are scaled up by sampling. */
export interface ExportedFlow {
  /** `NetFlow`, `IPFIX`, `sFlow` … */
  readonly reportedBy: string;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sourceMac?: string | undefined;
  readonly destinationMac?: string | undefined;
  readonly vlan?: number | undefined;
  readonly transport: string;
  /** Protocol that the exporter found by looking inside; empty where it did not. */
  readonly application?: string;
  readonly bytes: number;
  readonly packets: number;
  readonly tcpFlags: number;
  readonly reverseBytes?: number;
  readonly reversePackets?: number;
  readonly reverseTcpFlags?: number;
  /** Which end opened the flow, where the exporter says so. */
  readonly initiator?: 'source' | 'destination' | undefined;
  /** Only one packet of several was looked at. */
  readonly isSampled: boolean;
  /** A firewall let none of it through. */
  readonly isRejected?: boolean;
  readonly firstSeenMicros: number;
  readonly lastSeenMicros: number;
}

/** Element number → its bytes. */
export type ElementValues = ReadonlyMap<number, Uint8Array>;

/** What the message around a record says. */
export interface ExportContext {
  readonly reportedBy: string;
  /** When the message left, microseconds since the epoch. */
  readonly exportMicros: number;
  /** The exporter's uptime then, milliseconds; undefined where the header has none (IPFIX). */
  readonly upTimeMs: number | undefined;
  /** One packet of this many is looked at. */
  readonly samplingRate: number;
}

/** @returns the flow that the values describe, or undefined when they name no addresses (option records, counters) */
export function flowOf(values: ElementValues, context: ExportContext): ExportedFlow | undefined {
  const sourceIp = addressOf(values, IE.sourceIpv4Address, IE.sourceIpv6Address);
  const destinationIp = addressOf(values, IE.destinationIpv4Address, IE.destinationIpv6Address);
  if (sourceIp === undefined || destinationIp === undefined) return undefined;
  const transport = transportOf(String(numberOf(values, IE.protocolIdentifier)));
  const first = timeOf(values, START, context);
  const rate = Math.max(1, numberOf(values, IE.samplingInterval), context.samplingRate);
  return {
    reportedBy: context.reportedBy,
    sourceIp,
    destinationIp,
    ...portsOf(values, transport),
    sourceMac: macOf(values, IE.sourceMacAddress),
    destinationMac: macOf(values, IE.destinationMacAddress),
    vlan: vlanOf(numberOf(values, IE.vlanId) || numberOf(values, IE.dot1qVlanId)),
    transport,
    application: textOf(values, IE.applicationName),
    bytes: rate * firstOf(values, BYTES),
    packets: rate * firstOf(values, PACKETS),
    tcpFlags: numberOf(values, IE.tcpControlBits) & 255,
    reverseBytes: rate * firstOf(values, REVERSE_BYTES),
    reversePackets: rate * firstOf(values, REVERSE_PACKETS),
    reverseTcpFlags: numberOf(values, REVERSE + IE.tcpControlBits) & 255,
    initiator: initiatorOf(values),
    isSampled: rate > 1,
    firstSeenMicros: first,
    lastSeenMicros: Math.max(first, timeOf(values, END, context)),
  };
}

const BYTES = [IE.octetDeltaCount, IE.initiatorOctets, IE.octetTotalCount, IE.postOctetDeltaCount];
const PACKETS = [IE.packetDeltaCount, IE.initiatorPackets, IE.packetTotalCount, IE.postPacketDeltaCount];
const REVERSE_BYTES = [REVERSE + IE.octetDeltaCount, IE.responderOctets, REVERSE + IE.octetTotalCount];
const REVERSE_PACKETS = [REVERSE + IE.packetDeltaCount, IE.responderPackets, REVERSE + IE.packetTotalCount];

function portsOf(values: ElementValues, transport: string): { sourcePort: number; destinationPort: number } {
  // NetFlow puts type and code of ICMP where the port would be.
  if (transport.startsWith('icmp')) return { sourcePort: 0, destinationPort: 0 };
  return {
    sourcePort: numberOf(values, IE.sourceTransportPort) & 0xffff,
    destinationPort: numberOf(values, IE.destinationTransportPort) & 0xffff,
  };
}

/** RFC 5103 §6.3: 1 initiator, 2 reverse initiator; `initiatorOctets` and its kin say it too. */
function initiatorOf(values: ElementValues): ExportedFlow['initiator'] {
  const direction = numberOf(values, IE.biflowDirection);
  if (direction === 1 || values.has(IE.initiatorOctets)) return 'source';
  return direction === 2 ? 'destination' : undefined;
}

const START = {
  seconds: IE.flowStartSeconds,
  milliseconds: IE.flowStartMilliseconds,
  microseconds: IE.flowStartMicroseconds,
  nanoseconds: IE.flowStartNanoseconds,
  delta: IE.flowStartDeltaMicroseconds,
  upTime: IE.flowStartSysUpTime,
};
const END = {
  seconds: IE.flowEndSeconds,
  milliseconds: IE.flowEndMilliseconds,
  microseconds: IE.flowEndMicroseconds,
  nanoseconds: IE.flowEndNanoseconds,
  delta: IE.flowEndDeltaMicroseconds,
  upTime: IE.flowEndSysUpTime,
};
/** Exporters' clocks differ, but not by this much: such a time is damage, and the time of the export is taken. */
const MAXIMUM_DISTANCE_MICROS = 30 * 86_400 * 1e6;

function timeOf(values: ElementValues, elements: typeof START | typeof END, context: ExportContext): number {
  const told = toldTime(values, elements, context);
  const isPlausible = Math.abs(told - context.exportMicros) <= MAXIMUM_DISTANCE_MICROS;
  return Math.max(0, Math.floor(isPlausible ? told : context.exportMicros));
}

function toldTime(values: ElementValues, elements: typeof START | typeof END, context: ExportContext): number {
  const { exportMicros, upTimeMs } = context;
  if (values.has(elements.milliseconds)) return numberOf(values, elements.milliseconds) * 1000;
  if (values.has(elements.seconds)) return numberOf(values, elements.seconds) * 1e6;
  if (values.has(elements.microseconds)) return ntpMicros(values.get(elements.microseconds));
  if (values.has(elements.nanoseconds)) return ntpMicros(values.get(elements.nanoseconds));
  if (values.has(elements.delta)) return exportMicros - numberOf(values, elements.delta);
  if (!values.has(elements.upTime)) return exportMicros;
  if (values.has(IE.systemInitTimeMilliseconds)) {
    return (numberOf(values, IE.systemInitTimeMilliseconds) + numberOf(values, elements.upTime)) * 1000;
  }
  return upTimeMs === undefined
    ? exportMicros
    : microsOfUpTime(numberOf(values, elements.upTime), exportMicros, upTimeMs);
}

const UP_TIME_WRAP = 2 ** 32;

/** @param atMs uptime of the exporter at the event, which wraps after 49 days like `upTimeMs`, its uptime at the export */
export function microsOfUpTime(atMs: number, exportMicros: number, upTimeMs: number): number {
  const ageMs = (upTimeMs - atMs + UP_TIME_WRAP) % UP_TIME_WRAP;
  // More than half a wrap ago is a little ahead: packets go on being counted while a message is built.
  return exportMicros - (ageMs > UP_TIME_WRAP / 2 ? ageMs - UP_TIME_WRAP : ageMs) * 1000;
}

/** Seconds from 1900 to 1970 (RFC 5905 §6). */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;

/** RFC 7011 §6.1.9: times finer than milliseconds have the form of NTP time stamps. */
function ntpMicros(bytes: Uint8Array | undefined): number {
  if (bytes?.length !== 8) return 0;
  const seconds = unsigned(bytes.subarray(0, 4)) - NTP_TO_UNIX_SECONDS;
  return seconds * 1e6 + Math.floor((unsigned(bytes.subarray(4)) / 2 ** 32) * 1e6);
}

/** RFC 7011 §6.2: numbers may be sent in fewer bytes than they have. Beyond 2^53 they are no counts. */
function unsigned(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes.subarray(0, 8)) value = value * 256 + byte;
  return value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

/** @returns the number under an element; 0 where there is none */
export function numberOf(values: ElementValues, element: number): number {
  const bytes = values.get(element);
  return bytes === undefined ? 0 : unsigned(bytes);
}

function firstOf(values: ElementValues, elements: readonly number[]): number {
  const element = elements.find((candidate) => values.has(candidate));
  return element === undefined ? 0 : Math.min(numberOf(values, element), MAXIMUM_COUNT);
}

/** So that counts stay whole numbers even when sampling multiplies them and many are added up. */
const MAXIMUM_COUNT = 2 ** 40;

function addressOf(values: ElementValues, version4: number, version6: number): string | undefined {
  const four = values.get(version4);
  if (four?.length === 4) return formatIpv4(unsigned(four) | 0);
  const six = values.get(version6);
  if (six?.length !== 16) return undefined;
  const word = (offset: number) => unsigned(six.subarray(offset, offset + 4)) | 0;
  return formatIpv6(word(0), word(4), word(8), word(12));
}

function macOf(values: ElementValues, element: number): string | undefined {
  const bytes = values.get(element);
  return bytes?.length === 6 ? formatMac(bytes, 0) : undefined;
}

function textOf(values: ElementValues, element: number): string {
  const bytes = values.get(element);
  if (bytes === undefined) return '';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.replaceAll(/[^ -~]/g, '').slice(0, 64);
}
