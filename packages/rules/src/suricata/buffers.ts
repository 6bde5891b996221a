/** What the catalogue knows of a buffer that rules can look at. */
export interface BufferInfo {
  /** Name under which the sensor gives it. */
  readonly name: string;
  /** Where it comes from: the bytes of a packet, a header of it, or a transaction of one of these protocol rooms. */
  readonly from: 'payload' | 'header' | 'transaction';
  readonly protocols: readonly string[];
  /** The side of the transaction that has it, where only one has. */
  readonly direction: 'to-server' | 'to-client' | undefined;
}

const TO_SERVER = 'to-server';
const TO_CLIENT = 'to-client';

/** Buffers of the protocol rooms: protocols, names of the request side, of the answer side, of both. */
const TRANSACTION_BUFFERS: readonly (readonly [readonly string[], string, string, string])[] = [
  [
    ['http', 'http2', 'fhir'],
    'http.uri http.uri.raw http.method http.request_line http.request_body http.host http.host.raw http.user_agent http.referer http.accept http.accept_enc http.accept_lang http.request_header',
    'http.stat_code http.stat_msg http.response_line http.server http.location http.response_header',
    'http.header http.header.raw http.header_names http.cookie http.content_type http.content_len http.connection http.protocol http.start',
  ],
  [
    ['smtp'],
    'smtp.helo smtp.mail_from smtp.rcpt_to email.from email.to email.cc email.subject email.date email.message_id email.x_mailer email.url email.received email.body_md5',
    '',
    '',
  ],
  [['http2'], '', '', 'http2.header_name'],
  [['websocket'], '', '', 'websocket.payload'],
  [['tls', 'quic'], 'tls.sni', '', ''],
  [
    ['tls'],
    '',
    'tls.cert_subject tls.cert_issuer tls.cert_serial tls.cert_fingerprint tls.certs tls.subjectaltname',
    'tls.random tls.random_time tls.random_bytes tls.alpn',
  ],
  [['tls', 'quic'], 'ja3.hash ja3.string ja4.hash', 'ja3s.hash ja3s.string', ''],
  [['quic'], 'quic.ua', '', 'quic.version quic.sni'],
  [
    ['dns'],
    'dns.query',
    'dns.response.rrname',
    'dns.queries.rrname dns.answers.rrname dns.authorities.rrname dns.additionals.rrname',
  ],
  [
    ['llmnr'],
    '',
    'llmnr.response.rrname',
    'llmnr.queries.rrname llmnr.answers.rrname llmnr.authorities.rrname llmnr.additionals.rrname',
  ],
  [
    ['mdns'],
    '',
    'mdns.response.rrname',
    'mdns.queries.rrname mdns.answers.rrname mdns.authorities.rrname mdns.additionals.rrname',
  ],
  [['ssh'], 'ssh.hassh ssh.hassh.string', 'ssh.hassh.server ssh.hassh.server.string', 'ssh.proto ssh.software'],
  [['smb'], 'smb.named_pipe smb.share', '', 'smb.ntlmssp_user smb.ntlmssp_domain'],
  [['dce-rpc', 'smb'], '', '', 'dcerpc.stub_data dcerpc.iface'],
  [['krb5', 'kerberos'], '', '', 'krb5.sname'],
  [['snmp'], '', '', 'snmp.community'],
  [['ftp'], 'ftp.command ftp.command_data', 'ftp.reply ftp.completion_code', ''],
  [
    ['mqtt'],
    '',
    '',
    'mqtt.connect.clientid mqtt.connect.username mqtt.connect.password mqtt.connect.willtopic mqtt.connect.willmessage mqtt.connect.protocol_string mqtt.publish.topic mqtt.publish.message mqtt.subscribe.topic mqtt.unsubscribe.topic',
  ],
  [['dnp3'], '', '', 'dnp3_data'],
  [['enip'], '', '', 'enip.product_name'],
  [
    ['sip'],
    'sip.method sip.uri sip.request_line',
    'sip.stat_code sip.stat_msg sip.response_line',
    'sip.protocol sip.from sip.to sip.via sip.user_agent sip.content_type sip.content_length',
  ],
  [
    ['sip'],
    '',
    '',
    'sdp.session_name sdp.session_info sdp.origin sdp.uri sdp.email sdp.phone_number sdp.connection_data sdp.bandwidth sdp.time sdp.repeat_time sdp.timezone sdp.encryption_key sdp.attribute sdp.media.media sdp.media.media_info sdp.media.connection_data sdp.media.encryption_key',
  ],
  [['rfb', 'vnc'], '', 'rfb.name', ''],
  [['ike'], 'ike.init_spi ike.vendor', 'ike.resp_spi', 'ike.key_exchange_payload ike.nonce_payload'],
  [['tftp'], 'tftp.file tftp.mode', '', ''],
  [['pgsql', 'postgresql'], 'pgsql.query', '', ''],
  [['ldap'], 'ldap.request.dn', 'ldap.responses.dn ldap.responses.message', ''],
  [
    ['http', 'http2', 'fhir', 'smtp', 'imap', 'pop3', 'ftp', 'ftp-data', 'tftp', 'smb', 'nfs', 'dicom'],
    '',
    '',
    'file.data file.name file.magic file.md5 file.sha1 file.sha256',
  ],
];

