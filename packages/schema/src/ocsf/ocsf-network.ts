import type { Fact } from '../event.ts';
import type { TelemetryRow } from '../telemetry.ts';
import { endpointOf, ipOf, macOf } from './ocsf-device.ts';
import {
  compact,
  createOcsfEvent,
  type OcsfActivity,
  type OcsfClass,
  type OcsfEvent,
  type OcsfOrigin,
} from './ocsf-event.ts';

type Attributes = Record<string, unknown>;

/** Protocol numbers of IANA for the transports that have a name here. */
const PROTOCOL_NUMBERS = tableOf({ icmp: 1, tcp: 6, udp: 17, icmpv6: 58 });

/** How a flow ended, as `activity_id` of Network Activity. */
const FLOW_ACTIVITIES = tableOf<OcsfActivity>({
  new: [1, 'Open'],
  closed: [2, 'Close'],
  reset: [3, 'Reset'],
  rejected: [5, 'Refuse'],
});
const TRAFFIC: OcsfActivity = [6, 'Traffic'];
/** Nobody answered. Where answers are not part of the protocol, as in multicast, that is no failure. */
const UNANSWERED = tableOf<OcsfActivity>({ tcp: [4, 'Fail'] });

/** Protocols for which OCSF has a class that needs no more than what every record has. */
const RECORD_CLASSES = tableOf<OcsfClass>({
  dns: 'dns_activity',
  mdns: 'dns_activity',
  llmnr: 'dns_activity',
  ftp: 'ftp_activity',
  rdp: 'rdp_activity',
  smb: 'smb_activity',
  ssh: 'ssh_activity',
});

/** Who talks to whom: Network Activity with running totals. */
export function conversationObserved(fact: Fact<'conversation.observed'>, origin: OcsfOrigin): OcsfEvent {
  const { client, server, serverPort, protocol, transport, flows, firstSeen, lastSeen, ...talk } = fact.data;
  const isAggregate = flows > 1 && lastSeen >= firstSeen;
  return createOcsfEvent('network_activity', {
    activity: (talk.isAnswered ? undefined : UNANSWERED.get(transport)) ?? TRAFFIC,
    time: isAggregate ? firstSeen : fact.time,
    message: `${nameOf(client)} talks ${protocol} to ${nameOf(server)} on ${transport}/${serverPort}`,
    origin,
    attributes: {
      src_endpoint: named(endpointOf(client), 'client'),
      dst_endpoint: named({ ...endpointOf(server), port: serverPort, svc_name: protocol }, 'server'),
      app_protocol_name: protocol,
      connection_info: connectionOf(transport, client.ip),
      cumulative_traffic: {
        bytes: talk.bytesToServer + talk.bytesToClient,
        bytes_out: talk.bytesToServer,
        bytes_in: talk.bytesToClient,
        packets: talk.packets,
      },
      ...(isAggregate
        ? { count: flows, start_time: firstSeen, end_time: lastSeen, duration: lastSeen - firstSeen }
        : {}),
      unmapped: { is_encrypted: talk.isEncrypted, source: talk.source, packet: talk.packet },
    },
  });
}

/** One flow: Network Activity. */
export function flowRow(row: TelemetryRow<'network_activity'>, origin: OcsfOrigin): OcsfEvent {
  return createOcsfEvent('network_activity', {
    activity: (row.state === 'one-way' ? UNANSWERED.get(row.transport) : FLOW_ACTIVITIES.get(row.state)) ?? TRAFFIC,
    time: row.time,
    message: `${row.src_ip} → ${row.dst_ip} ${row.transport}/${row.dst_port} ${row.app_name}`,
    origin,
    attributes: {
      src_endpoint: endpointOfRow(row.src_ip, row.src_mac, row.src_port, row.vlan_uid),
      dst_endpoint: endpointOfRow(row.dst_ip, row.dst_mac, row.dst_port, row.vlan_uid),
      app_protocol_name: row.app_name,
      connection_info: {
        ...connectionOf(row.transport, row.src_ip),
        uid: row.flow_id,
        ...(row.transport === 'tcp' ? { tcp_flags: row.tcp_flags_out | row.tcp_flags_in } : {}),
      },
      traffic: {
        bytes: row.bytes_out + row.bytes_in,
        bytes_out: row.bytes_out,
        bytes_in: row.bytes_in,
        packets: row.packets_out + row.packets_in,
        packets_out: row.packets_out,
        packets_in: row.packets_in,
        start_time: row.time,
        end_time: row.end_time,
      },
      unmapped: { is_encrypted: row.is_encrypted, source: row.source_id, packet_number: row.packet_number },
    },
  });
}

