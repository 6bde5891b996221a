import type { Flow } from '../flow/flow.ts';

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
}

/** Flows that control connections have agreed on (FTP, TFTP), by the end that is to be called. */
export class ExpectedFlows {
  readonly #byEnd = new Map<string, ExpectedFlow & { readonly untilMicros: number }>();

  expect(transport: string, ip: string, port: number, expected: ExpectedFlow, nowMicros: number): void {
    const key = `${transport}|${ip}|${port}`;
    this.#byEnd.delete(key);
    this.#byEnd.set(key, { ...expected, untilMicros: nowMicros + EXPECTED_MICROS });
    if (this.#byEnd.size <= MAXIMUM_EXPECTED) return;
    const [oldest] = this.#byEnd.keys();
    if (oldest !== undefined) this.#byEnd.delete(oldest);
  }

  /** @returns what was agreed on for this flow, once; who calls whom may have been guessed wrong, so both ends are looked at */
  take(flow: Flow): ExpectedFlow | undefined {
    if (this.#byEnd.size === 0) return undefined;
    const { transport } = flow;
    return (
      this.#takeEnd(`${transport}|${flow.serverIp}|${flow.serverPort}`, flow) ??
      this.#takeEnd(`${transport}|${flow.clientIp}|${flow.clientPort}`, flow)
    );
  }

  #takeEnd(key: string, flow: Flow): ExpectedFlow | undefined {
    const expected = this.#byEnd.get(key);
    if (expected === undefined) return undefined;
    this.#byEnd.delete(key);
    return flow.lastMicros > expected.untilMicros ? undefined : expected;
  }
}
