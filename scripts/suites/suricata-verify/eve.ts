import type { Rule, RuleAlert } from '@sphinx/rules';
import type { EveEvent } from './filter.ts';

const TRANSPORTS: Readonly<Record<string, string>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  icmpv6: 'IPv6-ICMP',
  sctp: 'SCTP',
};

/** Ids of protocol rooms that Suricata calls otherwise. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  postgresql: 'pgsql',
  kerberos: 'krb5',
  vnc: 'rfb',
  'ethernet-ip': 'enip',
  fhir: 'http',
  dicomweb: 'http',
  unknown: 'failed',
  nbns: 'failed',
  'bittorrent-dht': 'bittorrent-dht',
};

/** @returns Suricata's name of a protocol room */
export function eveProtocol(room: string): string {
  return PROTOCOL_NAMES[room] ?? room;
}

/** @returns the name that EVE has for a transport */
export function eveTransport(transport: string): string {
  return TRANSPORTS[transport] ?? transport.replace(/^ip-/, '');
}

/** @returns the alert as EVE JSON has it, as far as rules and flow tell */
export function eveAlert(alert: RuleAlert): EveEvent {
  const { rule, flow, view } = alert;
  const protocol = view?.protocol ?? flow?.protocol;
  return {
    event_type: 'alert',
    pcap_cnt: alert.packetNumber,
    src_ip: alert.sourceIp,
    dest_ip: alert.destinationIp,
    ...(alert.transport === 'tcp' || alert.transport === 'udp' || alert.transport === 'sctp'
      ? { src_port: alert.sourcePort, dest_port: alert.destinationPort }
      : {}),
    proto: eveTransport(alert.transport),
    ip_v: alert.sourceIp.includes(':') ? 6 : 4,
    direction: alert.direction.replace('-', '_'),
    ...(protocol === undefined ? {} : { app_proto: eveProtocol(protocol) }),
    pkt_src: 'wire/pcap',
    alert: eveRule(rule),
  };
}

function eveRule(rule: Rule) {
  const metadata: Record<string, string[]> = {};
  for (const [name, value] of rule.metadata) metadata[name] = [...(metadata[name] ?? []), value];
  return {
    action: 'allowed',
    gid: rule.gid,
    signature_id: rule.sid,
    rev: rule.rev,
    signature: rule.message,
    category: rule.category,
    severity: rule.priority,
    ...(rule.metadata.length === 0 ? {} : { metadata }),
  };
}
