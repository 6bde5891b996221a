import { word16, word32 } from '../bytes/match.ts';
import { PROTOCOL_GRE, PROTOCOL_IPIP, PROTOCOL_IPV6 } from '../ip/ip-packet.ts';
import type { Protocol } from '../protocol.ts';
import { nameOfCarried, type TunnelRecord, tunnelEvidence, tunnelRecord } from './tunnel-record.ts';

const HAS_CHECKSUM = 0x80;
const HAS_KEY = 0x20;
const HAS_SEQUENCE = 0x10;
const HAS_ACKNOWLEDGEMENT = 0x80;
const VERSION = 0x07;
/** PPTP, where the key is length and call id, which each direction gives itself (RFC 2637 §4.1). */
const ENHANCED = 1;
const ETHERTYPE_ERSPAN_2 = 0x88be;
const ETHERTYPE_ERSPAN_3 = 0x22eb;
const SESSION = 0x3ff;

/**
 * Tells what a packet of GRE, ERSPAN or IP in IP says of its tunnel.
 *
 * @param payload of IP
 * @returns undefined where it is too short for the tunnel that its protocol number names
 */
export function readIpTunnel(ipProtocol: number, payload: Uint8Array): TunnelRecord | undefined {
  switch (ipProtocol) {
    case PROTOCOL_IPIP:
    case PROTOCOL_IPV6:
      return tunnelRecord('ip-in-ip', (payload[0] ?? 0) >>> 4 === 6 ? 'ipv6' : 'ipv4', undefined);
    case PROTOCOL_GRE:
      return readGenericEncapsulation(payload);
    default:
      return undefined;
  }
}

/** Flags, version, EtherType; then checksum, key, sequence and acknowledgement where flags say so (RFC 2784 §2, RFC 2890 §2). */
function readGenericEncapsulation(bytes: Uint8Array): TunnelRecord | undefined {
  const [flags = 0, second = 0] = bytes;
  if (bytes.length < 4) return undefined;
  const etherType = word16(bytes, 2);
  const keyAt = 4 + ((flags & HAS_CHECKSUM) !== 0 ? 4 : 0);
  const hasKey = (flags & HAS_KEY) !== 0 && (second & VERSION) !== ENHANCED && bytes.length >= keyAt + 4;
  if (etherType !== ETHERTYPE_ERSPAN_2 && etherType !== ETHERTYPE_ERSPAN_3) {
    return tunnelRecord('gre', nameOfCarried(etherType), hasKey ? word32(bytes, keyAt) : undefined);
  }
  const optional = [(flags & HAS_KEY) !== 0, (flags & HAS_SEQUENCE) !== 0, (second & HAS_ACKNOWLEDGEMENT) !== 0];
  const header = keyAt + optional.filter(Boolean).length * 4;
  // Type I has no header of its own, and no session (draft-foschiano-erspan-03 §4.1).
  const hasSession = (etherType === ETHERTYPE_ERSPAN_3 || (flags & HAS_SEQUENCE) !== 0) && bytes.length >= header + 4;
  return tunnelRecord('erspan', 'ethernet', hasSession ? word16(bytes, header + 2) & SESSION : undefined);
}

/** @param ipProtocol number of IP that it may come with */
function defineIpTunnel(
  id: TunnelRecord['protocol'],
  title: string,
  standards: readonly string[],
  ipProtocol: number,
): Protocol<TunnelRecord> {
  return {
    id,
    title,
    standards,
    transports: ['ip'],
    usualPorts: [],
    isEncrypted: false,
    isClinical: false,
    detect: () => 'reject',
    parseDatagram: (payload, direction, context) => {
      const record = readIpTunnel(ipProtocol, payload);
      if (record?.protocol === id) context.emit(record, direction);
    },
    evidence: tunnelEvidence,
  };
}

export const gre = defineIpTunnel('gre', 'GRE', ['RFC 2784 §2', 'RFC 2890 §2', 'RFC 2637 §4.1 (PPTP)'], PROTOCOL_GRE);
export const erspan = defineIpTunnel('erspan', 'ERSPAN', ['draft-foschiano-erspan-03 §4'], PROTOCOL_GRE);
export const ipInIp = defineIpTunnel('ip-in-ip', 'IP in IP', ['RFC 2003 §3', 'RFC 4213 §3'], PROTOCOL_IPIP);
