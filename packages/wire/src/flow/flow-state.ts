import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_SCTP, PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { FlowRecord } from '../sensor.ts';
import { ACK, FIN, RST, SYN } from './transport-header.ts';

/** @param protocol number that IANA assigned. @returns `tcp`, `udp`, `icmp`, `icmpv6`, `sctp`, else `ip-<number>` */
export function transportName(protocol: number): string {
  switch (protocol) {
    case PROTOCOL_TCP:
      return 'tcp';
    case PROTOCOL_UDP:
      return 'udp';
    case PROTOCOL_ICMP:
      return 'icmp';
    case PROTOCOL_ICMPV6:
      return 'icmpv6';
    case PROTOCOL_SCTP:
      return 'sctp';
    default:
      return otherTransportName(protocol);
  }
}

/** Each made once: a flow is asked for it again and again. */
const OTHER_TRANSPORT_NAMES: string[] = [];

function otherTransportName(protocol: number): string {
  OTHER_TRANSPORT_NAMES[protocol] ??= `ip-${protocol}`;
  return OTHER_TRANSPORT_NAMES[protocol];
}

/** What the state of a flow follows from. */
export type FlowSigns = Pick<
  FlowRecord,
  'transport' | 'packetsToServer' | 'packetsToClient' | 'tcpFlagsToServer' | 'tcpFlagsToClient'
>;

export function flowState(flow: FlowSigns): FlowRecord['state'] {
  const { transport, tcpFlagsToServer: toServer, tcpFlagsToClient: toClient } = flow;
  if (flow.packetsToServer === 0 || flow.packetsToClient === 0) return 'one-way';
  if (transport !== 'tcp') return 'established';
  const isRejected = (toClient & RST) !== 0 && (toClient & SYN) === 0 && (toServer & SYN) !== 0;
  if (isRejected) return 'rejected';
  if (((toServer | toClient) & RST) !== 0) return 'reset';
  if ((toServer & FIN) !== 0 && (toClient & FIN) !== 0) return 'closed';
  return (toClient & SYN) !== 0 && (toServer & ACK) === 0 ? 'new' : 'established';
}
