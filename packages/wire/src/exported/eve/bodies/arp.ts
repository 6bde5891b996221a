import { word16, word32 } from '../../../bytes/match.ts';
import { formatIpv4, formatMac } from '../../../ip/address.ts';
import { type EveEvent, eveTime } from '../eve-event.ts';

const MESSAGE_BYTES = 28;
const ETHERNET = 1;
const IPV4 = 0x0800;
/** Hardware and protocol address lengths (RFC 826). */
const ADDRESS_LENGTHS = 0x0604;
/** IANA ARP parameters, operation codes. */
const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'request_reverse',
  4: 'reply_reverse',
  8: 'in_arp_request',
  9: 'in_arp_reply',
};

/** @param message ARP for IPv4 on Ethernet (RFC 826). @returns undefined for any other */
export function arpEvent(message: Uint8Array, timeMicros: number, packetNumber: number): EveEvent | undefined {
  const isKnown =
    message.length >= MESSAGE_BYTES &&
    word16(message, 0) === ETHERNET &&
    word16(message, 2) === IPV4 &&
    word16(message, 4) === ADDRESS_LENGTHS;
  if (!isKnown) return undefined;
  const operation = word16(message, 6);
  return {
    timestamp: eveTime(timeMicros),
    pcap_cnt: packetNumber,
    event_type: 'arp',
    pkt_src: 'wire/pcap',
    arp: {
      hw_type: 'ethernet',
      proto_type: 'ipv4',
      opcode: OPERATIONS[operation] ?? 'unknown',
      src_mac: addressOf(message, 8),
      src_ip: formatIpv4(word32(message, 14)),
      dest_mac: addressOf(message, 18),
      dest_ip: formatIpv4(word32(message, 24)),
    },
  };
}

/** Of a request, the address that is asked for is zero. */
function addressOf(message: Uint8Array, offset: number): string {
  return formatMac(message, offset) ?? '00:00:00:00:00:00';
}
