import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';

/** Code, identifier, length, authenticator (RFC 2865 §3). */
const HEADER_BYTES = 20;
const MAXIMUM_BYTES = 4096;
const SAMPLE_BYTES = 512;
const VENDOR_SPECIFIC = 26;
const NAS_IDENTIFIER = 32;
const ACCOUNTING_STATUS = 40;
const NAS_PORT_TYPE = 61;
const EAP_MESSAGE = 79;
const MESSAGE_AUTHENTICATOR = 80;
const PORTS = [1812, 1813, 1645, 1646, 3799];

/** RFC 2865 §4, RFC 2866 §4, RFC 5176 §2. */
const CODES: Readonly<Record<number, string>> = {
  1: 'access-request',
  2: 'access-accept',
  3: 'access-reject',
  4: 'accounting-request',
  5: 'accounting-response',
  11: 'access-challenge',
  12: 'status-server',
  40: 'disconnect-request',
  41: 'disconnect-acknowledgement',
  42: 'disconnect-refusal',
  43: 'change-of-authorization-request',
  44: 'change-of-authorization-acknowledgement',
  45: 'change-of-authorization-refusal',
};
const REFUSALS = new Set([3, 42, 45]);
const REQUESTS = new Set([1, 4, 12, 40, 43]);
/** RFC 2866 §5.1. */
const STATUSES: Readonly<Record<number, string>> = { 1: 'start', 2: 'stop', 3: 'interim-update', 7: 'on', 8: 'off' };
/** RFC 2865 §5.41. */
const PORT_TYPES: Readonly<Record<number, string>> = {
  0: 'async',
  5: 'virtual',
  15: 'ethernet',
  19: 'wireless-802.11',
};

/** A request with its answer. Accounts, passwords and calling stations are never read. */
export interface RadiusRecord extends ProtocolRecord {
  readonly protocol: 'radius';
  /** Code of the request; of the answer where no request was seen. */
  readonly activity: string;
  readonly answer: string;
  readonly outcome: Outcome;
  readonly nasIdentifier: string;
  readonly portType: string;
  readonly accountingStatus: string;
  readonly usesEap: boolean;
  /** Without it, answers can be forged (RFC 3579 §3.2, CVE-2024-3596). */
  readonly hasMessageAuthenticator: boolean;
  /** Private enterprise numbers of vendor attributes. */
  readonly vendors: readonly number[];
  readonly durationMs: number | undefined;
}

interface Packet {
  readonly code: number;
  readonly identifier: number;
  readonly nasIdentifier: string;
  readonly portType: string;
  readonly accountingStatus: string;
  readonly usesEap: boolean;
  readonly hasMessageAuthenticator: boolean;
  readonly vendors: readonly number[];
}

/** @param isCut whether only the beginning of the packet is there @returns undefined where the attributes do not fill it */
function parsePacket(bytes: Uint8Array, isCut = false): Packet | undefined {
  const attributes = new Map<number, Uint8Array>();
  const vendors = new Set<number>();
  let offset = HEADER_BYTES;
  while (offset + 2 <= bytes.length) {
    const type = bytes[offset] ?? 0;
    const length = bytes[offset + 1] ?? 0;
    if (length < 2) return undefined;
    if (offset + length > bytes.length) break;
    attributes.set(type, bytes.subarray(offset + 2, offset + length));
    if (type === VENDOR_SPECIFIC && length >= 6) vendors.add(word32(bytes, offset + 2));
    offset += length;
  }
  if (offset !== bytes.length && !isCut) return undefined;
  const number = (type: number) => word32(attributes.get(type) ?? new Uint8Array(0), 0);
  const name = attributes.get(NAS_IDENTIFIER);
  return {
    code: bytes[0] ?? 0,
    identifier: bytes[1] ?? 0,
    nasIdentifier: name === undefined ? '' : cleanText(latin1(name), 128),
    portType: attributes.has(NAS_PORT_TYPE) ? (PORT_TYPES[number(NAS_PORT_TYPE)] ?? String(number(NAS_PORT_TYPE))) : '',
    accountingStatus: STATUSES[number(ACCOUNTING_STATUS)] ?? '',
    usesEap: attributes.has(EAP_MESSAGE),
    hasMessageAuthenticator: attributes.has(MESSAGE_AUTHENTICATOR),
    vendors: [...vendors].slice(0, 16),
  };
}

function join(request: Packet | undefined, answer: Packet | undefined, durationMs?: number): RadiusRecord {
  return {
    protocol: 'radius',
    activity: CODES[(request ?? answer)?.code ?? 0] ?? '',
    answer: answer === undefined ? '' : (CODES[answer.code] ?? ''),
    outcome: answer === undefined ? 'unanswered' : REFUSALS.has(answer.code) ? 'failure' : 'success',
    nasIdentifier: request?.nasIdentifier ?? '',
    portType: request?.portType ?? '',
    accountingStatus: request?.accountingStatus ?? '',
    usesEap: request?.usesEap ?? false,
    hasMessageAuthenticator: request?.hasMessageAuthenticator ?? false,
    vendors: request?.vendors ?? [],
    durationMs,
  };
}

export const radius = defineFramedRoom<RadiusRecord>({
  id: 'radius',
  title: 'RADIUS',
  standards: ['RFC 2865 §3 to §5', 'RFC 2866 §4, §5', 'RFC 3579 §3 (EAP)', 'RFC 5176 §2 (dynamic authorization)'],
  transports: ['udp'],
  usualPorts: PORTS,
  firstBytes: Object.keys(CODES).map(Number),
  headerBytes: HEADER_BYTES,
  maximumBytes: MAXIMUM_BYTES,
  messageLength: (header) => {
    const length = word16(header, 2);
    return (header[0] ?? 0) in CODES && length >= HEADER_BYTES && length <= MAXIMUM_BYTES ? length : undefined;
  },
  recognise: (message, { serverPort, clientPort }) => {
    const length = word16(message, 2);
    const isCut = message.length === SAMPLE_BYTES && length > SAMPLE_BYTES;
    const isWhole = length === message.length || isCut;
    const isAtHome = PORTS.includes(serverPort) || PORTS.includes(clientPort);
    // Elsewhere only with attributes, all of which fit.
    const isLikely = isAtHome || length > HEADER_BYTES + 8;
    return isWhole && isLikely && parsePacket(message, isCut) !== undefined ? 'match' : 'reject';
  },
  createReader: pairingReader<Packet, RadiusRecord>({
    parse: (message) => parsePacket(message),
    isRequest: ({ code }) => REQUESTS.has(code),
    keyOf: ({ identifier }) => identifier,
    join,
  }),
  evidence: radiusEvidence,
});

function radiusEvidence(record: RadiusRecord): readonly EvidenceDraft[] {
  const { activity, answer, nasIdentifier, usesEap, hasMessageAuthenticator, outcome } = record;
  const isUnprotected = activity === 'access-request' && !usesEap && !hasMessageAuthenticator;
  return [
    ...draft('radius.nas-identifier', nasIdentifier, 'client'),
    ...(outcome === 'unanswered' ? [] : draft('radius.server', answer, 'server')),
    ...(isUnprotected ? draft('radius.without-message-authenticator', 'true', 'client') : []),
  ];
}
