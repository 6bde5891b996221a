import { draft } from '../../datagram-room.ts';
import { PACKET_KINDS } from '../../mqtt/packet.ts';
import type { EvidenceDraft } from '../../protocol.ts';
import { countOf, type Fields, fieldsOf, ipOf, listOf, macOf, textOf, textsOf } from '../field.ts';
import type { ImportedEnds, ImportedProtocolRecord } from '../imported-traffic.ts';
import { isAnswer, swapped } from './ends.ts';

/** What one event of Suricata becomes. */
export interface MappedEvent {
  readonly record: ImportedProtocolRecord;
  readonly evidence: readonly EvidenceDraft[];
  /** The event's addresses are those of an answer: its source is the server. */
  readonly isFromServer?: boolean;
}

interface EventParts {
  readonly event: Fields;
  /** The object named like the event's type. */
  readonly body: Fields;
  readonly ends: ImportedEnds;
}

type EventMapping = (parts: EventParts) => readonly MappedEvent[];

/**
 * Event type → what is taken over. Only fields that are named here are: bodies, queries, user names and file names, which
 * may name a patient, are not.
 */
export const EVENT_MAPPINGS: ReadonlyMap<string, EventMapping> = new Map<string, EventMapping>([
  ['dns', ({ body, ends }) => [dnsEvent(body, ends)]],
  ['http', ({ body }) => [httpEvent(body)]],
  ['tls', ({ body }) => [tlsEvent(body)]],
  ['quic', ({ body }) => [quicEvent(body)]],
  ['ssh', ({ body }) => sshEvents(body)],
  ['smb', ({ body }) => [smbEvent(body)]],
  ['dhcp', ({ body, ends }) => [dhcpEvent(body, ends)]],
  ['snmp', ({ body, ends }) => [snmpEvent(body, ends)]],
  ['rfb', ({ body }) => [vncEvent(body)]],
  ['rdp', ({ body }) => [rdpEvent(body)]],
  ['mqtt', ({ body }) => [mqttEvent(body)]],
  ['arp', ({ body }) => [arpEvent(body)]],
  ['alert', ({ event, body, ends }) => [{ ...alertEvent(body), isFromServer: isToClient(event, ends) }]],
  ['fileinfo', ({ event, body, ends }) => [{ ...fileEvent(body), isFromServer: isToClient(event, ends) }]],
  ['anomaly', ({ event, body, ends }) => [{ ...anomalyEvent(body), isFromServer: isToClient(event, ends) }]],
]);

/** Alerts, files and anomalies have the addresses of a packet; newer versions name the flow's ends or the direction too. */
function isToClient(event: Fields, ends: ImportedEnds): boolean {
  const flowSource = textOf(fieldsOf(event, 'flow'), 'src_ip');
  if (flowSource !== '') return ipOf(flowSource) !== ends.clientIp;
  return textOf(event, 'direction') === 'to_client';
}

const DNS_PORTS = [53];

/** Version 2 has one event a query and one a response, version 3 lists the queries (Suricata 7 and 8). */
function dnsEvent(dns: Fields, ends: ImportedEnds): MappedEvent {
  const type = textOf(dns, 'type');
  const isResponse = type === 'answer' || type === 'response';
  const [question = dns] = listOf(dns, 'queries');
  const answers = listOf(dns, 'answers').map((answer) => ({
    name: textOf(answer, 'rrname'),
    type: textOf(answer, 'rrtype'),
    value: textOf(answer, 'rdata'),
  }));
  const record = {
    protocol: 'dns',
    activity: isResponse ? 'response' : 'query',
    name: textOf(question, 'rrname'),
    type: textOf(question, 'rrtype'),
    responseCode: textOf(dns, 'rcode'),
    answers,
  };
  const names = answers.flatMap(({ name, type: kind, value }) => {
    const ip = kind === 'A' || kind === 'AAAA' ? ipOf(value) : undefined;
    return ip === undefined ? [] : draft('dns.name', name.toLowerCase(), { ip });
  });
  const kind = dns.ra === true ? 'recursive' : 'authoritative';
  const evidence = isResponse ? [...draft('dns.server', kind, 'server'), ...names] : [];
  return { record, evidence, isFromServer: isAnswer(ends, DNS_PORTS) };
}

function httpEvent(http: Fields): MappedEvent {
  const record = {
    protocol: 'http',
    activity: 'exchange',
    method: textOf(http, 'http_method'),
    host: textOf(http, 'hostname'),
    status: countOf(http, 'status') || undefined,
    userAgent: textOf(http, 'http_user_agent'),
    responseType: textOf(http, 'http_content_type'),
    responseBytes: countOf(http, 'length'),
  };
  return {
    record,
    evidence: [
      ...draft('http.user-agent', record.userAgent, 'client'),
      ...draft('http.host', record.host, 'server'),
      ...draft('http.server', textOf(http, 'server'), 'server'),
    ],
  };
}

