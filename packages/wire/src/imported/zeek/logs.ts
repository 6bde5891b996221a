import { draft } from '../../datagram-room.ts';
import type { EvidenceDraft } from '../../protocol.ts';
import { countOf, type Fields, ipOf, macOf, microsOfSeconds, textOf, textsOf } from '../field.ts';
import type { ImportedProtocolRecord } from '../imported-traffic.ts';

export interface MappedEntry {
  readonly record: ImportedProtocolRecord;
  readonly evidence: readonly EvidenceDraft[];
}

type LogMapping = (entry: Fields) => readonly MappedEntry[];

/**
 * Log → what is taken over of an entry. Only fields that are named here are: URIs, user names, file names and message
 * texts, which may name a patient, are not.
 */
export const LOG_MAPPINGS: ReadonlyMap<string, LogMapping> = new Map<string, LogMapping>([
  ['dns', dnsEntry],
  ['http', httpEntry],
  ['ssl', tlsEntry],
  ['ssh', sshEntry],
  ['dhcp', dhcpEntry],
  ['ntlm', ntlmEntry],
  ['snmp', snmpEntry],
  ['rfb', vncEntry],
  ['rdp', rdpEntry],
  ['mqtt_connect', mqttEntry],
  ['software', softwareEntry],
  ['ftp', (entry) => transaction('ftp', 'command', { command: textOf(entry, 'command') })],
  ['smtp', () => transaction('smtp', 'transaction')],
  ['sip', (entry) => transaction('sip', 'transaction', { method: textOf(entry, 'method') })],
  ['smb_mapping', (entry) => transaction('smb', 'tree-connect', { shareType: textOf(entry, 'share_type') })],
  ['smb_files', (entry) => transaction('smb', 'file', { action: textOf(entry, 'action') })],
  [
    'dce_rpc',
    (entry) =>
      transaction('dce-rpc', 'call', { endpoint: textOf(entry, 'endpoint'), operation: textOf(entry, 'operation') }),
  ],
  ['kerberos', (entry) => transaction('kerberos', textOf(entry, 'request_type').toLowerCase() || 'request')],
  ['modbus', (entry) => transaction('modbus', 'request', { function: textOf(entry, 'func') })],
  ['dnp3', (entry) => transaction('dnp3', 'request', { function: textOf(entry, 'fc_request') })],
  ['radius', (entry) => transaction('radius', 'exchange', { result: textOf(entry, 'result') })],
  ['tunnel', (entry) => transaction('tunnel', textOf(entry, 'action'), { type: textOf(entry, 'tunnel_type') })],
  ['notice', noticeEntry],
  ['files', fileEntry],
]);

function transaction(protocol: string, activity: string, details: object = {}): readonly MappedEntry[] {
  return [{ record: { protocol, activity, ...details }, evidence: [] }];
}

function dnsEntry(entry: Fields): readonly MappedEntry[] {
  const name = textOf(entry, 'query');
  const answers = textsOf(entry, 'answers');
  const isAnswered = 'rcode' in entry;
  const names = answers.flatMap((answer) => {
    const ip = ipOf(answer);
    return ip === undefined ? [] : draft('dns.name', name.toLowerCase(), { ip });
  });
  const record = {
    protocol: 'dns',
    activity: isAnswered ? 'response' : 'query',
    name,
    type: textOf(entry, 'qtype_name'),
    responseCode: textOf(entry, 'rcode_name'),
    answers,
    latencyMs: microsOfSeconds(entry.rtt) / 1000 || undefined,
  };
  const kind = /^(T|true)$/.test(textOf(entry, 'RA')) ? 'recursive' : 'authoritative';
  return [{ record, evidence: isAnswered ? [...draft('dns.server', kind, 'server'), ...names] : [] }];
}

function httpEntry(entry: Fields): readonly MappedEntry[] {
  const record = {
    protocol: 'http',
    activity: 'exchange',
    method: textOf(entry, 'method'),
    host: textOf(entry, 'host'),
    status: countOf(entry, 'status_code') || undefined,
    userAgent: textOf(entry, 'user_agent'),
    responseType: textsOf(entry, 'resp_mime_types')[0] ?? '',
    requestBytes: countOf(entry, 'request_body_len'),
    responseBytes: countOf(entry, 'response_body_len'),
  };
  const evidence = [
    ...draft('http.user-agent', record.userAgent, 'client'),
    ...draft('http.host', record.host, 'server'),
  ];
  return [{ record, evidence }];
}

