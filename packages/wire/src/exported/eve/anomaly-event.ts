import type { InspectedPacket } from '../../inspector.ts';
import { formatIpv4, formatIpv6 } from '../../ip/address.ts';
import { endMembers, linkMembers } from './ends.ts';
import { type EveEvent, eveTime, flowId, flowKey } from './eve-event.ts';

/** Rooms whose events EVE writes in capitals: those of Suricata's parsers that are written in C. */
const IN_CAPITALS = ['dnp3', 'http', 'smtp'];

/** What a room found odd in a side of a transaction, by the names of rules: `http.invalid_request_line`. */
export function applicationAnomaly(name: string): Record<string, string> {
  const dot = name.indexOf('.');
  const protocol = name.slice(0, dot);
  const event = name.slice(dot + 1);
  const written = IN_CAPITALS.includes(protocol) ? event.toUpperCase() : event;
  return { app_proto: protocol, type: 'applayer', event: written, layer: 'proto_parser' };
}

/** @param name of what is irregular in the headers of a packet: `ipv4.opt_invalid_len` */
export function decoderAnomaly(packet: InspectedPacket, name: string): EveEvent {
  return packetAnomaly(packet, { type: 'decode', event: `decoder.${name}` });
}

/** @param name of what is irregular in the connection of a packet: `pkt_invalid_timestamp` */
export function streamAnomaly(packet: InspectedPacket, name: string): EveEvent {
  return packetAnomaly(packet, { type: 'stream', event: `stream.${name}` });
}

function packetAnomaly(packet: InspectedPacket, anomaly: Readonly<Record<string, string>>): EveEvent {
  const { flow, timeMicros, packetNumber, direction } = packet;
  return {
    timestamp: eveTime(timeMicros),
    ...(flow === undefined ? {} : { flow_id: flowId(flowKey(flow)) }),
    pcap_cnt: packetNumber,
    event_type: 'anomaly',
    ...(flow === undefined ? {} : linkMembers(flow, direction === 'to-server')),
    ...endMembers(endsOf(packet)),
    anomaly,
  };
}

const TRANSPORTS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
]);

function endsOf({ flow, direction, bytes, ipOffset, ipVersion, ipProtocol }: InspectedPacket) {
  const ports = { sourcePort: 0, destinationPort: 0 };
  if (flow !== undefined) {
    const { clientIp, serverIp, clientPort, serverPort, transport } = flow;
    return direction === 'to-server'
      ? { sourceIp: clientIp, sourcePort: clientPort, destinationIp: serverIp, destinationPort: serverPort, transport }
      : { sourceIp: serverIp, sourcePort: serverPort, destinationIp: clientIp, destinationPort: clientPort, transport };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const address = (at: number) =>
    ipVersion === 4
      ? formatIpv4(view.getUint32(at))
      : formatIpv6(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
  const [source, destination] = ipVersion === 4 ? [ipOffset + 12, ipOffset + 16] : [ipOffset + 8, ipOffset + 24];
  // Of one that is in pieces or malformed, ports are not known.
  const name = TRANSPORTS.get(ipProtocol);
  const transport = name === 'tcp' || name === 'udp' ? `ip-${ipProtocol}` : (name ?? `ip-${ipProtocol}`);
  return { sourceIp: address(source), destinationIp: address(destination), ...ports, transport };
}
