import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { MqttPacket, MqttPacketKind } from './packet.ts';
import type { MqttDetail, MqttExchangeRecord, MqttRecord } from './types.ts';

/** Codes from here on are failures (MQTT 5 §2.4; those of a SUBACK in MQTT 3.1.1 §3.9.3 too). */
const FIRST_FAILURE = 0x80;
const MAXIMUM_KEPT_MESSAGE = 1024;
const ACTIVITIES: Partial<Record<MqttPacketKind, MqttExchangeRecord['activity']>> = {
  publish: 'publish',
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  disconnect: 'disconnect',
  auth: 'authenticate',
};

interface Exchange {
  readonly direction: Direction;
  readonly packets: MqttPacket[];
}

/**
 * Puts packets together that belong together: a message with its acknowledgements (MQTT 5 §4.3), a subscription with its
 * answer. Tells each once, when it is complete or when nothing more will come.
 */
export class MqttExchanges {
  readonly #context: ParserContext<MqttRecord>;
  readonly #pending = new PendingRequests<Exchange>();

  constructor(context: ParserContext<MqttRecord>) {
    this.#context = context;
  }

  packet(packet: MqttPacket, direction: Direction): void {
    const { kind, packetId = 0, qos } = packet;
    switch (kind) {
      case 'connect':
        this.#ask('connect', direction, packet);
        break;
      case 'connack':
        this.#end('connect', direction, packet);
        break;
      case 'publish':
        if (qos === 0) this.#alone(direction, packet);
        else this.#ask(`publish ${direction} ${packetId}`, direction, packet);
        break;
      case 'puback':
      case 'pubcomp':
        this.#end(`publish ${opposite(direction)} ${packetId}`, direction, packet);
        break;
      case 'pubrec':
        this.#goOn(`publish ${opposite(direction)} ${packetId}`, direction, packet);
        break;
      case 'pubrel':
        this.#goOn(`publish ${direction} ${packetId}`, direction, packet);
        break;
      case 'subscribe':
      case 'unsubscribe':
        this.#ask(`${kind} ${packetId}`, direction, packet);
        break;
      case 'suback':
        this.#end(`subscribe ${packetId}`, direction, packet);
        break;
      case 'unsuback':
        this.#end(`unsubscribe ${packetId}`, direction, packet);
        break;
      case 'pingreq':
        this.#ask('ping', direction, packet);
        break;
      case 'pingresp':
        this.#end('ping', direction, packet);
        break;
      case 'disconnect':
      case 'auth':
        this.#alone(direction, packet);
        break;
      case 'reserved':
        break;
      default:
        kind satisfies never;
    }
  }

  end(): void {
    for (const exchange of this.#pending.takeAll()) this.#tell(exchange, undefined);
  }

  #ask(key: string, direction: Direction, packet: MqttPacket): void {
    const given = this.#pending.ask(key, { direction, packets: [this.#kept(packet)] }, this.#context.timeMicros?.());
    if (given !== undefined) this.#tell(given, undefined);
  }

  /** The message of a packet is lent: what waits for an acknowledgement keeps as much of it as a log tells. */
  #kept(packet: MqttPacket): MqttPacket {
    const { message, ...rest } = packet;
    if (message === undefined || this.#context.detail === undefined) return rest;
    return { ...rest, message: message.slice(0, MAXIMUM_KEPT_MESSAGE) };
  }

  /** One more of several acknowledgements (§4.3.3); the message waits for the last. */
  #goOn(key: string, direction: Direction, packet: MqttPacket): void {
    const exchange = this.#pending.waiting(key);
    const isRefused = packet.kind === 'pubrec' && (packet.reasonCodes?.[0] ?? 0) >= FIRST_FAILURE;
    if (exchange === undefined || isRefused) this.#end(key, direction, packet);
    else exchange.packets.push(packet);
  }

  #end(key: string, direction: Direction, packet: MqttPacket): void {
    const answered = this.#pending.answer(key, this.#context.timeMicros?.());
    if (answered === undefined) {
      this.#alone(direction, packet);
      return;
    }
    answered.request.packets.push(packet);
    this.#tell(answered.request, answered.durationMs);
  }

  #alone(direction: Direction, packet: MqttPacket): void {
    this.#tell({ direction, packets: [packet] }, undefined);
  }

  #tell({ direction, packets }: Exchange, durationMs: number | undefined): void {
    const record = recordOf(packets, direction, durationMs);
    if (record !== undefined) this.#context.emit(record, direction);
    if (this.#context.detail === undefined) return;
    const detail: MqttDetail = { protocol: 'mqtt', packets };
    this.#context.detail(direction, detail);
  }
}

function opposite(direction: Direction): Direction {
  return direction === 'to-server' ? 'to-client' : 'to-server';
}

/** @returns undefined for what opens a session, keeps it open, or acknowledges what was not seen */
function recordOf(
  packets: readonly MqttPacket[],
  direction: Direction,
  durationMs: number | undefined,
): MqttExchangeRecord | undefined {
  const [first, ...answers] = packets;
  const activity = first === undefined ? undefined : ACTIVITIES[first.kind];
  if (first === undefined || activity === undefined) return undefined;
  const { qos, isRetained, isDuplicate, topics = [], messageBytes = 0, remainingBytes } = first;
  const isAnswered = activity === 'subscribe' || activity === 'unsubscribe' || (activity === 'publish' && qos > 0);
  const codes = (isAnswered ? answers : [first]).flatMap(({ reasonCodes = [] }) => reasonCodes);
  const reasonCode = Math.max(0, ...codes);
  const outcome = durationMs === undefined ? 'unanswered' : reasonCode >= FIRST_FAILURE ? 'failure' : 'success';
  return {
    protocol: 'mqtt',
    activity,
    sentBy: direction === 'to-server' ? 'client' : 'broker',
    qos,
    isRetained,
    isDuplicate,
    topicCount: topics.length,
    messageBytes: first.isTruncated ? remainingBytes : messageBytes,
    outcome: isAnswered ? outcome : undefined,
    reasonCode,
    durationMs,
  };
}
