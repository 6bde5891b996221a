import { RuleError } from './rule-error.ts';

/** What the protocol word of a rule's header means. */
export interface RuleProtocol {
  readonly ipVersion: 4 | 6 | undefined;
  /** As the sensor names them; `undefined` means every transport. */
  readonly transports: readonly string[] | undefined;
  /** Ids of the protocol rooms, where it is a protocol of the application layer. */
  readonly rooms: readonly string[] | undefined;
  readonly mode: 'packet' | 'stream' | undefined;
}

const TCP = ['tcp'];
const UDP = ['udp'];
const ICMP = ['icmp', 'icmpv6'];

function network(
  transports: readonly string[] | undefined,
  ipVersion?: 4 | 6,
  mode?: 'packet' | 'stream',
): RuleProtocol {
  return { ipVersion, transports, rooms: undefined, mode };
}

const NETWORK_PROTOCOLS: Readonly<Record<string, RuleProtocol>> = {
  ip: network(undefined),
  pkthdr: network(undefined),
  ipv4: network(undefined, 4),
  ip4: network(undefined, 4),
  ipv6: network(undefined, 6),
  ip6: network(undefined, 6),
  tcp: network(TCP),
  tcp4: network(TCP, 4),
  tcp6: network(TCP, 6),
  'tcp-pkt': network(TCP, undefined, 'packet'),
  'tcp-stream': network(TCP, undefined, 'stream'),
  udp: network(UDP),
  udp4: network(UDP, 4),
  udp6: network(UDP, 6),
  icmp: network(ICMP),
  icmpv4: network(['icmp']),
  icmpv6: network(['icmpv6']),
  igmp: network(['ip-2']),
  sctp: network(['ip-132']),
};

/** Protocols of the application layer with the ids of the sensor's rooms; transports follow from the flows themselves. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  http: ['http', 'http2', 'fhir', 'dicomweb', 'dpws', 'websocket'],
  http1: ['http', 'fhir', 'dicomweb', 'dpws', 'websocket'],
  http2: ['http2'],
  doh2: ['http2', 'dns'],
  tls: ['tls'],
  ssl: ['tls'],
  dns: ['dns'],
  mdns: ['mdns', 'dns'],
  llmnr: ['llmnr', 'dns'],
  ssh: ['ssh'],
  smb: ['smb'],
  smtp: ['smtp'],
  ftp: ['ftp'],
  'ftp-data': ['ftp-data'],
  dcerpc: ['dce-rpc', 'smb'],
  dce: ['dce-rpc', 'smb'],
  krb5: ['kerberos', 'krb5'],
  snmp: ['snmp'],
  mqtt: ['mqtt'],
  modbus: ['modbus'],
  dnp3: ['dnp3'],
  enip: ['enip', 'ethernet-ip'],
  sip: ['sip'],
  rfb: ['rfb', 'vnc'],
  ike: ['ike', 'ipsec'],
  quic: ['quic'],
  nfs: ['nfs'],
  ntp: ['ntp'],
  dhcp: ['dhcp'],
  tftp: ['tftp'],
  imap: ['imap'],
  pop3: ['pop3'],
  rdp: ['rdp'],
  telnet: ['telnet'],
  ldap: ['ldap'],
  pgsql: ['postgresql', 'pgsql'],
  websocket: ['websocket'],
  'bittorrent-dht': ['bittorrent-dht', 'bittorrent'],
  dicom: ['dicom'],
  hl7: ['hl7'],
  fhir: ['fhir'],
  dicomweb: ['dicomweb'],
  intellivue: ['intellivue'],
  atna: ['atna'],
  dpws: ['dpws'],
  'ws-discovery': ['ws-discovery'],
  'poct1-a': ['poct1-a'],
  alaris: ['alaris'],
  medibus: ['medibus'],
  'datex-ohmeda': ['datex-ohmeda'],
  masimo: ['masimo'],
  'ieee-11073': ['ieee-11073-20601'],
};

/** @throws RuleError when the word is unknown, or means something that the sensor does not see */
export function protocolOf(word: string): RuleProtocol {
  const [name = ''] = word.split(':');
  if (word.includes(':')) throw new RuleError(`${word}: rules on the states of a transaction are firewall rules`);
  const known = NETWORK_PROTOCOLS[name];
  if (known !== undefined) return known;
  const rooms = ROOMS[name];
  if (rooms === undefined) throw new RuleError(`the protocol ${name} is unknown`);
  return { ipVersion: undefined, transports: undefined, rooms, mode: undefined };
}

/** @returns ids of the rooms of a protocol; none for `failed` and `unknown`; `undefined` where it is unknown */
export function roomsOf(name: string): readonly string[] | undefined {
  if (name === 'failed' || name === 'unknown') return [];
  return ROOMS[name];
}
