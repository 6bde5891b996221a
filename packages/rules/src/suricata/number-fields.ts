/** A keyword that compares a number of a transaction. */
export interface NumberField {
  readonly summary: string;
  readonly rooms: readonly string[];
  /** Name under which the sensor gives it, where that is not the keyword. */
  readonly field?: string;
  readonly names?: Readonly<Record<string, number>>;
  /** The room tells one after the other, so that nothing can be said of their places. */
  readonly isToldOneByOne?: boolean;
  /** Takes a list, any of which may hold. */
  readonly isList?: boolean;
}

/** Resource record types by name (IANA DNS parameters). */
const DNS_TYPES: Readonly<Record<string, number>> = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  naptr: 35,
  ds: 43,
  rrsig: 46,
  dnskey: 48,
  https: 65,
  any: 255,
};

const DNS_RCODES: Readonly<Record<string, number>> = {
  noerror: 0,
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
};

const MQTT_TYPES: Readonly<Record<string, number>> = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
};

const SNMP_PDUS: Readonly<Record<string, number>> = {
  get_request: 0,
  get_next_request: 1,
  response: 2,
  set_request: 3,
  trap_v1: 4,
  get_bulk_request: 5,
  inform_request: 6,
  trap_v2: 7,
  report: 8,
};

/** Operations of LDAP by their application tag (RFC 4511 §4.2 to §4.14). */
const LDAP_OPERATIONS: Readonly<Record<string, number>> = {
  bind_request: 0,
  bind_response: 1,
  unbind_request: 2,
  search_request: 3,
  search_result_entry: 4,
  search_result_done: 5,
  modify_request: 6,
  modify_response: 7,
  add_request: 8,
  add_response: 9,
  del_request: 10,
  del_response: 11,
  mod_dn_request: 12,
  mod_dn_response: 13,
  compare_request: 14,
  compare_response: 15,
  abandon_request: 16,
  search_result_reference: 19,
  extended_request: 23,
  extended_response: 24,
  intermediate_response: 25,
};

/** CIP Networks Library volume 2 §2-3.2. */
const ENIP_COMMANDS: Readonly<Record<string, number>> = {
  nop: 0,
  list_services: 4,
  list_identity: 99,
  list_interfaces: 100,
  register_session: 101,
  unregister_session: 102,
  send_rr_data: 111,
  send_unit_data: 112,
  indicate_status: 114,
  cancel: 115,
};

/** RFC 6455 §11.8. */
const WEBSOCKET_OPCODES: Readonly<Record<string, number>> = {
  continuation: 0,
  text: 1,
  binary: 2,
  connectionclose: 8,
  connection_close: 8,
  ping: 9,
  pong: 10,
};

/** RFC 9113 §6. */
const HTTP2_FRAMES: Readonly<Record<string, number>> = namesFrom(
  'data headers priority rststream settings pushpromise ping goaway windowupdate continuation',
);

/** RFC 9113 §7. */
const HTTP2_ERRORS: Readonly<Record<string, number>> = namesFrom(
  'no_error protocol_error internal_error flow_control_error settings_timeout stream_closed frame_size_error ' +
    'refused_stream cancel compression_error connect_error enhance_your_calm inadequate_security http_1_1_required',
);

function namesFrom(words: string): Readonly<Record<string, number>> {
  return Object.fromEntries(words.split(' ').map((word, number) => [word, number]));
}

/** IEEE 1815 §4.2.2.5: function codes. */
const DNP3_FUNCTIONS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'confirm read write select operate direct_operate direct_operate_nr immed_freeze immed_freeze_nr freeze_clear ' +
    'freeze_clear_nr freeze_at_time freeze_at_time_nr cold_restart warm_restart initialize_data initialize_appl ' +
    'start_appl stop_appl save_config enable_unsolicited disable_unsolicited assign_class delay_measure ' +
    'record_current_time open_file close_file delete_file get_file_info authenticate_file abort_file activate_config ' +
    'authenticate_req authenticate_err'
  )
    .split(' ')
    .map((name, code) => [name, code] as const)
    .concat([
      ['response', 129],
      ['unsolicited_response', 130],
      ['authenticate_resp', 131],
    ]),
);

const RFB_RESULTS: Readonly<Record<string, number>> = { ok: 0, fail: 1, toomany: 2, unknown: 3 };

const MODBUS = { summary: 'Modbus', rooms: ['modbus'] };