function tlsEvent(tls: Fields): MappedEvent {
  const version = textOf(tls, 'version')
    .replace(/^TLSv?\s*/, 'TLS ')
    .replace(/^TLS 1$/, 'TLS 1.0')
    .replace('SSLv', 'SSL ');
  const record = {
    protocol: 'tls',
    activity: 'session',
    version,
    serverName: textOf(tls, 'sni'),
    subject: textOf(tls, 'subject'),
    issuer: textOf(tls, 'issuerdn'),
    ja3: textOf(fieldsOf(tls, 'ja3'), 'hash'),
    ja3s: textOf(fieldsOf(tls, 'ja3s'), 'hash'),
    ja4: textOf(tls, 'ja4'),
  };
  const time = (name: string) => {
    const ms = Date.parse(`${textOf(tls, name).replace(/Z$/, '')}Z`);
    return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  };
  const isSelfSigned = record.subject === record.issuer ? 'true' : 'false';
  return {
    record,
    evidence: [
      ...draft('tls.client.sni', record.serverName, 'client'),
      ...draft('tls.client.ja3', record.ja3, 'client'),
      ...draft('tls.client.ja4', record.ja4, 'client'),
      ...textsOf(tls, 'client_alpns').flatMap((name) => draft('tls.client.alpn', name, 'client')),
      ...textsOf(tls, 'server_alpns').flatMap((name) => draft('tls.server.alpn', name, 'server')),
      ...draft('tls.server.version', /^(TLS|SSL) \d\.\d$/.test(record.version) ? record.version : '', 'server'),
      ...draft('tls.server.ja3s', record.ja3s, 'server'),
      ...draft('tls.certificate.subject', record.subject, 'server'),
      ...draft('tls.certificate.issuer', record.issuer, 'server'),
      ...draft('tls.certificate.serial', textOf(tls, 'serial').replaceAll(':', '').toLowerCase(), 'server'),
      ...draft('tls.certificate.not-before', time('notbefore'), 'server'),
      ...draft('tls.certificate.not-after', time('notafter'), 'server'),
      ...textsOf(tls, 'subjectaltname').flatMap((name) => draft('tls.certificate.san', name, 'server')),
      ...draft('tls.certificate.self-signed', record.subject === '' ? '' : isSelfSigned, 'server'),
    ],
  };
}

function quicEvent(quic: Fields): MappedEvent {
  const record = {
    protocol: 'quic',
    activity: 'session',
    version: textOf(quic, 'version'),
    serverName: textOf(quic, 'sni'),
    ja4: textOf(quic, 'ja4'),
  };
  const evidence = [
    ...draft('tls.client.sni', record.serverName, 'client'),
    ...draft('tls.client.ja4', record.ja4, 'client'),
  ];
  return { record, evidence };
}

function sshEvents(ssh: Fields): readonly MappedEvent[] {
  return (['client', 'server'] as const).flatMap((side) => {
    const told = fieldsOf(ssh, side);
    const software = textOf(told, 'software_version');
    const hassh = textOf(fieldsOf(told, 'hassh'), 'hash');
    if (software === '' && hassh === '') return [];
    const protocolVersion = textOf(told, 'proto_version');
    return [
      {
        record: { protocol: 'ssh', activity: 'identification', sentBy: side, protocolVersion, software, hassh },
        evidence: [
          ...draft(`ssh.${side}.software`, software, side),
          ...draft(`ssh.${side}.hassh`, hassh, side),
          ...(side === 'server' ? draft('ssh.protocol', protocolVersion, side) : []),
        ],
      },
    ];
  });
}

/** Dialects as our own sensor names them. */
const SMB_DIALECTS: ReadonlyMap<string, string> = new Map([
  ['NT LM 0.12', 'SMB 1'],
  ['2.02', 'SMB 2.0.2'],
  ['2.10', 'SMB 2.1'],
  ['3.00', 'SMB 3.0'],
  ['3.02', 'SMB 3.0.2'],
  ['3.11', 'SMB 3.1.1'],
]);

function smbEvent(smb: Fields): MappedEvent {
  const told = textOf(smb, 'dialect');
  const dialect = SMB_DIALECTS.get(told) ?? '';
  const command = textOf(smb, 'command');
  return {
    record: { protocol: 'smb', activity: 'transaction', command, dialect, status: textOf(smb, 'status') },
    evidence: [
      ...draft('smb.dialect', dialect, 'server'),
      ...draft('smb.native-os', textOf(fieldsOf(smb, 'response'), 'native_os'), 'server'),
    ],
  };
}

const DHCP_SERVER_PORTS = [67];