/** Zeek names the most specific part first, our own sensor in the order of the certificate. */
function distinguishedName(text: string): string {
  return text
    .split(/(?<!\\),(?=[A-Za-z0-9.]+=)/)
    .reverse()
    .join(', ');
}

/** `TLSv12`, `TLSv10`, `SSLv3` as our own sensor writes them. */
function tlsVersion(text: string): string {
  const match = /^(TLS|SSL)v(\d)(\d)?$/.exec(text);
  return match === null ? '' : `${match[1]} ${match[2]}.${match[3] ?? '0'}`;
}

function tlsEntry(entry: Fields): readonly MappedEntry[] {
  const subject = distinguishedName(textOf(entry, 'subject'));
  const issuer = distinguishedName(textOf(entry, 'issuer'));
  const record = {
    protocol: 'tls',
    activity: 'session',
    version: tlsVersion(textOf(entry, 'version')),
    cipherSuite: textOf(entry, 'cipher'),
    serverName: textOf(entry, 'server_name'),
    isEstablished: /^(T|true)$/.test(textOf(entry, 'established')),
    subject,
    issuer,
  };
  const evidence = [
    ...draft('tls.client.sni', record.serverName, 'client'),
    ...draft('tls.client.ja3', textOf(entry, 'ja3'), 'client'),
    ...draft('tls.client.ja4', textOf(entry, 'ja4'), 'client'),
    ...draft('tls.server.version', record.version, 'server'),
    ...draft('tls.server.cipher', record.cipherSuite, 'server'),
    ...draft('tls.server.alpn', textOf(entry, 'next_protocol'), 'server'),
    ...draft('tls.server.ja3s', textOf(entry, 'ja3s'), 'server'),
    ...draft('tls.certificate.subject', subject, 'server'),
    ...draft('tls.certificate.issuer', issuer, 'server'),
    ...draft('tls.certificate.self-signed', subject === '' ? '' : String(subject === issuer), 'server'),
  ];
  return [{ record, evidence }];
}

/** `SSH-2.0-OpenSSH_9.2` without the prefix, as our own sensor writes it. */
function sshSoftware(text: string): string {
  return text.replace(/^SSH-[\d.]+-/, '');
}

function sshEntry(entry: Fields): readonly MappedEntry[] {
  const client = sshSoftware(textOf(entry, 'client'));
  const server = sshSoftware(textOf(entry, 'server'));
  const version = countOf(entry, 'version');
  const evidence = [
    ...draft('ssh.client.software', client, 'client'),
    ...draft('ssh.server.software', server, 'server'),
    ...draft('ssh.client.hassh', textOf(entry, 'hassh'), 'client'),
    ...draft('ssh.server.hassh', textOf(entry, 'hasshServer'), 'server'),
    ...draft('ssh.protocol', version === 2 ? '2.0' : version === 1 ? '1.5' : '', 'server'),
  ];
  return [{ record: { protocol: 'ssh', activity: 'session', client, server }, evidence }];
}

function dhcpEntry(entry: Fields): readonly MappedEntry[] {
  const mac = macOf(textOf(entry, 'mac'));
  const ip = ipOf(textOf(entry, 'assigned_addr'));
  const hostname = textOf(entry, 'host_name');
  const messages = textsOf(entry, 'msg_types').map((type) => type.toLowerCase());
  const record = { protocol: 'dhcp', activity: messages.at(-1) ?? 'exchange', clientMac: mac ?? '', hostname };
  if (mac === undefined) return [{ record, evidence: [] }];
  const about = { mac, ...(ip === undefined ? {} : { ip }) };
  const server = ipOf(textOf(entry, 'server_addr'));
  const evidence = [
    ...draft('dhcp.hostname', hostname, about),
    ...draft('dhcp.fqdn', textOf(entry, 'client_fqdn'), about),
    ...draft('dhcp.address', ip ?? '', about),
    ...(server === undefined ? [] : draft('dhcp.server', server, { ip: server })),
  ];
  return [{ record, evidence }];
}

