const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['icmp', 'ICMP'],
  ['icmpv6', 'IPv6-ICMP'],
  ['sctp', 'SCTP'],
  ['ip-6', 'TCP'],
  ['ip-17', 'UDP'],
  ['ip-47', 'GRE'],
  ['ip-50', 'ESP'],
  ['ip-51', 'AH'],
]);

/** Ids of protocol rooms that Suricata calls otherwise (`app-layer-protocol` of its user guide). */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['postgresql', 'pgsql'],
  ['kerberos', 'krb5'],
  ['vnc', 'rfb'],
  ['bittorrent', 'bittorrent-dht'],
  ['ethernet-ip', 'enip'],
  ['dce-rpc', 'dcerpc'],
  ['fhir', 'http'],
  ['dicomweb', 'http'],
  ['unknown', 'failed'],
  ['nbns', 'failed'],
]);

/** @returns what EVE calls a transport: `TCP`, `IPv6-ICMP`; the number of a protocol that has no name here */
export function eveTransport(transport: string): string {
  return TRANSPORTS.get(transport) ?? transport.replace(/^ip-/, '').padStart(3, '0');
}

/** @returns what EVE calls the protocol of a room, `failed` where none was recognised */
export function eveProtocol(room: string): string {
  return PROTOCOLS.get(room) ?? room;
}
