import { deterministicId } from '@sphinx/schema';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_SCTP, PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { FlowRecord } from '../sensor.ts';
import type { Flow } from './flow.ts';
import type { FlowTable } from './flow-table.ts';
import { ACK, FIN, RST, SYN } from './transport-header.ts';

/** @returns totals and state of a flow as of now */
export function createFlowRecord(table: FlowTable, flow: Flow, source: string): FlowRecord {
  const { slot, clientSide, serverSide, packetsToServer, packetsToClient } = flow;
  const tcpFlagsToServer = table.flags[clientSide][slot] ?? 0;
  const tcpFlagsToClient = table.flags[serverSide][slot] ?? 0;
  return {
    id: flowId(flow, source),
    clientIp: flow.clientIp,
    serverIp: flow.serverIp,
    clientPort: flow.clientPort,
    serverPort: flow.serverPort,
    clientMac: flow.clientMac,
    serverMac: flow.serverMac,
    vlan: flow.vlan,
    transport: flow.transport,
    protocol: flow.room?.id ?? 'unknown',
    isEncrypted: flow.room?.isEncrypted ?? false,
    bytesToServer: table.bytes[clientSide][slot] ?? 0,
    bytesToClient: table.bytes[serverSide][slot] ?? 0,
    packetsToServer,
    packetsToClient,
    tcpFlagsToServer,
    tcpFlagsToClient,
    state: flowState(flow.transport, tcpFlagsToServer, tcpFlagsToClient, packetsToServer, packetsToClient),
    firstSeenMicros: table.firstMicros[slot] ?? 0,
    lastSeenMicros: table.lastMicros[slot] ?? 0,
    firstPacketNumber: flow.firstPacketNumber,
  };
}

/** @returns the id of a flow of this source, the same for every reading of the same capture */
export function flowId(flow: Flow, source: string): string {
  flow.id ??= deterministicId(
    'flw',
    source,
    flow.transport,
    flow.clientIp,
    flow.clientPort,
    flow.serverIp,
    flow.serverPort,
    flow.firstPacketNumber,
  );
  return flow.id;
}

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
      return `ip-${protocol}`;
  }
}

/** @returns what TCP flags of both directions, or that there was an answer at all, make of a flow */
export function flowState(
  transport: string,
  toServer: number,
  toClient: number,
  packetsToServer: number,
  packetsToClient: number,
): FlowRecord['state'] {
  if (packetsToServer === 0 || packetsToClient === 0) return 'one-way';
  if (transport !== 'tcp') return 'established';
  const isRejected = (toClient & RST) !== 0 && (toClient & SYN) === 0 && (toServer & SYN) !== 0;
  if (isRejected) return 'rejected';
  if (((toServer | toClient) & RST) !== 0) return 'reset';
  if ((toServer & FIN) !== 0 && (toClient & FIN) !== 0) return 'closed';
  return (toClient & SYN) !== 0 && (toServer & ACK) === 0 ? 'new' : 'established';
}
