/** Transports that rules are kept apart by. */
export type TransportClass = 0 | 1 | 2 | 3;

export const TCP: TransportClass = 0;
const UDP: TransportClass = 1;
const ICMP: TransportClass = 2;
const OTHER: TransportClass = 3;

/** @param transport as a flow or a rule's header names it */
export function transportClass(transport: string): TransportClass {
  switch (transport) {
    case 'tcp':
      return TCP;
    case 'udp':
      return UDP;
    case 'icmp':
    case 'icmpv6':
      return ICMP;
    default:
      return OTHER;
  }
}
