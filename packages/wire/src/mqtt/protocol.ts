import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  EvidenceDraft,
  ParserContext,
  Protocol,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { MqttExchanges } from './exchanges.ts';
import { parsePacket } from './packet.ts';
import { MqttPacketCutter } from './packet-cutter.ts';
import type { MqttRecord, MqttSessionRecord } from './types.ts';
import { mqttView } from './views.ts';

const CONNECT = 0x10;
const MAXIMUM_CLIENT_ID = 64;
const KIND_CONNECT = 1;
/** Bytes of a packet that are read for its record: the topic of a message, and what stands before it. */
const RECORDED_BYTES = 4096;
/** Bytes of a packet that rules look at, and that a log tells. */
const INSPECTED_BYTES = 64 * 1024;
const LOGGED_BYTES = 1024 * 1024;

/** Control packets of both ends (MQTT 3.1.1 §3, MQTT 5 §3). Topics and messages are shown to rules, never recorded. */
class MqttParser implements StreamParser {
  readonly #context: ParserContext<MqttRecord>;
  readonly #exchanges: MqttExchanges;
  readonly #cutters: Readonly<Record<Direction, MqttPacketCutter>>;
  #connect: Pick<MqttSessionRecord, 'version' | 'clientId' | 'authentication'> | undefined;
  #isIntroduced = false;
  #hasFailed = false;

  constructor(context: ParserContext<MqttRecord>) {
    const { inspect, detail } = context;
    const maximumBytes = detail !== undefined ? LOGGED_BYTES : inspect !== undefined ? INSPECTED_BYTES : RECORDED_BYTES;
    const cutter = (direction: Direction) =>
      new MqttPacketCutter(maximumBytes, (packet, length) => this.#packet(packet, length, direction));
    this.#context = context;
    this.#exchanges = new MqttExchanges(context);
    this.#cutters = { 'to-server': cutter('to-server'), 'to-client': cutter('to-client') };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    this.#cutters[direction].push(bytes);
    if (!this.#hasFailed) return 'continue';
    this.end();
    return 'failed';
  }

  gap(direction: Direction, length: number): StreamState {
    if (this.#cutters[direction].gap(length)) return 'continue';
    this.end();
    return 'finished';
  }

  skippable(direction: Direction): number {
    return this.#cutters[direction].takeSkippable();
  }

  end(): void {
    this.#exchanges.end();
  }

  #packet(bytes: Uint8Array, length: number, direction: Direction): void {
    // What follows a failure is not read, in the same segment as little as in the next one.
    if (this.#hasFailed) return;
    const packet = parsePacket(bytes, length, this.#connect?.version ?? 0);
    if (packet === undefined || (packet.kind === 'reserved' && this.#context.inspect === undefined))
      this.#hasFailed = true;
    const { connect } = packet ?? {};
    if (connect !== undefined) {
      const { version, clientId, hasUserName } = connect;
      const authentication = hasUserName ? 'password' : 'none';
      this.#connect ??= { version, clientId: cleanText(clientId, MAXIMUM_CLIENT_ID), authentication };
    }
    if (this.#context.frame !== undefined) this.#showFrames(bytes, direction);
    if (this.#context.inspect !== undefined) this.#show(bytes, direction);
    if (packet === undefined) return;
    if (packet.kind === 'connect') this.#emit('connect', false, direction);
    else if (packet.kind === 'connack') this.#emit('connect-acknowledgement', packet.reasonCodes?.[0] === 0, direction);
    this.#exchanges.packet(packet, direction);
  }

  #showFrames(bytes: Uint8Array, direction: Direction): void {
    const headerBytes = fixedHeaderBytes(bytes);
    this.#context.frame?.(direction, 'pdu', bytes);
    this.#context.frame?.(direction, 'header', bytes.subarray(0, headerBytes));
    if (bytes.length > headerBytes) this.#context.frame?.(direction, 'data', bytes.subarray(headerBytes));
  }

  #show(bytes: Uint8Array, direction: Direction): void {
    const shown = bytes.subarray(0, INSPECTED_BYTES);
    this.#context.inspect?.(direction, mqttView(shown, this.#connect?.version ?? 0, this.#isIntroduced));
    this.#isIntroduced ||= (bytes[0] ?? 0) >> 4 === KIND_CONNECT;
  }

  #emit(activity: MqttSessionRecord['activity'], isAccepted: boolean, direction: Direction): void {
    const connect = this.#connect ?? { version: 0, clientId: '', authentication: 'password' };
    this.#context.emit({ protocol: 'mqtt', activity, ...connect, isAccepted }, direction);
  }
}

export const mqtt: Protocol<MqttRecord> = {
  id: 'mqtt',
  title: 'MQTT',
  standards: ['OASIS MQTT 3.1.1 §3, §4.3', 'OASIS MQTT 5.0 §2.2.2, §3, §4.3'],
  transports: ['tcp'],
  usualPorts: [1883],
  isEncrypted: false,
  isClinical: false,
  detect: detectMqtt,
  createStreamParser: (context) => new MqttParser(context),
  evidence: mqttEvidence,
};

function detectMqtt({ toServer }: DetectionSample): Detection {
  if (toServer.length === 0) return 'undecided';
  if (toServer[0] !== CONNECT) return 'reject';
  if (toServer.length < 10) return 'undecided';
  // Remaining length takes one to four bytes; two more give the length of the name.
  const name = latin1(toServer, 1, 16);
  const position = Math.max(name.indexOf('MQTT'), name.indexOf('MQIsdp'));
  return position >= 3 && position <= 6 ? 'match' : 'reject';
}

function mqttEvidence(record: MqttRecord): readonly EvidenceDraft[] {
  if (record.activity === 'connect') return draft('mqtt.client-id', record.clientId, 'client');
  if (record.activity !== 'connect-acknowledgement') return [];
  return record.isAccepted ? draft('mqtt.authentication', record.authentication, 'server') : [];
}

/** First byte and remaining length, of one to four bytes (MQTT 5.0 §2.1). */
function fixedHeaderBytes(bytes: Uint8Array): number {
  let length = 2;
  while (length < 5 && ((bytes[length - 1] ?? 0) & 0x80) !== 0) length += 1;
  return length;
}
