import type { Protocol, ProtocolRecord } from '../protocol.ts';

/** Segments of one connection that came again: since the last such record, or since its first segment. */
export interface TcpRecord extends ProtocolRecord {
  readonly protocol: 'tcp';
  readonly activity: 'retransmission';
  /** Segments in all, both ways. */
  readonly segments: number;
  readonly repeatedToServer: number;
  readonly repeatedToClient: number;
}

/** Connections that are open for days are told while they last, this often at most. */
const TELL_EVERY_MICROS = 60_000_000;

/** What came again on one connection and is not told yet; kept for those on which anything did. */
export class Retransmissions {
  #repeatedToServer = 0;
  #repeatedToClient = 0;
  #toldSegments = 0;
  #toldMicros: number;

  /** @param nowMicros time of the first segment that came again */
  constructor(nowMicros: number) {
    this.#toldMicros = nowMicros;
  }

  add(isToServer: boolean): void {
    if (isToServer) this.#repeatedToServer += 1;
    else this.#repeatedToClient += 1;
  }

  isDue(nowMicros: number): boolean {
    return nowMicros - this.#toldMicros >= TELL_EVERY_MICROS;
  }

  /** @param segments of the connection up to now. @returns undefined where nothing came again since the last time */
  take(segments: number, nowMicros: number): TcpRecord | undefined {
    const [toServer, toClient] = [this.#repeatedToServer, this.#repeatedToClient];
    if (toServer + toClient === 0) return undefined;
    const fresh = segments - this.#toldSegments;
    this.#repeatedToServer = 0;
    this.#repeatedToClient = 0;
    this.#toldSegments = segments;
    this.#toldMicros = nowMicros;
    return {
      protocol: 'tcp',
      activity: 'retransmission',
      segments: fresh,
      repeatedToServer: toServer,
      repeatedToClient: toClient,
    };
  }
}

/** Tells nothing of hosts: who loses segments is as often the network between them. */
export const tcp: Protocol<TcpRecord> = {
  id: 'tcp',
  title: 'TCP',
  standards: ['RFC 9293 §3.4, §3.8.1, §3.8.4'],
  transports: ['ip'],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  evidence: () => [],
};
