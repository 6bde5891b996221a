import type { InspectedPacket } from './inspector.ts';
import { parseIntegerTest } from './integer-test.ts';
import { checksumIsRight } from './packet-checksum.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError, unquote } from './rule-error.ts';

/** States of a TLS handshake as bits that the sensor gives in `tls.state`. */
const TLS_STATES: Readonly<Record<string, number>> = {
  client_hello: 1,
  server_hello: 2,
  client_keyx: 4,
  server_keyx: 8,
  unknown: 16,
};

function applyTlsState(builder: RuleBuilder, value: string | undefined, name: string): void {
  let wanted = 0;
  let isNegated = false;
  for (const part of needValue(name, value)
    .split(/[|,]/)
    .map((each) => each.trim())) {
    isNegated ||= part.startsWith('!');
    const bit = TLS_STATES[part.replace(/^!/, '')];
    if (bit === undefined) throw new RuleError(`ssl_state: '${part}' is unknown`);
    wanted |= bit;
  }
  builder.numbers.push({ name: 'tls.state', test: (state) => ((state & wanted) !== 0) !== isNegated });
  builder.impliedRooms.push(['tls']);
}

/** `ssl_version:tls1.0,!tls1.2`, versions as on the wire. */
function applyTlsVersion(builder: RuleBuilder, value: string | undefined, name: string): void {
  const versions: Readonly<Record<string, number>> = {
    sslv2: 0x0002,
    sslv3: 0x0300,
    'tls1.0': 0x0301,
    'tls1.1': 0x0302,
    'tls1.2': 0x0303,
    'tls1.3': 0x0304,
    '1.0': 0x0301,
    '1.1': 0x0302,
    '1.2': 0x0303,
    '1.3': 0x0304,
  };
  const given = unquote(needValue(name, value));
  const parts = `${given.isNegated ? '!' : ''}${given.text}`.split(',').map((part) => part.trim().toLowerCase());
  const codes = parts.map((part) => {
    const text = part.replace(/^!/, '').trim();
    const code = versions[text] ?? (/^0x[0-9a-f]{4}$/.test(text) ? Number(text) : undefined);
    if (code === undefined) throw new RuleError(`${name}: '${part}' is unknown`);
    return { code, isNegated: part.startsWith('!') };
  });
  // A `!` before the first stands for the whole list.
  const isNegated = given.isNegated || codes[0]?.isNegated === true;
  if (!isNegated && codes.some((each) => each.isNegated)) {
    throw new RuleError(`${name} mixes versions with and without !`);
  }
  const test = (version: number) => codes.some(({ code }) => code === version) !== isNegated;
  builder.numbers.push({ name: 'tls.version', test });
  builder.impliedRooms.push(['tls']);
}

/** `dcerpc.iface:UUID,>1,any_frag`: the interface that the call goes to is bound on this connection. */
function applyInterface(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [uuid = '', ...rest] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) throw new RuleError(`${name}: '${uuid}' is no UUID`);
  const version = rest.find((part) => part !== 'any_frag');
  const test = version === undefined ? undefined : parseIntegerTest(version);
  const isAnyFragment = rest.includes('any_frag');
  const condition = (bytes: Buffer) => {
    // `uuid/version`, and `/later` where a later fragment of the bind named it.
    const [given = '', givenVersion = '0', later] = bytes.toString('latin1').split('/');
    const isVersion = test === undefined || test(Number.parseInt(givenVersion, 10));
    return given.toLowerCase() === uuid.toLowerCase() && isVersion && (later === undefined || isAnyFragment);
  };
  builder.addToBuffer('dcerpc.iface', { kind: 'whole', test: condition });
}

const MODBUS_ACCESS: Readonly<Record<string, readonly number[]>> = {
  'read discretes': [2],
  'read coils': [1],
  'read input': [4],
  'read holding': [3, 23],
  read: [1, 2, 3, 4, 23],
  'write coils': [5, 15],
  'write holding': [6, 16, 22, 23],
  write: [5, 6, 15, 16, 22, 23],
};

