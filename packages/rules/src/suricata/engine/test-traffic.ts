import type { StreamEvent } from '@sphinx/schema';
import type { Direction, InspectedFlowState, InspectedPacket, TransactionView } from '../inspector.ts';
import { loadRules } from '../load.ts';
import { type RuleAlert, RuleEngine, type RuleEngineOptions } from './engine.ts';

const IP_HEADER = 20;
const UDP_HEADER = 8;
const TCP_HEADER = 20;

/** A flow as a sensor shows it, for tests. */
export function testFlow(changes: Partial<InspectedFlowState> = {}): InspectedFlowState {
  return {
    clientIp: '192.168.1.10',
    serverIp: '203.0.113.5',
    clientPort: 40_000,
    serverPort: 80,
    transport: 'tcp',
    protocol: undefined,
    isEstablished: true,
    packetsToServer: 1,
    packetsToClient: 1,
    bytesToServer: 60,
    bytesToClient: 60,
    notes: undefined as unknown,
    ...changes,
  };
}

/** An engine with rules, and what it says. */
export class TestEngine {
  readonly engine: RuleEngine;
  readonly alerts: RuleAlert[] = [];
  #packets = 0;
  #timeMicros = 1_000_000_000;

  constructor(rules: readonly string[], options: Omit<RuleEngineOptions, 'alert'> = {}) {
    const loaded = loadRules([{ name: 'test.rules', content: rules.join('\n') }]);
    const [rejected] = loaded.rejected;
    if (rejected !== undefined) throw new Error(`rule ${rejected.sid}: ${rejected.reason}`);
    this.engine = new RuleEngine(loaded.rules, { ...options, alert: (alert) => this.alerts.push(alert) });
  }

  /** Numbers of the rules that spoke since the last call. */
  take(): number[] {
    return this.alerts.splice(0).map(({ rule }) => rule.sid);
  }

  wait(seconds: number): void {
    this.#timeMicros += seconds * 1_000_000;
  }

  /** A packet with this payload, and its stretch of stream where it is TCP. */
  send(flow: InspectedFlowState, payload: string | Uint8Array, direction: Direction = 'to-server'): void {
    const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
    this.engine.packet(this.#packet(flow, bytes, direction));
    if (flow.transport === 'tcp' && bytes.length > 0) this.engine.stream(flow, direction, bytes);
  }

  /** A packet whose connection is irregular. */
  sendOdd(flow: InspectedFlowState, payload: string, events: readonly StreamEvent[]): void {
    const packet = this.#packet(flow, Buffer.from(payload, 'latin1'), 'to-server');
    this.engine.packet(packet);
    this.engine.streamEvents(packet, events);
  }

  /** One side of a transaction. */
  show(flow: InspectedFlowState, direction: Direction, protocol: string, buffers: Record<string, string>): void {
    const view: TransactionView = {
      protocol,
      buffers: Object.fromEntries(Object.entries(buffers).map(([name, text]) => [name, [Buffer.from(text, 'latin1')]])),
    };
    this.engine.packet(this.#packet(flow, new Uint8Array(0), direction));
    this.engine.transaction(flow, direction, view);
  }

  #packet(flow: InspectedFlowState, payload: Uint8Array, direction: Direction): InspectedPacket {
    this.#packets += 1;
    this.#timeMicros += 1000;
    const isTcp = flow.transport === 'tcp';
    const payloadOffset = IP_HEADER + (isTcp ? TCP_HEADER : UDP_HEADER);
    const bytes = new Uint8Array(payloadOffset + payload.length);
    bytes[0] = 0x45;
    bytes[8] = 64;
    if (isTcp) {
      bytes[IP_HEADER + 12] = 0x50;
      bytes[IP_HEADER + 13] = 0x18;
    }
    bytes.set(payload, payloadOffset);
    return {
      bytes,
      decoderEvents: () => [],
      linkOffset: -1,
      ipOffset: 0,
      ipVersion: 4,
      ipProtocol: isTcp ? 6 : 17,
      transportOffset: IP_HEADER,
      payloadOffset,
      payloadEnd: bytes.length,
      isFragment: false,
      timeMicros: this.#timeMicros,
      packetNumber: this.#packets,
      direction,
      flow,
    };
  }
}
