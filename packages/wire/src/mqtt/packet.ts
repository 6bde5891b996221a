import { ByteCursor } from '../bytes/byte-cursor.ts';
import { utf8 } from '../bytes/text.ts';
import { type MqttProperty, readProperties } from './properties.ts';
import { variableInteger } from './variable-integer.ts';

/** Types of control packets by their number (MQTT 5 §2.1.2); 0 is reserved. */
export const PACKET_KINDS = [
  'reserved',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
] as const;
export type MqttPacketKind = (typeof PACKET_KINDS)[number];

const VERSION_5 = 5;
const MAXIMUM_TOPICS = 100;
const FLAG = { userName: 0x80, password: 0x40, willRetain: 0x20, will: 0x04, cleanSession: 0x02 } as const;

/** One control packet with all that is in it; whoever records it leaves out what may name a patient. */
export interface MqttPacket {
  readonly kind: MqttPacketKind;
  readonly qos: number;
  readonly isRetained: boolean;
  readonly isDuplicate: boolean;
  /** What follows the fixed header. */
  readonly remainingBytes: number;
  /** It is longer than what is read of one: nothing behind the fixed header is told but of a message its topic. */
  readonly isTruncated: boolean;
  readonly packetId?: number;
  readonly connect?: MqttConnect;
  readonly isSessionPresent?: boolean;
  /** Of an answer: one for each topic, or one; of a disconnect and an authentication: why. */
  readonly reasonCodes?: readonly number[];
  readonly topics?: readonly MqttTopic[];
  /** Of what waits for an acknowledgement: its beginning. */
  readonly message?: Uint8Array;
  readonly messageBytes?: number;
  readonly properties?: readonly MqttProperty[];
}

export interface MqttTopic {
  readonly name: string;
  /** That is asked for; undefined of what is published and of topics that are given up. */
  readonly qos: number | undefined;
}

/** Who connects, and how (§3.1). */
export interface MqttConnect {
  readonly protocolName: string;
  readonly version: number;
  readonly hasUserName: boolean;
  readonly hasPassword: boolean;
  readonly isCleanSession: boolean;
  readonly keepAliveSeconds: number;
  readonly clientId: string;
  readonly userName: string | undefined;
  readonly password: string | undefined;
  /** What is published in the client's name once it is gone. */
  readonly will: MqttWill | undefined;
  readonly isWillRetained: boolean;
}

export interface MqttWill {
  readonly topic: string;
  readonly message: string;
  readonly properties: readonly MqttProperty[] | undefined;
}

/**
 * @param packet with its fixed header, perhaps cut at its end
 * @param length of the whole packet in bytes
 * @param version protocol level of the connection; 0 where it is not known
 * @returns what is in it; undefined for a CONNECT that is not whole
 */
export function parsePacket(packet: Uint8Array, length: number, version: number): MqttPacket | undefined {
  const [first = 0] = packet;
  const cursor = new ByteCursor(packet, 1);
  variableInteger(cursor);
  const kind = PACKET_KINDS[first >> 4] ?? 'reserved';
  const qos = (first >> 1) & 3;
  const head = {
    kind,
    qos,
    isRetained: (first & 1) === 1,
    isDuplicate: ((first >> 3) & 1) === 1,
    remainingBytes: length - cursor.offset,
    isTruncated: packet.length < length,
  };
  const body = readBody(kind, qos, cursor, version);
  return body === undefined ? undefined : { ...head, ...body };
}

type Body = Omit<MqttPacket, 'kind' | 'qos' | 'isRetained' | 'isDuplicate' | 'remainingBytes' | 'isTruncated'>;