/** `modbus: unit 1, function 3` and `modbus: access write holding, address 100, value >5`. */
function applyModbus(builder: RuleBuilder, value: string | undefined, name: string): void {
  builder.impliedRooms.push(['modbus']);
  const number = (field: string, text: string) => {
    builder.numbers.push({ name: field, test: parseIntegerTest(text) });
  };
  for (const part of needValue(name, value)
    .split(',')
    .map((each) => each.trim().replace(/\s+/g, ' '))) {
    const [word = '', ...rest] = part.split(' ');
    const operand = rest.join(' ');
    if (word === 'unit' || word === 'address' || word === 'value') number(`modbus.${word}`, operand);
    else if (word === 'subfunction') number('modbus.subfunction', operand);
    else if (word === 'function') modbusFunction(builder, operand);
    else if (word === 'access') {
      const codes = MODBUS_ACCESS[operand];
      if (codes === undefined) throw new RuleError(`modbus: access '${operand}' is unknown`);
      builder.numbers.push({ name: 'modbus.function', test: (code) => codes.includes(code) });
    } else throw new RuleError(`modbus: '${part}' is unknown`);
  }
}

const MODBUS_CATEGORIES: Readonly<Record<string, (code: number) => boolean>> = {
  assigned: (code) => [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43].includes(code),
  public: (code) => code < 65 || (code > 72 && code < 100) || (code > 110 && code < 128),
  user: (code) => (code >= 65 && code <= 72) || (code >= 100 && code <= 110),
  reserved: (code) => [9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127].includes(code),
  all: () => true,
};

function modbusFunction(builder: RuleBuilder, operand: string): void {
  const category = MODBUS_CATEGORIES[operand.replace(/^!/, '')];
  if (category === undefined) {
    builder.numbers.push({ name: 'modbus.function', test: parseIntegerTest(operand) });
    return;
  }
  const isNegated = operand.startsWith('!');
  builder.numbers.push({ name: 'modbus.function', test: (code) => category(code) !== isNegated });
}

const SA_ATTRIBUTES = [
  'alg_enc',
  'alg_hash',
  'alg_auth',
  'alg_dh',
  'alg_prf',
  'alg_esn',
  'sa_group_type',
  'sa_life_type',
  'sa_life_duration',
  'sa_key_length',
  'sa_field_size',
];

/** `ike.chosen_sa_attribute:alg_hash=2`. */
function applyChosenAttribute(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [attribute = '', operand = ''] = needValue(name, value).split('=', 2);
  if (!SA_ATTRIBUTES.includes(attribute.trim())) throw new RuleError(`${name}: '${attribute}' is unknown`);
  builder.numbers.push({ name: `ike.sa.${attribute.trim()}`, test: parseIntegerTest(operand) });
  builder.impliedRooms.push(['ike', 'ipsec']);
}

/** Internal indications, the first of the first octet first (IEEE 1815 §4.2.2.6). */
const INDICATIONS = (
  'all_stations class_1_events class_2_events class_3_events need_time local_control device_trouble device_restart ' +
  'no_func_code_support object_unknown parameter_error event_buffer_overflow already_executing config_corrupt ' +
  'reserved_2 reserved_1'
).split(' ');

/** `dnp3_ind:device_restart,need_time`: any of them is set. */
function applyIndications(builder: RuleBuilder, value: string | undefined, name: string): void {
  let mask = 0;
  for (const word of needValue(name, value).split(',')) {
    const bit = INDICATIONS.indexOf(word.trim().toLowerCase());
    if (bit < 0) throw new RuleError(`${name}: '${word.trim()}' is unknown`);
    mask |= bit < 8 ? 1 << (bit + 8) : 1 << (bit - 8);
  }
  builder.numbers.push({ name: 'dnp3_ind', test: (indications) => (indications & mask) !== 0 });
  builder.impliedRooms.push(['dnp3']);
}

/** `dnp3_obj:22,1`: group and variation of an object. */
function applyObject(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [group = '', variation = ''] = needValue(name, value).split(',');
  const wanted = (parseNumber(group, 'group', 0, 255) << 8) | parseNumber(variation, 'variation', 0, 255);
  builder.numbers.push({ name: 'dnp3_obj', test: (object) => object === wanted });
  builder.impliedRooms.push(['dnp3']);
}