/** Keywords that compare numbers of transactions, by keyword. */
export const NUMBER_FIELDS: Readonly<Record<string, NumberField>> = {
  'dns.opcode': { summary: 'DNS operation code', rooms: ['dns'] },
  'dns.rcode': { summary: 'DNS response code', rooms: ['dns'], names: DNS_RCODES },
  'dns.rrtype': { summary: 'type of a DNS question', rooms: ['dns'], names: DNS_TYPES },
  'http2.frametype': { summary: 'type of an HTTP/2 frame', rooms: ['http2'], names: HTTP2_FRAMES },
  'http2.errorcode': { summary: 'error of an HTTP/2 frame', rooms: ['http2'], names: HTTP2_ERRORS },
  'http2.priority': { summary: 'weight of an HTTP/2 stream', rooms: ['http2'] },
  'http2.window': { summary: 'window update of HTTP/2', rooms: ['http2'] },
  'ftp.mode': { summary: 'who opens the data connection of FTP', rooms: ['ftp'], names: { active: 1, passive: 2 } },
  'ftp.dynamic_port': { summary: 'port of the data connection of FTP', rooms: ['ftp'] },
  'ftp.reply_received': {
    summary: 'an FTP command was answered',
    rooms: ['ftp'],
    names: { yes: 1, on: 1, true: 1 },
  },
  ftpdata_command: {
    summary: 'what an FTP data connection is for',
    rooms: ['ftp-data'],
    field: 'ftp-data.command',
    names: { retr: 1, stor: 2 },
  },
  'websocket.opcode': { summary: 'opcode of a WebSocket frame', rooms: ['websocket'], names: WEBSOCKET_OPCODES },
  'websocket.mask': { summary: 'masking key of a WebSocket frame', rooms: ['websocket'] },
  'mqtt.type': { summary: 'type of the MQTT message', rooms: ['mqtt'], names: MQTT_TYPES },
  'mqtt.qos': { summary: 'MQTT quality of service', rooms: ['mqtt'] },
  'mqtt.protocol_version': { summary: 'MQTT protocol level', rooms: ['mqtt'] },
  'mqtt.reason_code': { summary: 'MQTT reason code', rooms: ['mqtt'] },
  'mqtt.connack.session_present': { summary: 'MQTT session present', rooms: ['mqtt'] },
  'snmp.version': { summary: 'SNMP version, 1 to 3', rooms: ['snmp'] },
  'snmp.pdu_type': { summary: 'type of the SNMP message', rooms: ['snmp'], names: SNMP_PDUS },
  krb5_msg_type: { summary: 'Kerberos message type', rooms: ['kerberos', 'krb5'] },
  'dcerpc.opnum': { summary: 'DCE/RPC operation', rooms: ['dce-rpc', 'smb'], isList: true },
  dce_opnum: { summary: 'DCE/RPC operation', rooms: ['dce-rpc', 'smb'], field: 'dcerpc.opnum', isList: true },
  'smb.version': { summary: 'SMB generation, 1 or 2', rooms: ['smb'], names: { '1': 1, '2': 2 } },
  'tls.cert_chain_len': { summary: 'number of certificates', rooms: ['tls'] },
  'rfb.sectype': { summary: 'RFB security type', rooms: ['rfb', 'vnc'] },
  'rfb.secresult': { summary: 'RFB security result', rooms: ['rfb', 'vnc'], names: RFB_RESULTS },
  'ike.exchtype': { summary: 'IKE exchange type', rooms: ['ike', 'ipsec'] },
  'ike.key_exchange_payload_length': { summary: 'length of the IKE key exchange', rooms: ['ike', 'ipsec'] },
  'ike.nonce_payload_length': { summary: 'length of the IKE nonce', rooms: ['ike', 'ipsec'] },
  dnp3_func: { summary: 'DNP3 function code', rooms: ['dnp3'], names: DNP3_FUNCTIONS },
  enip_command: {
    summary: 'EtherNet/IP command',
    rooms: ['enip'],
    field: 'enip.command',
    names: ENIP_COMMANDS,
  },
  'enip.status': { summary: 'EtherNet/IP status', rooms: ['enip', 'ethernet-ip'] },
  'modbus.function': { ...MODBUS, summary: 'Modbus function code' },
  'modbus.unit': { ...MODBUS, summary: 'Modbus unit' },
  'ldap.request.operation': { summary: 'LDAP operation', rooms: ['ldap'], names: LDAP_OPERATIONS },
  'ldap.responses.operation': {
    summary: 'LDAP operation of an answer',
    rooms: ['ldap'],
    names: LDAP_OPERATIONS,
    isToldOneByOne: true,
  },
  'ldap.responses.result_code': { summary: 'LDAP result code', rooms: ['ldap'], isToldOneByOne: true },
  filesize: {
    summary: 'size of the file in bytes',
    rooms: ['http', 'http2', 'smtp', 'imap', 'pop3', 'ftp', 'ftp-data', 'tftp', 'smb', 'nfs', 'dicom'],
  },
  'fhir.matches': { summary: 'matches of a FHIR search, as the server counts them', rooms: ['fhir'] },
  'fhir.status': { summary: 'HTTP status of a FHIR answer', rooms: ['fhir'] },
  'fhir.response_size': { summary: 'bytes of a FHIR answer', rooms: ['fhir'] },
  'dicomweb.status': { summary: 'HTTP status of a DICOMweb answer', rooms: ['dicomweb'] },
  'dicomweb.objects': { summary: 'matches or objects of a DICOMweb transaction', rooms: ['dicomweb'] },
  'dicomweb.failed_objects': { summary: 'instances that a DICOMweb store refused', rooms: ['dicomweb'] },
  'dicomweb.response_size': { summary: 'bytes of a DICOMweb answer', rooms: ['dicomweb'] },
  'poct1_a.observations': { summary: 'observations in a message of a point-of-care device', rooms: ['poct1-a'] },
  'dpws.status': { summary: 'HTTP status of an answer of a device service', rooms: ['dpws'] },
  'hl7.size': { summary: 'bytes of the HL7 message', rooms: ['hl7'] },
  'dicom.object_size': { summary: 'bytes of the DICOM data set', rooms: ['dicom'] },
  'dicom.failed_objects': {
    summary: 'objects that storage commitment, a move or a fetch could not do',
    rooms: ['dicom'],
  },
  'dicom.status': { summary: 'DICOM status', rooms: ['dicom'] },
};