function ntlmEntry(entry: Fields): readonly MappedEntry[] {
  const name = textOf(entry, 'server_nb_computer_name') || textOf(entry, 'server_dns_computer_name');
  const record = { protocol: 'smb', activity: 'authentication', success: textOf(entry, 'success') };
  return [{ record, evidence: draft('smb.name', name, 'server') }];
}

function snmpEntry(entry: Fields): readonly MappedEntry[] {
  const version = textOf(entry, 'version');
  const community = textOf(entry, 'community').toLowerCase();
  // The value of a community is a password; only a default one may be named.
  const named = community === 'public' || community === 'private' ? community : community === '' ? '' : 'other';
  // Only an answer shows that the agent speaks this version and accepted the community.
  const isAnswered = version === '3' || countOf(entry, 'get_responses') > 0;
  const evidence = isAnswered
    ? [
        ...draft('snmp.version', version === '2' ? '2c' : version, 'server'),
        ...draft('snmp.community', named, 'server'),
        ...draft('snmp.sys-descr', textOf(entry, 'display_string'), 'server'),
      ]
    : [];
  return [{ record: { protocol: 'snmp', activity: 'exchange', version }, evidence }];
}

function vncEntry(entry: Fields): readonly MappedEntry[] {
  const major = textOf(entry, 'server_major_version');
  const version = major === '' ? '' : `${Number(major)}.${Number(textOf(entry, 'server_minor_version'))}`;
  const method = textOf(entry, 'authentication_method').toLowerCase();
  const authentication = method === 'none' ? 'none' : method.startsWith('vnc') ? 'vnc' : '';
  const evidence = [
    ...draft('vnc.version', version, 'server'),
    ...draft('vnc.authentication', authentication, 'server'),
  ];
  return [{ record: { protocol: 'vnc', activity: 'session', version, authentication }, evidence }];
}

function rdpEntry(entry: Fields): readonly MappedEntry[] {
  const told = textOf(entry, 'security_protocol');
  const security = told.startsWith('HYBRID') ? 'CredSSP' : told === 'SSL' ? 'TLS' : told === 'RDP' ? 'RDP' : '';
  return [
    { record: { protocol: 'rdp', activity: 'session', security }, evidence: draft('rdp.security', security, 'server') },
  ];
}

function mqttEntry(entry: Fields): readonly MappedEntry[] {
  const evidence = draft('mqtt.client-id', textOf(entry, 'client_id'), 'client');
  return [{ record: { protocol: 'mqtt', activity: 'connect', status: textOf(entry, 'connect_status') }, evidence }];
}

/** software.log names one host and what it runs. */
function softwareEntry(entry: Fields): readonly MappedEntry[] {
  const host = ipOf(textOf(entry, 'host'));
  const type = textOf(entry, 'software_type');
  const software = textOf(entry, 'unparsed_version') || textOf(entry, 'name');
  const attribute = SOFTWARE_ATTRIBUTES.get(type);
  const record = { protocol: 'software', activity: 'seen', type, software };
  if (host === undefined || attribute === undefined) return [{ record, evidence: [] }];
  return [{ record, evidence: draft(attribute, sshSoftware(software), 'server') }];
}

const SOFTWARE_ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['HTTP::SERVER', 'http.server'],
  ['SSH::SERVER', 'ssh.server.software'],
  ['FTP::SERVER', 'ftp.banner'],
]);

function noticeEntry(entry: Fields): readonly MappedEntry[] {
  const record = {
    protocol: 'ids',
    activity: 'alert',
    signature: textOf(entry, 'note'),
    action: textsOf(entry, 'actions').join(),
  };
  return [{ record, evidence: [] }];
}

/** A file's name may name a patient; its kind and its hash do not. */
function fileEntry(entry: Fields): readonly MappedEntry[] {
  const record = {
    protocol: 'file',
    activity: 'transferred',
    over: textOf(entry, 'source').toLowerCase(),
    type: textOf(entry, 'mime_type'),
    sizeBytes: countOf(entry, 'seen_bytes'),
    sha256: textOf(entry, 'sha256'),
    md5: textOf(entry, 'md5'),
    isWhole: countOf(entry, 'missing_bytes') === 0,
  };
  return [{ record, evidence: [] }];
}