/** `websocket.flags:fin,!comp`, or a number of both bits and more. */
function applyWebSocketFlags(builder: RuleBuilder, value: string | undefined, name: string): void {
  builder.impliedRooms.push(['websocket']);
  const text = needValue(name, value);
  const bits: Readonly<Record<string, number>> = { fin: 8, comp: 4 };
  const words = text.split(',').map((word) => word.trim());
  if (!words.every((word) => bits[word.replace(/^!/, '')] !== undefined)) {
    builder.numbers.push({ name, test: parseIntegerTest(text) });
    return;
  }
  for (const word of words) {
    const bit = bits[word.replace(/^!/, '')] ?? 0;
    const isWanted = !word.startsWith('!');
    builder.numbers.push({ name, test: (flags) => ((flags & bit) !== 0) === isWanted });
  }
}

/** RFC 9113 §6.5.2, from 1. */
const HTTP2_SETTINGS = [
  'SETTINGS_HEADER_TABLE_SIZE',
  'SETTINGS_ENABLE_PUSH',
  'SETTINGS_MAX_CONCURRENT_STREAMS',
  'SETTINGS_INITIAL_WINDOW_SIZE',
  'SETTINGS_MAX_FRAME_SIZE',
  'SETTINGS_MAX_HEADER_LIST_SIZE',
];

/** `http2.settings: "SETTINGS_MAX_CONCURRENT_STREAMS >50"`; without a comparison the setting is there. */
function applyHttp2Settings(builder: RuleBuilder, value: string | undefined, name: string): void {
  const { text } = unquote(needValue(name, value));
  const [, word = '', comparison = ''] = /^\s*(\w+)\s*(.*)$/.exec(text) ?? [];
  const number = /^\d+$/.test(word) ? Number(word) : HTTP2_SETTINGS.indexOf(word.toUpperCase()) + 1;
  if (number === 0) throw new RuleError(`${name}: '${word}' is unknown`);
  const test = comparison.trim() === '' ? () => true : parseIntegerTest(comparison);
  builder.numbers.push({ name: `http2.settings.${number}`, test });
  builder.impliedRooms.push(['http2']);
}

/** Checksum keywords ask whether a checksum is `valid` or `invalid`. */
function checksum(summary: string, protocol: number | undefined, ipVersion: 4 | 6): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      const wanted = needValue(name, value).toLowerCase();
      if (wanted !== 'valid' && wanted !== 'invalid') throw new RuleError(`${name}: '${wanted}' is unknown`);
      const applies = (packet: InspectedPacket) =>
        packet.ipVersion === ipVersion &&
        (protocol === undefined ||
          (packet.ipProtocol === protocol && packet.transportOffset >= 0 && !packet.isFragment));
      builder.needsPacket = true;
      builder.checks.push(
        ({ packet }) =>
          packet !== undefined && applies(packet) && checksumIsRight(packet, protocol) === (wanted === 'valid'),
      );
    },
  };
}

const MQTT_FLAGS: Readonly<Record<string, string>> = { dup: 'mqtt.dup', retain: 'mqtt.retain' };
const MQTT_CONNECT_FLAGS: Readonly<Record<string, string>> = {
  username: 'mqtt.connect.flags.username',
  password: 'mqtt.connect.flags.password',
  will: 'mqtt.connect.flags.will',
  will_retain: 'mqtt.connect.flags.will_retain',
  clean_session: 'mqtt.connect.flags.clean_session',
};

/** `mqtt.flags:retain,!dup`: the room gives each flag as 0 or 1. */
function flagList(summary: string, fields: Readonly<Record<string, string>>): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      builder.impliedRooms.push(['mqtt']);
      for (const part of needValue(name, value)
        .split(',')
        .map((each) => each.trim())) {
        const field = fields[part.replace(/^!/, '')];
        if (field === undefined) throw new RuleError(`${name}: '${part}' is unknown`);
        const wanted = part.startsWith('!') ? 0 : 1;
        builder.numbers.push({ name: field, test: (flag) => flag === wanted });
      }
    },
  };
}