/** Keywords of Suricata that no protocol room gives: a rule with one of them is rejected, as it could never match. */
export const NOT_GIVEN: readonly string[] = (
  'quic.cyu.hash quic.cyu.string ' +
  'krb5.cname snmp.usm snmp.trap_oid snmp.trap_address ' +
  'enip.service_name ' +
  'nfs.filename rdp.cookie ' +
  'snmp.trap_type ntp.version ntp.mode ntp.stratum dhcp.leasetime dhcp.rebinding_time ' +
  'dhcp.renewal_time nfs_procedure nfs_version ' +
  'krb5_cname krb5_err_code krb5.ticket_encryption krb5.weak_encryption http2.size_update cip_service ' +
  'enip.cip_service enip.identity_status enip.device_type enip.vendor_id enip.product_code enip.revision enip.state ' +
  'enip.capabilities enip.protocol_version enip.cip_attribute enip.cip_class enip.cip_instance enip.cip_status ' +
  'enip.cip_extendedstatus ntp.reference_id ldap.responses.attribute_type arp.opcode ' +
  'email.msg_id ldap.responses.count ldap.request.attribute_type '
)
  .trim()
  .split(' ');

/** The same buffer under other names: older keywords and abbreviations. */
export const BUFFER_ALIASES: Readonly<Record<string, string>> = {
  file_data: 'file.data',
  'http.response_body': 'file.data',
  'http2.header': 'http.request_header',
  dns_query: 'dns.query',
  'dns.answer.name': 'dns.answers.rrname',
  'dns.query.name': 'dns.queries.rrname',
  tls_sni: 'tls.sni',
  tls_cert_subject: 'tls.cert_subject',
  tls_cert_issuer: 'tls.cert_issuer',
  tls_cert_serial: 'tls.cert_serial',
  tls_cert_fingerprint: 'tls.cert_fingerprint',
  ja3_hash: 'ja3.hash',
  'dnp3.data': 'dnp3_data',
  ja3_string: 'ja3.string',
  ja3s_hash: 'ja3s.hash',
  ssh_proto: 'ssh.proto',
  ssh_software: 'ssh.software',
  smb_named_pipe: 'smb.named_pipe',
  smb_share: 'smb.share',
  dce_stub_data: 'dcerpc.stub_data',
  krb5_sname: 'krb5.sname',
  http_header_names: 'http.header_names',
  http_accept: 'http.accept',
  http_accept_enc: 'http.accept_enc',
  http_accept_lang: 'http.accept_lang',
  http_connection: 'http.connection',
  http_content_len: 'http.content_len',
  http_content_type: 'http.content_type',
  http_protocol: 'http.protocol',
  http_referer: 'http.referer',
  http_request_line: 'http.request_line',
  http_response_line: 'http.response_line',
  http_start: 'http.start',
};