function dhcpEvent(dhcp: Fields, ends: ImportedEnds): MappedEvent {
  const mac = macOf(textOf(dhcp, 'client_mac'));
  const ip = ipOf(textOf(dhcp, 'assigned_ip'));
  const isReply = textOf(dhcp, 'type') === 'reply';
  const isFromServer = isReply && !isAnswer(swapped(ends), DHCP_SERVER_PORTS);
  const activity = textOf(dhcp, 'dhcp_type') || textOf(dhcp, 'type');
  const hostname = textOf(dhcp, 'hostname');
  const record = { protocol: 'dhcp', activity, clientMac: mac ?? '', hostname };
  if (mac === undefined) return { record, evidence: [], isFromServer };
  // Only an acknowledgement makes the address the client's.
  const leased = activity === 'ack' && ip !== undefined && ip !== '0.0.0.0' ? ip : undefined;
  const about = leased === undefined ? { mac } : { mac, ip: leased };
  const client = ipOf(textOf(dhcp, 'client_ip'));
  const requester = client === undefined || client === '0.0.0.0' ? { mac } : { mac, ip: client };
  const evidence = isReply
    ? [
        ...draft('dhcp.address', leased ?? '', about),
        ...draft('dhcp.server', isFromServer ? ends.clientIp : '', 'server'),
      ]
    : [
        ...draft('dhcp.hostname', hostname, requester),
        ...draft('dhcp.vendor-class', textOf(dhcp, 'vendor_class_identifier'), requester),
      ];
  return { record, evidence, isFromServer };
}

const SNMP_PORTS = [161];
const SNMP_VERSIONS: Readonly<Record<string, string>> = { 1: '1', 2: '2c', 3: '3' };

function snmpEvent(snmp: Fields, ends: ImportedEnds): MappedEvent {
  const version = SNMP_VERSIONS[textOf(snmp, 'version')] ?? '';
  const activity = textOf(snmp, 'pdu_type') || 'message';
  const isFromServer = isAnswer(ends, SNMP_PORTS);
  const community = textOf(snmp, 'community').toLowerCase();
  // The value of a community is a password; only a default one may be named, and only an answer shows that it was accepted.
  const named = community === 'public' || community === 'private' ? community : community === '' ? '' : 'other';
  const evidence =
    activity === 'response' || version === '3'
      ? [...draft('snmp.version', version, 'server'), ...draft('snmp.community', named, 'server')]
      : [];
  return { record: { protocol: 'snmp', activity, version }, evidence, isFromServer };
}

function vncEvent(rfb: Fields): MappedEvent {
  const server = fieldsOf(rfb, 'server_protocol_version');
  const major = textOf(server, 'major');
  const version = major === '' ? '' : `${Number(major)}.${Number(textOf(server, 'minor'))}`;
  const type = countOf(fieldsOf(rfb, 'authentication'), 'security_type');
  const authentication = type === 1 ? 'none' : type === 2 ? 'vnc' : '';
  return {
    record: { protocol: 'vnc', activity: 'session', version, authentication },
    evidence: [...draft('vnc.version', version, 'server'), ...draft('vnc.authentication', authentication, 'server')],
  };
}

function rdpEvent(rdp: Fields): MappedEvent {
  const type = textOf(rdp, 'event_type');
  const security = type === 'tls_handshake' ? 'TLS' : '';
  return {
    record: { protocol: 'rdp', activity: type || 'transaction' },
    evidence: draft('rdp.security', security, 'server'),
  };
}

/** Messages stand under their names (Suricata user guide, "Event type: MQTT"). */
function mqttEvent(mqtt: Fields): MappedEvent {
  const activity = PACKET_KINDS.find((kind) => kind in mqtt) ?? 'message';
  const clientId = textOf(fieldsOf(mqtt, 'connect'), 'client_id');
  return { record: { protocol: 'mqtt', activity }, evidence: draft('mqtt.client-id', clientId, 'client') };
}

/** RFC 826. A probe (RFC 5227) claims no address. */
function arpEvent(arp: Fields): MappedEvent {
  const mac = macOf(textOf(arp, 'src_mac'));
  const ip = ipOf(textOf(arp, 'src_ip'));
  const record = {
    protocol: 'arp',
    activity: textOf(arp, 'opcode') || 'other',
    senderMac: mac ?? '',
    senderIp: ip ?? '',
  };
  if (mac === undefined || ip === undefined || ip === '0.0.0.0') return { record, evidence: [] };
  return { record, evidence: draft('arp.address', ip, { mac, ip }) };
}

function alertEvent(alert: Fields): MappedEvent {
  const record = {
    protocol: 'ids',
    activity: 'alert',
    signatureId: countOf(alert, 'signature_id'),
    signature: textOf(alert, 'signature'),
    category: textOf(alert, 'category'),
    severity: countOf(alert, 'severity'),
    action: textOf(alert, 'action'),
  };
  return { record, evidence: [] };
}

/** A file's name may name a patient; its kind and its hash do not. */
function fileEvent(file: Fields): MappedEvent {
  const record = {
    protocol: 'file',
    activity: 'transferred',
    type: textOf(file, 'magic'),
    extension: /\.([A-Za-z0-9]{1,8})$/.exec(textOf(file, 'filename'))?.[1]?.toLowerCase() ?? '',
    sizeBytes: countOf(file, 'size'),
    sha256: textOf(file, 'sha256'),
    md5: textOf(file, 'md5'),
    isWhole: textOf(file, 'state') === 'CLOSED',
  };
  return { record, evidence: [] };
}

function anomalyEvent(anomaly: Fields): MappedEvent {
  const kind = textOf(anomaly, 'type');
  return { record: { protocol: 'ids', activity: 'anomaly', kind, event: textOf(anomaly, 'event') }, evidence: [] };
}
