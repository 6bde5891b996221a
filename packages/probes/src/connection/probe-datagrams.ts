import type { Exchange } from './exchange.ts';
import type { UdpChannel } from './network.ts';

const ANSWER_WAIT_MS = 1500;

/** Datagrams to and from one port of the target. */
export class ProbeDatagrams {
  readonly #channel: UdpChannel;
  readonly #exchange: Exchange;
  readonly #connection: number;
  #waiting: Buffer[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  constructor(channel: UdpChannel, exchange: Exchange, connection: number) {
    this.#channel = channel;
    this.#exchange = exchange;
    this.#connection = connection;
    channel.onMessage((bytes) => this.#take(Buffer.from(bytes)));
  }

  /** @param what in words, for the record. @throws ProbeStopped */
  send(bytes: Uint8Array, what: string, isSecret = false): void {
    this.#exchange.noteSent(this.#connection, bytes, what, isSecret);
    if (!this.#isOver) this.#channel.send(bytes);
  }

  /** @returns the next datagram, or undefined when none comes in time. @throws ProbeStopped */
  async receive(waitMs = ANSWER_WAIT_MS): Promise<Buffer | undefined> {
    const { budget } = this.#exchange;
    const until = budget.now() + budget.wait(waitMs);
    for (;;) {
      budget.check();
      const next = this.#waiting.shift();
      const left = until - budget.now();
      if (next !== undefined || this.#isOver || left <= 0) return next;
      await this.#news(left);
    }
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#channel.close();
    this.#wake();
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    if (!this.#exchange.noteReceived(this.#connection, bytes)) {
      this.close();
      return;
    }
    this.#waiting.push(bytes);
    this.#wake();
  }

  async #news(waitMs: number): Promise<void> {
    const { signal } = this.#exchange.budget;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
    signal.removeEventListener('abort', this.#wake);
  }
}
