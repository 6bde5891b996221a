import { utf8 } from '../../../bytes/text.ts';
import type { MqttConnect, MqttPacket } from '../../../mqtt/packet.ts';
import type { MqttProperty } from '../../../mqtt/properties.ts';
import type { MqttDetail } from '../../../mqtt/types.ts';
import type { EveBody, EveMembers } from '../eve-event.ts';
import type { EveSettings } from '../settings.ts';

/** Properties whose values are content, or name who publishes and where. */
const WITHHELD: ReadonlySet<string> = new Set([
  'response_topic',
  'correlation_data',
  'authentication_data',
  'response_information',
  'reason_string',
]);

/** The packets of one exchange, each under its kind. Topics, messages, who logs in and what users added are content. */
export function mqttBody({ packets }: MqttDetail, withContent: boolean, settings: EveSettings): EveBody | undefined {
  const members: EveMembers = {};
  for (const packet of packets) {
    if (packet.kind !== 'reserved') members[packet.kind] = packetMembers(packet, withContent, settings);
  }
  return { type: 'mqtt', members };
}

function packetMembers(packet: MqttPacket, withContent: boolean, settings: EveSettings): EveMembers {
  const { qos, isRetained, isDuplicate, isTruncated, remainingBytes } = packet;
  const header = { qos, retain: isRetained, dup: isDuplicate };
  if (isTruncated || remainingBytes > settings.mqttMessageBytes)
    return { ...header, truncated: true, skipped_length: wholeLength(remainingBytes) };
  return {
    ...header,
    ...(packet.connect === undefined ? {} : connectMembers(packet.connect, withContent)),
    ...(packet.isSessionPresent === undefined ? {} : { session_present: packet.isSessionPresent }),
    ...(packet.packetId === undefined ? {} : { message_id: packet.packetId }),
    ...(withContent ? contentMembers(packet, settings.mqttTextBytes) : {}),
    ...codeMembers(packet),
    ...propertyMembers(packet.properties, withContent),
  };
}

/** With the fixed header: a type, and seven bits of the length in each byte (MQTT 5 §2.1.4). */
function wholeLength(remainingBytes: number): number {
  return 1 + Math.max(1, Math.ceil(Math.log2(remainingBytes + 1) / 7)) + remainingBytes;
}

function connectMembers(connect: MqttConnect, withContent: boolean): EveMembers {
  const { protocolName, version, hasUserName, hasPassword, isCleanSession, clientId, userName, password } = connect;
  const { will, isWillRetained } = connect;
  const login = withContent ? { username: userName, password } : {};
  const topic = withContent && will !== undefined ? { topic: will.topic, message: will.message } : {};
  return {
    protocol_string: protocolName,
    protocol_version: version,
    client_id: clientId,
    flags: {
      username: hasUserName,
      password: hasPassword,
      will: will !== undefined,
      will_retain: isWillRetained,
      clean_session: isCleanSession,
    },
    ...Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined)),
    ...(will === undefined ? {} : { will: { ...topic, ...propertyMembers(will.properties, withContent) } }),
  };
}

function contentMembers(packet: MqttPacket, maximumBytes: number): EveMembers {
  const { kind, topics = [], message = new Uint8Array(), messageBytes = message.length } = packet;
  const cut = (text: string) => {
    const bytes = Buffer.from(text);
    return cutBytes(bytes, bytes.length, maximumBytes);
  };
  switch (kind) {
    case 'publish':
      return { topic: cut(topics[0]?.name ?? ''), message: cutBytes(message, messageBytes, maximumBytes) };
    case 'subscribe':
      return { topics: topics.map(({ name, qos }) => ({ topic: cut(name), qos })) };
    case 'unsubscribe':
      return { topics: topics.map(({ name }) => cut(name)) };
    default:
      return {};
  }
}

function codeMembers({ kind, reasonCodes }: MqttPacket): EveMembers {
  if (reasonCodes === undefined) return {};
  switch (kind) {
    case 'connack':
      return { return_code: reasonCodes[0] };
    case 'suback':
      return { qos_granted: reasonCodes };
    case 'unsuback':
      return reasonCodes.length === 0 ? {} : { reason_codes: reasonCodes };
    default:
      return { reason_code: reasonCodes[0] };
  }
}

function propertyMembers(properties: readonly MqttProperty[] | undefined, withContent: boolean): EveMembers {
  if (properties === undefined) return {};
  const told = properties.filter(({ name, isUserDefined }) => withContent || !(isUserDefined || WITHHELD.has(name)));
  return { properties: Object.fromEntries(told.map(({ name, value }) => [name, value])) };
}

/** @param length of the whole, of which `bytes` may be the beginning */
function cutBytes(bytes: Uint8Array, length: number, maximumBytes: number): string {
  const more = length - maximumBytes;
  return more <= 0 ? utf8(bytes) : `${utf8(bytes.subarray(0, maximumBytes))}[truncated ${more} additional bytes]`;
}
