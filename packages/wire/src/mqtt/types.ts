import type { TransactionDetail } from '../inspector.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import type { MqttPacket } from './packet.ts';

/** Opening of a session. */
export interface MqttSessionRecord extends ProtocolRecord {
  readonly protocol: 'mqtt';
  readonly activity: 'connect' | 'connect-acknowledgement';
  readonly version: number;
  readonly clientId: string;
  readonly authentication: 'none' | 'password';
  readonly isAccepted: boolean;
}

/** What is done in a session, with its acknowledgement. Topics and messages are not in it: they may name a patient. */
export interface MqttExchangeRecord extends ProtocolRecord {
  readonly protocol: 'mqtt';
  readonly activity: 'publish' | 'subscribe' | 'unsubscribe' | 'disconnect' | 'authenticate';
  readonly sentBy: 'client' | 'broker';
  readonly qos: number;
  readonly isRetained: boolean;
  /** Sent again because no acknowledgement came. */
  readonly isDuplicate: boolean;
  readonly topicCount: number;
  readonly messageBytes: number;
  /** Undefined where no acknowledgement is wanted. */
  readonly outcome: Outcome | undefined;
  /** The worst that was answered; of a disconnect, why (MQTT 5 §2.4). */
  readonly reasonCode: number;
  readonly durationMs: number | undefined;
}

export type MqttRecord = MqttSessionRecord | MqttExchangeRecord;

/** The packets of one exchange: what is asked or told, and what acknowledges it. */
export interface MqttDetail extends TransactionDetail {
  readonly protocol: 'mqtt';
  readonly packets: readonly MqttPacket[];
}
