import type { Direction } from '../../protocol.ts';
import { communityId } from './community-id.ts';
import { type EveFlow, type EveMembers, eveTime, flowId, flowKey, present } from './eve-event.ts';
import { eveTransport } from './names.ts';

/** An event of a flow, as far as all such events are alike. */
export interface EventPlace {
  readonly type: string;
  readonly flow: EveFlow;
  readonly timeMicros: number;
  readonly packetNumber?: number;
  /** Way of what the event is about; its source is the sender. */
  readonly direction: Direction;
  readonly communityIdSeed: number;
}

/** @returns time, kind and ends of an event */
export function placeMembers(place: EventPlace): EveMembers {
  const { type, flow, timeMicros, packetNumber, direction, communityIdSeed } = place;
  const isFromClient = direction === 'to-server';
  return {
    timestamp: eveTime(timeMicros),
    flow_id: flowId(flowKey(flow)),
    ...(packetNumber === undefined ? {} : { pcap_cnt: packetNumber }),
    event_type: type,
    ...linkMembers(flow, isFromClient),
    ...endMembers({
      sourceIp: isFromClient ? flow.clientIp : flow.serverIp,
      sourcePort: isFromClient ? flow.clientPort : flow.serverPort,
      destinationIp: isFromClient ? flow.serverIp : flow.clientIp,
      destinationPort: isFromClient ? flow.serverPort : flow.clientPort,
      transport: flow.transport,
    }),
    ...present({ community_id: communityId(flow, communityIdSeed) }),
  };
}

/** @returns VLAN and link addresses, as far as they are known */
export function linkMembers({ vlan, clientMac, serverMac }: EveFlow, isFromClient: boolean): EveMembers {
  const source = isFromClient ? clientMac : serverMac;
  const destination = isFromClient ? serverMac : clientMac;
  return present({
    vlan: vlan === undefined ? undefined : [vlan],
    ether: present({ src_mac: source, dest_mac: destination }),
  });
}

/** Addresses, ports where the transport has them, and the transport. */
export function endMembers(ends: {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly transport: string;
}): EveMembers {
  const { sourceIp, sourcePort, destinationIp, destinationPort, transport } = ends;
  const hasPorts = transport === 'tcp' || transport === 'udp' || transport === 'sctp';
  return {
    src_ip: sourceIp,
    ...(hasPorts ? { src_port: sourcePort } : {}),
    dest_ip: destinationIp,
    ...(hasPorts ? { dest_port: destinationPort } : {}),
    proto: eveTransport(transport),
    ip_v: sourceIp.includes(':') ? 6 : 4,
    pkt_src: 'wire/pcap',
  };
}
