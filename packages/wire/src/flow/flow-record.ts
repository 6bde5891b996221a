import { hash } from 'node:crypto';
import type { FlowRecord, FlowReference } from '../sensor.ts';
import type { Flow } from './flow.ts';

const DIGITS = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz');
const PREFIX = 'flw_';
const SOURCE_DIGITS = 8;
const TIME_DIGITS = 11;
const PACKET_DIGITS = 7;

/** Makes the records and the ids of the flows of one source. */
export class FlowRecorder {
  readonly #id: Buffer;

  constructor(source: string) {
    this.#id = Buffer.alloc(PREFIX.length + SOURCE_DIGITS + TIME_DIGITS + PACKET_DIGITS, PREFIX);
    const digest = hash('sha256', source, 'buffer');
    for (let digit = 0; digit < SOURCE_DIGITS; digit++) {
      this.#id[PREFIX.length + digit] = DIGITS[(digest[digit] ?? 0) & 31] ?? 0;
    }
  }

  /** @returns totals and state of a flow as of now */
  record(flow: Flow): FlowRecord {
    return {
      id: this.#idOf(flow),
      clientIp: flow.clientIp,
      serverIp: flow.serverIp,
      clientPort: flow.clientPort,
      serverPort: flow.serverPort,
      clientMac: flow.clientMac,
      serverMac: flow.serverMac,
      vlan: flow.vlan,
      transport: flow.transport,
      protocol: flow.protocol ?? 'unknown',
      isEncrypted: flow.isEncrypted,
      bytesToServer: flow.bytesToServer,
      bytesToClient: flow.bytesToClient,
      packetsToServer: flow.packetsToServer,
      packetsToClient: flow.packetsToClient,
      tcpFlagsToServer: flow.tcpFlagsToServer,
      tcpFlagsToClient: flow.tcpFlagsToClient,
      state: flow.state,
      firstSeenMicros: flow.firstMicros,
      lastSeenMicros: flow.lastMicros,
      firstPacketNumber: flow.firstPacketNumber,
    };
  }

  /** @returns how records refer to the flow, the same object until its ends are known better */
  reference(flow: Flow): FlowReference {
    flow.reference ??= {
      id: this.#idOf(flow),
      clientIp: flow.clientIp,
      serverIp: flow.serverIp,
      clientPort: flow.clientPort,
      serverPort: flow.serverPort,
      clientMac: flow.clientMac,
      serverMac: flow.serverMac,
      vlan: flow.vlan,
      transport: flow.transport,
      firstPacketNumber: flow.firstPacketNumber,
    };
    return flow.reference;
  }

  /** No two flows of a source begin with the same packet, and numbers begin again only at another time. */
  #idOf(flow: Flow): string {
    if (flow.reference !== undefined) return flow.reference.id;
    const timeEnd = PREFIX.length + SOURCE_DIGITS + TIME_DIGITS;
    this.#write(flow.firstMicros, timeEnd, TIME_DIGITS);
    this.#write(flow.firstPacketNumber, timeEnd + PACKET_DIGITS, PACKET_DIGITS);
    return this.#id.toString('latin1', 0, timeEnd + PACKET_DIGITS);
  }

  #write(number: number, end: number, digits: number): void {
    let rest = number;
    for (let digit = 1; digit <= digits; digit++) {
      const next = Math.floor(rest / 32);
      this.#id[end - digit] = DIGITS[rest - next * 32] ?? 0;
      rest = next;
    }
  }
}