/** Older keywords that stand behind a `content` and move it into a buffer. */
export const CONTENT_MODIFIERS: Readonly<Record<string, string>> = {
  http_uri: 'http.uri',
  http_raw_uri: 'http.uri.raw',
  http_header: 'http.header',
  http_raw_header: 'http.header.raw',
  http_method: 'http.method',
  http_cookie: 'http.cookie',
  http_client_body: 'http.request_body',
  http_server_body: 'file.data',
  http_stat_code: 'http.stat_code',
  http_stat_msg: 'http.stat_msg',
  http_user_agent: 'http.user_agent',
  http_host: 'http.host',
  http_raw_host: 'http.host.raw',
};

/** Own buffers for health care; `docs/rules-health.md` says what each holds. */
const HEALTH_BUFFERS: readonly (readonly [readonly string[], string])[] = [
  [
    ['dicom'],
    'dicom.calling_ae dicom.called_ae dicom.implementation_uid dicom.implementation_version dicom.operation dicom.sop_class dicom.transfer_syntax dicom.result dicom.query_level dicom.service dicom.action dicom.user_identity',
  ],
  [
    ['hl7'],
    'hl7.message_type hl7.trigger_event hl7.sending_application hl7.sending_facility hl7.receiving_application hl7.receiving_facility hl7.version hl7.segment hl7.ack_code hl7.processing_id',
  ],
  [
    ['fhir'],
    'fhir.resource_type fhir.operation fhir.interaction fhir.method fhir.search_parameter fhir.authorization fhir.scope fhir.bundle_type fhir.issue',
  ],
  [
    ['dicomweb'],
    'dicomweb.service dicomweb.operation dicomweb.resource dicomweb.representation dicomweb.search_parameter dicomweb.authorization',
  ],
  [['atna'], 'atna.event atna.type atna.action atna.outcome'],
  [['dpws'], 'dpws.service dpws.operation dpws.fault dpws.profile'],
  [['ws-discovery'], 'ws_discovery.activity ws_discovery.type'],
  [['intellivue'], 'intellivue.activity intellivue.operation intellivue.object intellivue.result'],
  [['alaris'], 'alaris.command alaris.kind'],
  [['medibus'], 'medibus.command medibus.kind'],
  [['datex-ohmeda'], 'datex_ohmeda.activity datex_ohmeda.content'],
  [['poct1-a'], 'poct1_a.message_type poct1_a.topic poct1_a.device'],
  [['ieee-11073-20601'], 'ieee_11073.operation ieee_11073.result'],
];

const HEADER_BUFFERS = [
  'ipv4.hdr',
  'ipv6.hdr',
  'tcp.hdr',
  'udp.hdr',
  'icmpv4.hdr',
  'icmpv6.hdr',
  'igmp.hdr',
  'ether.hdr',
];

function buildCatalogue(): ReadonlyMap<string, BufferInfo> {
  const catalogue = new Map<string, BufferInfo>();
  const add = (names: string, protocols: readonly string[], direction: BufferInfo['direction']) => {
    for (const name of names.split(' ')) {
      if (name !== '') catalogue.set(name, { name, from: 'transaction', protocols, direction });
    }
  };
  for (const [protocols, toServer, toClient, both] of TRANSACTION_BUFFERS) {
    add(toServer, protocols, TO_SERVER);
    add(toClient, protocols, TO_CLIENT);
    add(both, protocols, undefined);
  }
  for (const [protocols, names] of HEALTH_BUFFERS) add(names, protocols, undefined);
  for (const name of HEADER_BUFFERS) catalogue.set(name, { name, from: 'header', protocols: [], direction: undefined });
  catalogue.set('payload', { name: 'payload', from: 'payload', protocols: [], direction: undefined });
  catalogue.set('base64_data', { name: 'base64_data', from: 'payload', protocols: [], direction: undefined });
  return catalogue;
}

/** Every buffer by the name under which the sensor gives it. */
export const BUFFERS: ReadonlyMap<string, BufferInfo> = buildCatalogue();

/** @returns the buffer that a keyword selects */
export function findBuffer(keyword: string): BufferInfo | undefined {
  return BUFFERS.get(BUFFER_ALIASES[keyword] ?? keyword);
}
