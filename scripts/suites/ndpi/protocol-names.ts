/** A protocol that SPHINX calls otherwise than nDPI. */
interface NameDifference {
  /** Ids that mean the same. */
  readonly ids: readonly string[];
  readonly why: string;
}

/**
 * nDPI's name → SPHINX's. Only names that differ by more than capitals and punctuation are here (`accepted` does the
 * rest). An id is accepted where it names what nDPI names, or names the same bytes at another layer that the standard
 * puts there; never because it is merely near.
 */
const DIFFERENCES: Readonly<Record<string, NameDifference>> = {
  FTP_CONTROL: { ids: ['ftp'], why: 'the control connection is what RFC 959 calls FTP' },
  FTPS: { ids: ['ftp', 'tls'], why: 'AUTH TLS begins in FTP and goes on as TLS (RFC 4217 §4)' },
  IMAPS: { ids: ['tls', 'imap'], why: 'TLS on the wire, or IMAP before STARTTLS; the inner protocol is encrypted' },
  POPS: { ids: ['tls', 'pop3'], why: 'TLS on the wire, or POP3 before STLS' },
  SMTPS: { ids: ['tls', 'smtp'], why: 'TLS on the wire, or SMTP before STARTTLS' },
  DoH_DoT: { ids: ['tls', 'http2', 'quic'], why: 'DNS inside TLS or HTTP/2: only the outer protocol can be seen' },
  SMBv1: { ids: ['smb'], why: 'one room reads all dialects' },
  SMBv23: { ids: ['smb'], why: 'one room reads all dialects' },
  NetBIOS: {
    ids: ['nbns', 'nbss', 'nbds', 'netbios'],
    why: 'name, session and datagram service (RFC 1002 §4.2 to §4.4)',
  },
  DCERPC: { ids: ['dce-rpc', 'dcerpc'], why: 'spelling' },
  MsSQL_TDS: { ids: ['tds'], why: 'MS-TDS is the name of the protocol' },
  'MsSQL-TDS': { ids: ['tds'], why: 'MS-TDS is the name of the protocol' },
  Oracle: { ids: ['tns'], why: 'the protocol is TNS' },
  RESP: { ids: ['redis'], why: 'RESP is the protocol of Redis' },
  IEC60870: { ids: ['iec104', 'iec-104'], why: 'IEC 60870-5-104 is its transport over TCP' },
  KNXnet_IP: { ids: ['knxnet-ip'], why: 'spelling' },
  S7Comm: { ids: ['s7comm'], why: 'spelling' },
  S7CommPlus: { ids: ['s7comm-plus', 's7comm'], why: 'one room reads both generations' },
  CIP: { ids: ['enip'], why: 'CIP travels in EtherNet/IP (CIP volume 2)' },
  EthernetIP: { ids: ['enip'], why: 'spelling' },
  IEC62056: { ids: ['dlms'], why: 'IEC 62056 is DLMS/COSEM' },
  ANSI_C1222: { ids: ['c1222'], why: 'ANSI C12.22' },
  FINS: { ids: ['fins'], why: 'spelling' },
  'Ether-S-Bus': { ids: ['ether-s-bus'], why: 'spelling' },
  EtherSIO: { ids: ['ether-s-io'], why: 'spelling' },
  BeckhoffADS: { ids: ['ads'], why: 'ADS is the protocol, Beckhoff its maker' },
  Jabber: { ids: ['xmpp'], why: 'XMPP is the standard name of Jabber (RFC 6120)' },
  Mining: { ids: ['stratum'], why: 'miners speak Stratum' },
  Monero: { ids: ['monero', 'stratum'], why: 'Monero pools speak Stratum; its own nodes speak Levin' },
  IPSec: { ids: ['ike', 'ipsec', 'ip-50', 'ip-51'], why: 'IKE, ESP (IP protocol 50) and AH (51) are IPsec (RFC 4301)' },
  CiscoVPN: { ids: ['ike', 'ipsec'], why: 'Cisco VPN clients speak IKE and ESP in UDP' },
  ICMP: { ids: ['icmp'], why: 'IP protocol 1' },
  ICMPV6: { ids: ['icmpv6'], why: 'IP protocol 58' },
  IGMP: { ids: ['ip-2', 'igmp'], why: 'IP protocol 2' },
  OSPF: { ids: ['ip-89', 'ospf'], why: 'IP protocol 89' },
  VRRP: { ids: ['ip-112', 'vrrp'], why: 'IP protocol 112' },
  PGM: { ids: ['ip-113', 'pgm'], why: 'IP protocol 113' },
  SCTP: { ids: ['ip-132', 'sctp'], why: 'IP protocol 132' },
  EGP: { ids: ['ip-8'], why: 'IP protocol 8' },
  GRE: { ids: ['ip-47', 'gre'], why: 'IP protocol 47' },
  Service_Location_Protocol: { ids: ['slp'], why: 'SLP (RFC 2608)' },
  HTTP_Proxy: { ids: ['http'], why: 'a proxy is asked in HTTP (RFC 9110 §7.2)' },
  HTTP_Connect: { ids: ['http'], why: 'CONNECT is a method of HTTP (RFC 9110 §9.3.6)' },
  HTTP2: { ids: ['http2', 'http-2'], why: 'spelling' },
  Elasticsearch: {
    ids: ['http', 'elasticsearch'],
    why: 'its interface is HTTP; its transport protocol begins with ES',
  },
  ICE: { ids: ['stun'], why: 'ICE checks are STUN messages (RFC 8445)' },
  DNScrypt: { ids: ['dnscrypt'], why: 'spelling' },
  WSD: { ids: ['ws-discovery'], why: 'WS-Discovery is the standard name' },
  RX: { ids: ['rx'], why: 'spelling' },
  RMCP: { ids: ['rmcp', 'ipmi'], why: 'IPMI travels in RMCP' },
  BITCOIN: { ids: ['bitcoin'], why: 'spelling' },
  'Whois-DAS': { ids: ['whois'], why: 'RFC 3912' },
  Source_Engine: { ids: ['source-engine'], why: 'spelling' },
  HalfLife2: { ids: ['source-engine'], why: 'Half-Life 2 runs on the Source engine and speaks its protocol' },
  CiscoSkinny: { ids: ['skinny', 'sccp'], why: 'Skinny is SCCP' },
  Radius: { ids: ['radius'], why: 'spelling' },
  NFS: { ids: ['nfs', 'onc-rpc', 'rpc'], why: 'NFS is a program of ONC RPC (RFC 1813, RFC 5531)' },
  SRTP: { ids: ['rtp', 'srtp'], why: 'SRTP has the header of RTP (RFC 3711 §3.1)' },
  Usenet: { ids: ['nntp'], why: 'NNTP is the protocol of Usenet (RFC 3977)' },
  ApplePush: {
    ids: ['tls', 'apple-push'],
    why: 'APNs speaks TLS; picked up in the middle its application protocol cannot be seen',
  },
  TeslaServices: { ids: ['tls'], why: 'an application over TLS' },
};

/** @returns ids of SPHINX that mean what nDPI calls `name`, in no order */
export function acceptedIds(name: string): readonly string[] {
  return DIFFERENCES[name]?.ids ?? [simplify(name)];
}

function simplify(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