/** `vlan.id:200,0`: number of the VLAN, optionally in one layer. */
function applyVlan(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [comparison = '', layer] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const test = parseIntegerTest(comparison);
  const isEvery = layer === 'all';
  const wanted = layer === undefined || layer === 'any' || isEvery ? undefined : parseNumber(layer, 'layer', -3, 2);
  builder.needsPacket = true;
  builder.checks.push(({ packet }) => {
    const ids = packet === undefined ? [] : vlanIds(packet);
    if (wanted !== undefined) {
      const id = ids.at(wanted);
      return id !== undefined && test(id);
    }
    return ids.length > 0 && (isEvery ? ids.every(test) : ids.some(test));
  });
}

/** IEEE 802.1Q and 802.1ad tags between the Ethernet header and IP, the outer one first. */
function vlanIds({ bytes, linkOffset, ipOffset }: InspectedPacket): readonly number[] {
  const ids: number[] = [];
  if (linkOffset < 0) return ids;
  for (let at = linkOffset + 12; at + 4 <= ipOffset && ids.length < 3; at += 4) {
    const type = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (type !== 0x8100 && type !== 0x88a8 && type !== 0x9100) break;
    ids.push((((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) & 0x0fff);
  }
  return ids;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;

/** Keywords of single protocols that are more than a buffer or a number. */
export const PROTOCOL_KEYWORDS: KeywordTable = {
  ssl_state: { summary: 'where a TLS handshake stands', apply: applyTlsState },
  ssl_version: { summary: 'TLS versions, any of which may be', apply: applyTlsVersion },
  'tls.version': { summary: 'TLS version', apply: applyTlsVersion },
  'tls.fingerprint': {
    summary: 'SHA-1 of the certificate, in pairs with colons',
    apply: (builder, value, name) => {
      const { isNegated, text } = unquote(needValue(name, value));
      const wanted = text.toLowerCase();
      const test = (bytes: Buffer) => (bytes.toString('latin1').toLowerCase() === wanted) !== isNegated;
      builder.addToBuffer('tls.cert_fingerprint', { kind: 'whole', test });
    },
  },
  'tls.store': { summary: 'matches; certificates are kept by policy, not by rule', apply: () => {} },
  'dcerpc.iface': { summary: 'DCE/RPC interface that is bound', apply: applyInterface },
  dce_iface: { summary: 'DCE/RPC interface that is bound', apply: applyInterface },
  'ike.chosen_sa_attribute': { summary: 'what an IKE server has chosen', apply: applyChosenAttribute },
  dnp3_ind: { summary: 'internal indications of a DNP3 outstation', apply: applyIndications },
  'dnp3.ind': { summary: 'internal indications of a DNP3 outstation', apply: applyIndications },
  dnp3_obj: { summary: 'an object of DNP3 by group and variation', apply: applyObject },
  'websocket.flags': { summary: 'flags of a WebSocket frame', apply: applyWebSocketFlags },
  'http2.settings': { summary: 'a setting of HTTP/2, with its value', apply: applyHttp2Settings },
  modbus: { summary: 'function, unit, access, address and value', apply: applyModbus },
  'mqtt.flags': flagList('flags of an MQTT message', MQTT_FLAGS),
  'mqtt.connect.flags': flagList('flags of MQTT CONNECT', MQTT_CONNECT_FLAGS),
  'vlan.id': { summary: 'number of the VLAN', apply: applyVlan },
  'vlan.layers': {
    summary: 'number of VLAN tags',
    apply: (builder, value, name) => {
      const test = parseIntegerTest(needValue(name, value));
      builder.needsPacket = true;
      builder.checks.push(({ packet }) => packet !== undefined && test(vlanIds(packet).length));
    },
  },
  'ipv4-csum': checksum('checksum of the IPv4 header', undefined, 4),
  'tcpv4-csum': checksum('checksum of TCP in IPv4', TCP, 4),
  'tcpv6-csum': checksum('checksum of TCP in IPv6', TCP, 6),
  'udpv4-csum': checksum('checksum of UDP in IPv4', UDP, 4),
  'udpv6-csum': checksum('checksum of UDP in IPv6', UDP, 6),
  'icmpv4-csum': checksum('checksum of ICMP', ICMP, 4),
  'icmpv6-csum': checksum('checksum of ICMPv6', ICMPV6, 6),
};
