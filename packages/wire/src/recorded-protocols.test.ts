import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import { activitiesOf, sense, valuesOf } from './testing/capture.ts';

/** What rooms of databases, tunnels and sharing read in captures of other people. */
interface Reading {
  readonly promise: string;
  readonly file: string;
  readonly protocol: string;
  readonly activities: Readonly<Record<string, number>>;
  /** Attribute of the host at an address → its values. */
  readonly evidence: readonly (readonly [ip: string, attribute: string, values: readonly string[]])[];
}

const READINGS: readonly Reading[] = [
  {
    promise: 'versions of MySQL servers, and whether they offer TLS',
    file: 'ndpi/pcap/mysql.pcapng',
    protocol: 'mysql',
    activities: { greeting: 2, login: 1, accepted: 1, 'tls-request': 1 },
    evidence: [
      ['192.168.88.200', 'mysql.version', ['8.0.36']],
      ['192.168.88.200', 'mysql.tls', ['offered']],
      ['192.168.88.201', 'mysql.tls', ['none']],
      ['192.168.88.201', 'mysql.authentication', ['mysql_native_password']],
    ],
  },
  {
    promise: 'a PostgreSQL server that asks for MD5 passwords, and one that refuses TLS, but not encryption by GSSAPI',
    file: 'ndpi/pcap/pgsql.pcap',
    protocol: 'postgresql',
    activities: {
      startup: 4,
      authentication: 9,
      parameter: 3,
      'tls-request': 2,
      'tls-answer': 2,
      'gss-request': 2,
      'gss-answer': 2,
      'query success': 6,
    },
    evidence: [
      ['127.0.0.1', 'postgresql.authentication', ['md5']],
      ['127.0.0.1', 'postgresql.version', ['7.4.6']],
      ['172.16.20.75', 'postgresql.tls', ['none']],
    ],
  },
  {
    promise: 'calls and batches of SQL Server, without what they say',
    file: 'ndpi/pcap/mssql_tds.pcap',
    protocol: 'tds',
    activities: { batch: 3, answer: 10, 'remote-procedure-call': 17 },
    evidence: [],
  },
  {
    promise: 'program and service of an Oracle connection',
    file: 'ndpi/pcap/oracle12.pcapng',
    protocol: 'tns',
    activities: { connect: 2, resend: 1, accept: 1 },
    evidence: [
      ['10.0.72.139', 'tns.service', ['igor']],
      ['10.0.72.139', 'tns.version', ['315']],
    ],
  },
  {
    promise: 'drivers of MongoDB clients',
    file: 'ndpi/pcap/mongodb.pcap',
    protocol: 'mongodb',
    activities: { 'transaction success': 1, 'transaction unanswered': 4 },
    evidence: [['10.10.10.10', 'mongodb.driver', ['PyMongo 3.4.0']]],
  },
  {
    promise: 'a Redis server that answers whoever asks',
    file: 'ndpi/pcap/resp.pcap',
    protocol: 'redis',
    activities: { command: 4, 'server-information': 1 },
    evidence: [['192.168.88.231', 'redis.authentication', ['none']]],
  },
  {
    promise: 'the version of memcached',
    file: 'ndpi/pcap/memcached.cap',
    protocol: 'memcached',
    activities: { command: 1, 'server-information': 1 },
    evidence: [['127.0.0.1', 'memcached.version', ['1.4.15']]],
  },
  {
    promise: 'driver and language of Cassandra',
    file: 'ndpi/pcap/cassandra.pcap',
    protocol: 'cassandra',
    activities: { 'options success': 2, 'startup unanswered': 2 },
    evidence: [
      ['198.18.0.3', 'cassandra.driver', ['DataStax Python Driver 3.25.0']],
      ['198.18.0.2', 'cassandra.language-version', ['3.4.6']],
    ],
  },
  {
    promise: 'an XMPP server that takes passwords in clear text',
    file: 'ndpi/pcap/jabber.pcap',
    protocol: 'xmpp',
    activities: { open: 4, answer: 3 },
    evidence: [['172.16.1.138', 'xmpp.starttls', ['none']]],
  },
  {
    promise: 'requests of CoAP with their answers',
    file: 'ndpi/pcap/coap_mqtt.pcap',
    protocol: 'coap',
    activities: { empty: 2, 'transaction success': 405, 'transaction failure': 1, 'transaction unanswered': 1 },
    evidence: [['192.168.56.101', 'coap.server', ['true']]],
  },
  {
    promise: 'answers and refusals of a TURN server',
    file: 'ndpi/pcap/stun.pcap',
    protocol: 'stun',
    activities: { indication: 40, 'transaction success': 52, 'transaction failure': 6, 'transaction unanswered': 6 },
    evidence: [['87.47.100.17', 'stun.software', ["Coturn-4.5.0.5 'dan Eider'"]]],
  },
  {
    promise: 'the cipher suite that a DTLS server chose',
    file: 'ndpi/pcap/dtls_certificate.pcapng',
    protocol: 'dtls',
    activities: { 'server-hello': 1 },
    evidence: [['191.62.60.190', 'dtls.server.cipher', ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']]],
  },
  {
    promise: 'both ends of a WireGuard tunnel',
    file: 'ndpi/pcap/wireguard.pcap',
    protocol: 'wireguard',
    activities: { initiation: 2, response: 2 },
    evidence: [
      ['10.9.0.1', 'vpn.client', ['WireGuard']],
      ['10.9.0.2', 'vpn.server', ['WireGuard']],
    ],
  },
  {
    promise: 'how OpenVPN servers protect their control channel',
    file: 'ndpi/pcap/openvpn.pcap',
    protocol: 'openvpn',
    activities: { 'reset-by-client': 9, 'reset-by-server': 8 },
    evidence: [
      ['69.197.143.179', 'openvpn.protection', ['none']],
      ['46.101.231.218', 'openvpn.protection', ['tls-auth sha1']],
      ['107.161.86.131', 'openvpn.protection', ['tls-auth sha512']],
    ],
  },
  {
    promise: 'the key exchange of IPsec',
    file: 'ndpi/pcap/esp.pcapng',
    protocol: 'ike',
    activities: { 'sa-init': 2, authentication: 2 },
    evidence: [['10.3.4.4', 'vpn.server', ['IPsec IKEv2']]],
  },
  {
    promise: 'the vendor of a PPTP server',
    file: 'ndpi/pcap/pptp.pcap',
    protocol: 'pptp',
    activities: {
      'start-control-connection-request': 1,
      'start-control-connection-reply': 1,
      'outgoing-call-request': 1,
      'outgoing-call-reply': 1,
      'set-link-information': 2,
      'call-clear-request': 1,
      'call-disconnect-notify': 1,
    },
    evidence: [['191.101.61.1', 'vpn.vendor', ['Microsoft']]],
  },
  {
    promise: 'programs that share files, each of its own end',
    file: 'ndpi/pcap/bittorrent.pcap',
    protocol: 'bittorrent',
    activities: { handshake: 41 },
    evidence: [['82.57.97.83', 'bittorrent.client', ['UT3450']]],
  },
  {
    promise: 'a mining program and its pool, without the wallet',
    file: 'ndpi/pcap/mining.pcapng',
    protocol: 'stratum',
    activities: expect.objectContaining({ 'mining.subscribe': 2, login: 1 }),
    evidence: [
      ['192.168.2.92', 'mining.agent', ['xmr-stak-cpu/1.3.0-1.5.0']],
      ['185.71.66.39', 'mining.pool', ['Stratum']],
    ],
  },
  {
    promise: 'an LDAP login by challenge',
    file: 'suricata-verify/ldap-bind/ldap.pcap',
    protocol: 'ldap',
    activities: { 'bind success': 1 },
    evidence: [['2.2.2.2', 'ldap.authentication', ['CRAM-MD5']]],
  },
  {
    promise: 'searches of LDAP with their results',
    file: 'suricata-verify/ldap-search/ldap.pcap',
    protocol: 'ldap',
    activities: { 'search success': 1 },
    evidence: [],
  },
  {
    promise: 'tickets, of which one is encrypted weakly',
    file: 'suricata-verify/krb5-krb5_msg_type/input.pcap',
    protocol: 'kerberos',
    activities: { 'as success': 2, 'tgs success': 3 },
    evidence: [
      ['172.31.222.155', 'kerberos.realm', ['CYLERA.LAB']],
      ['172.31.222.155', 'kerberos.weak-encryption', ['rc4-hmac']],
    ],
  },
  {
    promise: 'a remote desktop that chose CredSSP, and its certificate behind it',
    file: 'ndpi/pcap/rdp.pcap',
    protocol: 'rdp',
    activities: { 'negotiation-request': 1, 'negotiation-response': 1 },
    evidence: [['192.168.2.142', 'rdp.security', ['CredSSP']]],
  },
  {
    promise: 'computer and build of a remote desktop client without encryption',
    file: 'suricata-verify/rdp-protocol/RDP-003.pcap',
    protocol: 'rdp',
    activities: { 'negotiation-request': 1, 'negotiation-response': 1, 'client-core': 1 },
    evidence: [
      ['10.226.41.226', 'rdp.client-name', ['ISD2-KM84178']],
      ['10.226.29.74', 'rdp.security', ['RDP']],
    ],
  },
  {
    promise: 'what a VNC server offers and that a password was right',
    file: 'suricata-verify/rfb-rules/00-vnc-openwall-3.7.pcap',
    protocol: 'vnc',
    activities: { 'opening success': 1 },
    evidence: [
      ['192.168.1.103', 'vnc.version', ['3.7']],
      ['192.168.1.103', 'vnc.authentication', ['tls', 'vnc']],
    ],
  },
  {
    promise: 'a mailbox that took a password in clear text',
    file: 'ndpi/pcap/imap.pcap',
    protocol: 'imap',
    activities: { greeting: 1, capability: 3, login: 1 },
    evidence: [
      ['10.40.3.2', 'imap.clear-text-login', ['true']],
      ['10.40.3.2', 'imap.banner', ['IMAP4Rev1 Server Version 4.9.04.012']],
    ],
  },
  {
    promise: 'a mailbox that went over to TLS',
    file: 'ndpi/pcap/imap-starttls.pcap',
    protocol: 'imap',
    activities: { greeting: 1, capability: 6, starttls: 1 },
    evidence: [['212.227.17.186', 'imap.clear-text-login', []]],
  },
  {
    promise: 'logins to mailboxes with and without success',
    file: 'ndpi/pcap/pop3.pcap',
    protocol: 'pop3',
    activities: { greeting: 6, capability: 9, login: 3, 'login-refused': 1 },
    evidence: [['74.208.5.28', 'pop3.clear-text-login', ['true']]],
  },
  {
    promise: 'calls to a domain controller by interface',
    file: 'suricata-verify/dcerpc/zerologon/input.pcap',
    protocol: 'dce-rpc',
    activities: { 'bind success': 47, 'request success': 69 },
    evidence: [['172.16.5.58', 'smb.pipe', ['samr']]],
  },
  {
    promise: 'programs that log',
    file: 'ndpi/pcap/syslog.pcap',
    protocol: 'syslog',
    activities: { message: 84 },
    evidence: [['10.251.23.139', 'syslog.program', ['chillispot']]],
  },
  {
    promise: 'a file that was sent by TFTP',
    file: 'suricata-verify/tftp-tx-handling-wrq/input.pcap',
    protocol: 'tftp',
    activities: { 'write-request': 1 },
    evidence: [['192.168.0.1', 'tftp.client', ['write-request']]],
  },
  {
    promise: 'calls with their final answers',
    file: 'ndpi/pcap/sip.pcap',
    protocol: 'sip',
    activities: expect.objectContaining({ 'transaction failure': 23, 'transaction success': 3 }),
    evidence: [],
  },
  {
    promise: 'reports about media',
    file: 'ndpi/pcap/sip.pcap',
    protocol: 'rtcp',
    activities: { 'sender-report': 1 },
    evidence: [],
  },
  {
    promise: 'name, program and fingerprints of QUIC clients',
    file: 'ndpi/pcap/quic-24.pcap',
    protocol: 'quic',
    activities: { 'client-hello': 1, retry: 1, 'server-hello': 1 },
    evidence: [
      ['10.9.0.1', 'tls.client.sni', ['localhost']],
      ['10.9.0.1', 'tls.client.ja4', ['q13d0512h4_d55e91d5c3b2_cd318bf3b157']],
    ],
  },
  {
    promise: 'version 2 of QUIC',
    file: 'suricata-verify/quic-v2/input.pcap',
    protocol: 'quic',
    activities: { 'client-hello': 1, 'server-hello': 1 },
    evidence: [['127.0.0.1', 'quic.version', ['QUICv2']]],
  },
  {
    promise: 'a hello of QUIC whose parts come in any order',
    file: 'suricata-verify/quic-frag-unordered/input.pcap',
    protocol: 'quic',
    activities: { 'client-hello': 1, 'server-hello': 1 },
    evidence: [['192.168.0.5', 'tls.client.sni', ['mastodon.social']]],
  },
  {
    promise: "Google's own handshake in QUIC",
    file: 'ndpi/pcap/gquic.pcap',
    protocol: 'quic',
    activities: { 'client-hello': 1 },
    evidence: [
      ['10.44.5.25', 'tls.client.sni', ['www.gstatic.com']],
      ['10.44.5.25', 'quic.version', ['Q050']],
    ],
  },
  {
    promise: "TLS in Google's QUIC",
    file: 'ndpi/pcap/quic_t51.pcap',
    protocol: 'quic',
    activities: expect.objectContaining({ 'client-hello': 1 }),
    evidence: [],
  },
  {
    promise: 'exchanges of HTTP/2 in clear text',
    file: 'suricata-verify/dns-over-http2/dns_over_https.pcap',
    protocol: 'http2',
    activities: { 'exchange success': 4, 'exchange unanswered': 1 },
    evidence: [['8.8.4.4', 'http.host', ['dns.google']]],
  },
  {
    promise: 'a share of scanned documents, without the names of files',
    file: 'pcaps/hospital-lab.pcap',
    protocol: 'smb',
    activities: {
      'negotiate-request': 1,
      'negotiate-response': 1,
      challenge: 1,
      session: 1,
      'tree-connect success': 2,
      'file-open success': 3,
    },
    evidence: [],
  },
  {
    promise: 'a program that is copied over SMB 1, and the service that is made of it',
    file: 'suricata-verify/filestore-filecontainer-smb1-data-offset/input.pcap',
    protocol: 'smb',
    activities: {
      'negotiate-request': 1,
      'negotiate-response': 1,
      challenge: 1,
      session: 1,
      'tree-connect success': 9,
      'pipe-open success': 6,
      'pipe-open failure': 1,
      'file-open success': 2,
    },
    evidence: [],
  },
  {
    promise: 'a program that is copied to a share of administrators and started by a call',
    file: 'suricata-verify/smb2-07/20171220_smb_psexec_add_user.pcap',
    protocol: 'dce-rpc',
    activities: { 'bind success': 3, 'request success': 19 },
    evidence: [],
  },
];

describe('Captures of other people (shared/data)', () => {
  it.for(READINGS)('show $promise', ({ file, protocol, activities, evidence }, { skip }) => {
    const path = sharedData(file);
    if (path === undefined) return skip();
    const batch = sense(path);
    expect(activitiesOf(batch, protocol)).toEqual(activities);
    for (const [ip, attribute, values] of evidence) expect(valuesOf(batch, ip, attribute)).toEqual(values);
  });
});
