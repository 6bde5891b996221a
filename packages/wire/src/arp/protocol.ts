import { ByteCursor } from '../bytes/byte-cursor.ts';
import { formatIpv4, formatMac } from '../ip/address.ts';
import { ETHERTYPE_ARP } from '../link/link-layer.ts';
import type { Protocol, ProtocolRecord } from '../protocol.ts';

const ETHERNET_LENGTH = 6;
const IPV4_LENGTH = 4;

export interface ArpRecord extends ProtocolRecord {
  readonly protocol: 'arp';
  readonly activity: 'request' | 'reply' | 'other';
  readonly senderMac: string;
  readonly senderIp: string;
}

/** RFC 826. A probe (RFC 5227) claims no address and gives none. @returns undefined for what is no ARP for IPv4 */
export function parseArp(bytes: Uint8Array): ArpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  cursor.skip(4);
  if (cursor.uint8() !== ETHERNET_LENGTH || cursor.uint8() !== IPV4_LENGTH) return undefined;
  const operation = cursor.uint16();
  const senderMac = formatMac(bytes, cursor.offset);
  cursor.skip(ETHERNET_LENGTH);
  const sender = cursor.uint32();
  if (cursor.isBroken || senderMac === undefined || sender === 0) return undefined;
  const activity = operation === 1 ? 'request' : operation === 2 ? 'reply' : 'other';
  return { protocol: 'arp', activity, senderMac, senderIp: formatIpv4(sender) };
}

export const arp: Protocol<ArpRecord> = {
  id: 'arp',
  title: 'ARP',
  standards: ['RFC 826', 'RFC 5227'],
  transports: ['ethernet'],
  etherTypes: [ETHERTYPE_ARP],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  parseDatagram: (payload, direction, context) => {
    const record = parseArp(payload);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: ({ senderMac, senderIp }) => [
    { attribute: 'arp.address', value: senderIp, about: { mac: senderMac, ip: senderIp } },
  ],
};
