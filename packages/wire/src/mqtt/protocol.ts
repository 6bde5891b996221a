import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  EvidenceDraft,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { MqttPacketViews } from './packet-views.ts';
import { variableInteger } from './variable-integer.ts';

const CONNECT = 0x10;
const CONNACK = 0x20;
/** Fixed header, flags and reason; properties of version 5 follow. */
const CONNACK_BYTES = 4;
const USER_NAME_FLAG = 0x80;
const MAXIMUM_CONNECT = 4096;
const VERSION_5 = 5;

export interface MqttRecord extends ProtocolRecord {
  readonly protocol: 'mqtt';
  readonly activity: 'connect' | 'connect-acknowledgement';
  readonly version: number;
  readonly clientId: string;
  readonly authentication: 'none' | 'password';
  readonly isAccepted: boolean;
}

/** CONNECT and CONNACK (MQTT 3.1.1 §3.1, §3.2; MQTT 5 §3.1, §3.2). Topics and messages are shown to rules, never recorded. */
class MqttParser implements StreamParser {
  readonly #context: ParserContext<MqttRecord>;
  readonly #request = new ByteCollector(MAXIMUM_CONNECT);
  readonly #answer = new ByteCollector(CONNACK_BYTES);
  #connect: Pick<MqttRecord, 'version' | 'clientId' | 'authentication'> | undefined;
  readonly #views: MqttPacketViews | undefined;
  /** Of what is recorded. */
  #state: StreamState = 'continue';

  constructor(context: ParserContext<MqttRecord>) {
    this.#context = context;
    if (context.inspect !== undefined) this.#views = new MqttPacketViews((...view) => context.inspect?.(...view));
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#state === 'continue') this.#state = this.#record(direction, bytes);
    this.#views?.push(direction, bytes);
    return this.#views === undefined ? this.#state : 'continue';
  }

  #record(direction: Direction, bytes: Uint8Array): StreamState {
    if (direction === 'to-client') return this.#acknowledgement(bytes);
    if (this.#connect !== undefined) return 'continue';
    this.#request.add(bytes);
    this.#connect = parseConnect(this.#request.view());
    if (this.#connect === undefined) return this.#request.isFull ? 'failed' : 'continue';
    this.#request.clear();
    this.#emit('connect', false, direction);
    return 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}

  #acknowledgement(bytes: Uint8Array): StreamState {
    this.#answer.add(bytes);
    const [type, , , reason] = this.#answer.view();
    if (type !== CONNACK) return 'finished';
    if (!this.#answer.isFull) return 'continue';
    this.#emit('connect-acknowledgement', reason === 0, 'to-client');
    return 'finished';
  }

  #emit(activity: MqttRecord['activity'], isAccepted: boolean, direction: Direction): void {
    const connect = this.#connect ?? { version: 0, clientId: '', authentication: 'password' };
    this.#context.emit({ protocol: 'mqtt', activity, ...connect, isAccepted }, direction);
  }
}

export const mqtt: Protocol<MqttRecord> = {
  id: 'mqtt',
  title: 'MQTT',
  standards: ['OASIS MQTT 3.1.1 §3.1, §3.2', 'OASIS MQTT 5.0 §3.1, §3.2'],
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

function parseConnect(bytes: Uint8Array): Pick<MqttRecord, 'version' | 'clientId' | 'authentication'> | undefined {
  const cursor = new ByteCursor(bytes, 1);
  variableInteger(cursor);
  cursor.skip(cursor.uint16());
  const version = cursor.uint8();
  const flags = cursor.uint8();
  cursor.skip(2);
  if (version === VERSION_5) cursor.skip(variableInteger(cursor));
  const clientId = cleanText(latin1(cursor.slice(cursor.uint16())), 64);
  if (cursor.isBroken) return undefined;
  return { version, clientId, authentication: (flags & USER_NAME_FLAG) === 0 ? 'none' : 'password' };
}

function mqttEvidence(record: MqttRecord): readonly EvidenceDraft[] {
  if (record.activity === 'connect') return draft('mqtt.client-id', record.clientId, 'client');
  return record.isAccepted ? draft('mqtt.authentication', record.authentication, 'server') : [];
}
