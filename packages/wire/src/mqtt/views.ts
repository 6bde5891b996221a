import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { TransactionView } from '../inspector.ts';
import { transactionView, type ViewNumbers, type ViewText } from '../transaction-view.ts';
import { variableInteger } from './variable-integer.ts';

const VERSION_5 = 5;
const MAXIMUM_TOPICS = 100;
const HIGHEST_QOS = 2;
const [CONNECT, CONNACK, PUBLISH, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT, AUTH] = [
  1, 2, 3, 8, 9, 10, 11, 14, 15,
];

interface Contents {
  readonly text?: ViewText;
  readonly numbers?: ViewNumbers;
}

/**
 * What rules see of one control packet of MQTT (MQTT 3.1.1 §3, MQTT 5 §3): buffers and numbers `mqtt.*`.
 *
 * @param packet with its fixed header, perhaps cut at its end
 * @param version protocol level of the connection
 */
export function mqttView(packet: Uint8Array, version: number, isIntroduced: boolean): TransactionView {
  const [first = 0] = packet;
  const type = first >> 4;
  const qos = (first >> 1) & 3;
  const cursor = new ByteCursor(packet, 1);
  variableInteger(cursor);
  const { text = {}, numbers = {} } = contentsOf(type, qos, cursor, version);
  const flags = { 'mqtt.dup': (first >> 3) & 1, 'mqtt.retain': first & 1 };
  const events = [
    ...(type === 0 || (type === AUTH && version !== VERSION_5) ? ['mqtt.unassigned_msg_type'] : []),
    ...(qos > HIGHEST_QOS ? ['mqtt.invalid_qos_level'] : []),
    ...(isIntroduced || type === CONNECT ? [] : ['mqtt.unintroduced_message']),
    ...(isIntroduced && type === CONNECT ? ['mqtt.double_connect'] : []),
  ];
  const shared = { 'mqtt.type': type, 'mqtt.qos': qos, 'mqtt.protocol_version': version || undefined, ...flags };
  return transactionView('mqtt', text, { ...shared, ...numbers }, events);
}

function contentsOf(type: number, qos: number, cursor: ByteCursor, version: number): Contents {
  switch (type) {
    case CONNECT:
      return readConnect(cursor);
    case CONNACK: {
      const flags = cursor.uint8();
      return { numbers: { 'mqtt.connack.session_present': flags & 1, 'mqtt.reason_code': cursor.uint8() } };
    }
    case PUBLISH: {
      const topic = readText(cursor);
      if (qos > 0) cursor.skip(2);
      skipProperties(cursor, version);
      return { text: { 'mqtt.publish.topic': topic, 'mqtt.publish.message': rest(cursor) } };
    }
    case SUBSCRIBE:
    case UNSUBSCRIBE: {
      cursor.skip(2);
      skipProperties(cursor, version);
      const name = type === SUBSCRIBE ? 'mqtt.subscribe.topic' : 'mqtt.unsubscribe.topic';
      return { text: { [name]: readTopics(cursor, type === SUBSCRIBE) } };
    }
    case SUBACK:
    case UNSUBACK:
      cursor.skip(2);
      skipProperties(cursor, version);
      return { numbers: { 'mqtt.reason_code': [...cursor.slice(cursor.remaining)] } };
    case DISCONNECT:
      return { numbers: { 'mqtt.reason_code': cursor.remaining > 0 ? cursor.uint8() : 0 } };
    default:
      return {};
  }
}

/** §3.1: name, level, flags, keep-alive, then what the flags announce. */
function readConnect(cursor: ByteCursor): Contents {
  const name = readText(cursor);
  const version = cursor.uint8();
  const flags = cursor.uint8();
  const has = (bit: number) => (flags >> bit) & 1;
  cursor.skip(2);
  skipProperties(cursor, version);
  const clientId = readText(cursor);
  const hasWill = has(2) === 1;
  if (hasWill) skipProperties(cursor, version);
  return {
    text: {
      'mqtt.connect.protocol_string': name,
      'mqtt.connect.clientid': clientId,
      'mqtt.connect.willtopic': hasWill ? readText(cursor) : '',
      'mqtt.connect.willmessage': hasWill ? readText(cursor) : '',
      'mqtt.connect.username': has(7) === 1 ? readText(cursor) : '',
      'mqtt.connect.password': has(6) === 1 ? readText(cursor) : '',
    },
    numbers: {
      'mqtt.protocol_version': version,
      'mqtt.connect.flags.clean_session': has(1),
      'mqtt.connect.flags.will': has(2),
      'mqtt.connect.flags.will_retain': has(5),
      'mqtt.connect.flags.password': has(6),
      'mqtt.connect.flags.username': has(7),
    },
  };
}

function readTopics(cursor: ByteCursor, hasOptions: boolean): readonly string[] {
  const topics: string[] = [];
  while (cursor.remaining > 2 && topics.length < MAXIMUM_TOPICS) {
    topics.push(readText(cursor));
    if (hasOptions) cursor.skip(1);
  }
  return topics;
}

function skipProperties(cursor: ByteCursor, version: number): void {
  if (version === VERSION_5) cursor.skip(variableInteger(cursor));
}

function readText(cursor: ByteCursor): string {
  return latin1(cursor.slice(cursor.uint16()));
}

function rest(cursor: ByteCursor): string {
  return latin1(cursor.slice(cursor.remaining));
}