/** One record of an application protocol: the class of that protocol where OCSF has one, else Network Activity. */
export function recordRow(row: TelemetryRow<'protocol_activity'>, origin: OcsfOrigin): OcsfEvent {
  const className = RECORD_CLASSES.get(row.app_name) ?? 'network_activity';
  return createOcsfEvent(className, {
    activity: row.activity === '' ? [0, 'Unknown'] : [99, row.activity],
    time: row.time,
    message: `${row.src_ip} → ${row.dst_ip} ${row.app_name} ${row.activity}`,
    origin,
    attributes: {
      src_endpoint: endpointOfRow(row.src_ip, null, undefined, null),
      dst_endpoint: endpointOfRow(row.dst_ip, null, row.dst_port, null),
      app_protocol_name: row.app_name,
      connection_info: { direction_id: 0, direction: 'Unknown', ...versionOf(row.src_ip), uid: row.flow_id },
      unmapped: { details: row.details, source: row.source_id, packet_number: row.packet_number },
    },
  });
}

/** One file that crossed the network: Network File Activity. */
export function fileRow(row: TelemetryRow<'file_activity'>, origin: OcsfOrigin): OcsfEvent {
  const hashes = [
    { algorithm_id: 1, algorithm: 'MD5', value: row.md5 },
    { algorithm_id: 2, algorithm: 'SHA-1', value: row.sha1 },
    { algorithm_id: 3, algorithm: 'SHA-256', value: row.sha256 },
  ];
  const isProgram = row.category === 'program';
  return createOcsfEvent('network_file_activity', {
    activity: row.activity === 'upload' ? [1, 'Upload'] : [2, 'Download'],
    time: row.time,
    message: `${row.src_ip} → ${row.dst_ip} ${row.app_name} ${row.type} ${row.sha256}`,
    origin,
    attributes: {
      actor: { app_name: row.app_name },
      src_endpoint: endpointOfRow(row.src_ip, null, row.src_port, null),
      dst_endpoint: endpointOfRow(row.dst_ip, null, row.dst_port, null),
      app_protocol_name: row.app_name,
      connection_info: { direction_id: 0, direction: 'Unknown', ...versionOf(row.src_ip), uid: row.flow_id },
      file: {
        name: row.name === '' ? row.sha256 : row.name,
        type_id: isProgram ? 8 : 1,
        type: isProgram ? 'Executable File' : 'Regular File',
        mime_type: row.media_type,
        size: row.size,
        hashes: hashes.filter(({ value }) => value !== ''),
      },
      unmapped: { verdict: row.verdict, rules: row.rules, source: row.source_id, packet_number: row.packet_number },
    },
  });
}

/** Inbound and outbound depend on what a hospital calls its own, which is policy: here the direction is not known. */
function connectionOf(transport: string, ip: string | undefined): Attributes {
  return compact({
    direction_id: 0,
    direction: 'Unknown',
    protocol_name: transport,
    protocol_num: PROTOCOL_NUMBERS.get(transport) ?? numberIn(transport),
    ...versionOf(ip),
  });
}

/** Transports without a name are written `ip-<number>`. */
function numberIn(transport: string): number | undefined {
  const digits = /^ip-(\d{1,3})$/.exec(transport)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function versionOf(ip: string | undefined): Attributes {
  if (ipOf(ip).length === 0) return {};
  return ip?.includes(':')
    ? { protocol_ver_id: 6, protocol_ver: 'Internet Protocol version 6 (IPv6)' }
    : { protocol_ver_id: 4, protocol_ver: 'Internet Protocol version 4 (IPv4)' };
}

function endpointOfRow(ip: string, mac: string | null, port: number | undefined, vlan: number | null): Attributes {
  const isPort = port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65_535;
  const address = { ip: ipOf(ip)[0], mac: macOf(mac)[0], port: isPort ? port : undefined };
  return named(compact({ ...address, vlan_uid: vlan === null ? undefined : String(vlan) }), ip);
}

/** An OCSF endpoint without an address needs a name. */
function named(endpoint: Attributes, name: string): Attributes {
  return endpoint.ip === undefined ? { ...endpoint, name: String(endpoint.mac ?? (name || 'unknown')) } : endpoint;
}

/** Keys are looked up by words of the wire, which may be `__proto__`: a map has nothing but its own. */
function tableOf<Value>(entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(entries));
}

function nameOf({ ip, mac }: { ip?: string | undefined; mac?: string | undefined }): string {
  return ip ?? mac ?? 'a host without address';
}