function readBody(kind: MqttPacketKind, qos: number, cursor: ByteCursor, version: number): Body | undefined {
  switch (kind) {
    case 'connect':
      return readConnect(cursor);
    case 'connack': {
      const isSessionPresent = (cursor.uint8() & 1) === 1;
      return { isSessionPresent, reasonCodes: [cursor.uint8()], ...propertiesOf(cursor, version) };
    }
    case 'publish': {
      const topics = [{ name: readText(cursor), qos: undefined }];
      const packetId = qos > 0 ? { packetId: cursor.uint16() } : {};
      const properties = propertiesOf(cursor, version);
      const message = cursor.slice(cursor.remaining);
      return { topics, ...packetId, ...properties, message, messageBytes: message.length };
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp': {
      const packetId = cursor.uint16();
      // Left out where it is 0 (§3.4.2.1 and so on); versions before have none.
      const code = cursor.remaining > 0 ? cursor.uint8() : 0;
      const reasonCodes = version === VERSION_5 ? { reasonCodes: [code] } : {};
      return { packetId, ...reasonCodes, ...propertiesOf(cursor, version) };
    }
    case 'subscribe':
    case 'unsubscribe':
      return {
        packetId: cursor.uint16(),
        ...propertiesOf(cursor, version),
        topics: readTopics(cursor, kind === 'subscribe'),
      };
    case 'suback':
    case 'unsuback':
      return {
        packetId: cursor.uint16(),
        ...propertiesOf(cursor, version),
        reasonCodes: [...cursor.slice(Math.min(cursor.remaining, MAXIMUM_TOPICS))],
      };
    case 'disconnect':
    case 'auth': {
      if (version !== VERSION_5) return {};
      // Left out where it is 0 (§3.14.2.1, §3.15.2.1).
      return { reasonCodes: [cursor.remaining > 0 ? cursor.uint8() : 0], ...propertiesOf(cursor, version) };
    }
    case 'reserved':
    case 'pingreq':
    case 'pingresp':
      return {};
    default:
      return kind satisfies never;
  }
}

/** §3.1: name, level, flags, keep-alive, then what the flags announce. */
function readConnect(cursor: ByteCursor): Body | undefined {
  const protocolName = readText(cursor);
  const version = cursor.uint8();
  const flags = cursor.uint8();
  const has = (flag: number) => (flags & flag) !== 0;
  const keepAliveSeconds = cursor.uint16();
  const properties = propertiesOf(cursor, version);
  const clientId = readText(cursor);
  if (cursor.isBroken) return undefined;
  const will = has(FLAG.will) ? readWill(cursor, version) : undefined;
  const userName = has(FLAG.userName) ? readText(cursor) : undefined;
  const password = has(FLAG.password) ? readText(cursor) : undefined;
  const connect = {
    protocolName,
    version,
    hasUserName: has(FLAG.userName),
    hasPassword: has(FLAG.password),
    isCleanSession: has(FLAG.cleanSession),
    keepAliveSeconds,
    clientId,
    userName,
    password,
    will,
    isWillRetained: has(FLAG.willRetain),
  };
  return { connect, ...properties };
}

function readWill(cursor: ByteCursor, version: number): MqttWill {
  const properties = version === VERSION_5 ? readProperties(cursor) : undefined;
  return { topic: readText(cursor), message: readText(cursor), properties };
}

function readTopics(cursor: ByteCursor, hasOptions: boolean): readonly MqttTopic[] {
  const topics: MqttTopic[] = [];
  while (cursor.remaining > 0 && topics.length < MAXIMUM_TOPICS) {
    const name = readText(cursor);
    const qos = hasOptions ? cursor.uint8() & 3 : undefined;
    if (cursor.isBroken) break;
    topics.push({ name, qos });
  }
  return topics;
}

function propertiesOf(cursor: ByteCursor, version: number): { readonly properties?: readonly MqttProperty[] } {
  if (version !== VERSION_5 || cursor.remaining === 0) return {};
  const properties = readProperties(cursor);
  return properties.length === 0 ? {} : { properties };
}

function readText(cursor: ByteCursor): string {
  return utf8(cursor.slice(cursor.uint16()));
}
