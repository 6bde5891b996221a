import type { Flow } from '../flow/flow.ts';
import type { MediaDescription } from '../rtp/types.ts';

/** Flows that may be waited for at a time; beyond it the oldest is given up. */
const MAXIMUM_EXPECTED = 4096;
/** An agreed connection that has not come by then will not (RFC 959 names no time; servers wait for a minute or so). */
const EXPECTED_MICROS = 120_000_000;

/** What one room agreed on for a flow that is to come. */
export interface ExpectedFlow {
  /** Room that reads it. */
  readonly room: string;
  /** What is transferred, as the control connection says it; it may say so after the flow has begun. */
  readonly transfer: ExpectedTransfer;
}

/** What goes over an agreed flow. */
export interface ExpectedTransfer {
  /** Name of the file; empty where it is none, for example a listing. */
  name: string;
  /** Present for media of a call. */
  readonly media?: MediaDescription;
  /** Command that started it. */
  command?: string;
}

/** Flows that control connections have agreed on (FTP, TFTP, SIP), by the end that is to be called. */
export class ExpectedFlows {
  readonly #byEnd = new Map<string, Expectation>();
  /** How many wait at each port: most flows have ports at which nobody waits. */
  readonly #waitingAt = new Map<number, number>();

  expect(transport: string, ip: string, port: number, expected: ExpectedFlow, nowMicros: number): void {
    const key = keyOf(transport, ip, port);
    this.#remove(key);
    this.#byEnd.set(key, { ...expected, port, untilMicros: nowMicros + EXPECTED_MICROS });
    this.#waitingAt.set(port, (this.#waitingAt.get(port) ?? 0) + 1);
    if (this.#byEnd.size <= MAXIMUM_EXPECTED) return;
    const [oldest] = this.#byEnd.keys();
    if (oldest !== undefined) this.#remove(oldest);
  }

  /**
   * @param isFitting whether what came may be what was agreed on: before media, the same ends may speak of something else
   * @returns what was agreed on for this flow, once; who calls whom may have been guessed wrong, so both ends are looked at
   */
  take(flow: Flow, isFitting: (expected: ExpectedFlow) => boolean = () => true): ExpectedFlow | undefined {
    if (this.#byEnd.size === 0) return undefined;
    const { serverIp, serverPort, clientIp, clientPort } = flow;
    return this.#takeEnd(flow, serverIp, serverPort, isFitting) ?? this.#takeEnd(flow, clientIp, clientPort, isFitting);
  }

  #takeEnd(
    { transport, lastMicros }: Flow,
    ip: string,
    port: number,
    isFitting: (expected: ExpectedFlow) => boolean,
  ): ExpectedFlow | undefined {
    if (!this.#waitingAt.has(port)) return undefined;
    const key = keyOf(transport, ip, port);
    const expected = this.#byEnd.get(key);
    if (expected === undefined || !isFitting(expected)) return undefined;
    this.#remove(key);
    return lastMicros > expected.untilMicros ? undefined : expected;
  }

  #remove(key: string): Expectation | undefined {
    const expected = this.#byEnd.get(key);
    if (expected === undefined) return undefined;
    this.#byEnd.delete(key);
    const waiting = (this.#waitingAt.get(expected.port) ?? 1) - 1;
    if (waiting === 0) this.#waitingAt.delete(expected.port);
    else this.#waitingAt.set(expected.port, waiting);
    return expected;
  }
}

interface Expectation extends ExpectedFlow {
  readonly port: number;
  readonly untilMicros: number;
}

function keyOf(transport: string, ip: string, port: number): string {
  return `${transport}|${ip}|${port}`;
}
