import type { InspectedFlowState } from '../inspector.ts';

/** Rooms of the sensor by the service names of KDD Cup 99. */
const BY_ROOM: Readonly<Record<string, string>> = {
  http: 'http',
  smtp: 'smtp',
  ftp: 'ftp',
  ssh: 'ssh',
  telnet: 'telnet',
  pop3: 'pop_3',
  imap: 'imap4',
  ldap: 'ldap',
  irc: 'IRC',
};

const BY_PORT: Readonly<Record<number, string>> = {
  7: 'echo',
  9: 'discard',
  11: 'systat',
  13: 'daytime',
  15: 'netstat',
  20: 'ftp_data',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  37: 'time',
  42: 'name',
  43: 'whois',
  53: 'domain',
  70: 'gopher',
  79: 'finger',
  80: 'http',
  95: 'supdup',
  101: 'hostnames',
  102: 'iso_tsap',
  105: 'csnet_ns',
  109: 'pop_2',
  110: 'pop_3',
  111: 'sunrpc',
  113: 'auth',
  117: 'uucp_path',
  119: 'nntp',
  137: 'netbios_ns',
  138: 'netbios_dgm',
  139: 'netbios_ssn',
  143: 'imap4',
  150: 'sql_net',
  175: 'vmnet',
  179: 'bgp',
  194: 'IRC',
  210: 'Z39_50',
  245: 'link',
  389: 'ldap',
  433: 'nnsp',
  443: 'http_443',
  512: 'exec',
  513: 'login',
  514: 'shell',
  515: 'printer',
  520: 'efs',
  530: 'courier',
  540: 'uucp',
  543: 'klogin',
  544: 'kshell',
  6000: 'X11',
  6667: 'IRC',
};

const BY_DATAGRAM_PORT: Readonly<Record<number, string>> = { 53: 'domain_u', 69: 'tftp_u', 123: 'ntp_u' };

/** Well-known ports without a name of their own. */
const LAST_WELL_KNOWN = 1023;

/** What the flow asks for, by its content where that is known, else by the port of the server. */
export function serviceOf({ transport, protocol, serverPort }: InspectedFlowState): string {
  if (transport === 'tcp') {
    return (protocol === undefined ? undefined : BY_ROOM[protocol]) ?? BY_PORT[serverPort] ?? unnamed(serverPort);
  }
  if (transport === 'udp') return BY_DATAGRAM_PORT[serverPort] ?? unnamed(serverPort);
  return 'eco_i';
}

function unnamed(port: number): string {
  return port <= LAST_WELL_KNOWN ? 'private' : 'other';
}
