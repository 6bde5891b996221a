import type { ProbeLimits } from '../probe.ts';

/** A probe was ended: by a limit of its own, by its deadline, or because somebody stopped it. */
export class ProbeStopped extends Error {
  readonly reason: 'limit' | 'deadline' | 'stopped';

  constructor(reason: ProbeStopped['reason'], message: string) {
    super(message);
    this.name = 'ProbeStopped';
    this.reason = reason;
  }
}

/** Counts what one run uses and lets it have no more than its probe declares. Time comes in through `now`. */
export class Budget {
  connections = 0;
  sentPackets = 0;
  sentBytes = 0;
  receivedBytes = 0;
  /** What a limit has ended, wherever it was noticed: writing goes on behind the back of a probe. */
  stopped: ProbeStopped | undefined;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly #limits: ProbeLimits;
  readonly #now: () => number;

  /** @param now milliseconds since the Unix epoch */
  constructor(limits: ProbeLimits, signal: AbortSignal, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.signal = signal;
    this.deadline = now() + limits.timeoutMs;
  }

  now(): number {
    return this.#now();
  }

  /** @returns milliseconds that may still be waited, at most `wanted` */
  wait(wanted: number): number {
    return Math.max(1, Math.min(wanted, this.deadline - this.#now()));
  }

  /** Asked before anything is sent. @throws ProbeStopped when it may not be */
  spend(use: { readonly connections?: number; readonly packets: number; readonly bytes: number }): void {
    this.check();
    const connections = this.connections + (use.connections ?? 0);
    const packets = this.sentPackets + use.packets;
    const bytes = this.sentBytes + use.bytes;
    const limits = this.#limits;
    if (connections > limits.connections || packets > limits.packets || bytes > limits.bytes) {
      this.stopped ??= new ProbeStopped('limit', 'It would have sent more than it declares.');
      throw this.stopped;
    }
    this.connections = connections;
    this.sentPackets = packets;
    this.sentBytes = bytes;
  }

  /** What was set aside and never left. */
  giveBack(packets: number): void {
    this.sentPackets -= packets;
  }

  /** @returns whether the answers are still within the limit */
  takeAnswer(bytes: number): boolean {
    this.receivedBytes += bytes;
    return this.receivedBytes <= this.#limits.answerBytes;
  }

  /** @throws ProbeStopped when time is up or somebody stopped the run */
  check(): void {
    if (this.stopped !== undefined) throw this.stopped;
    if (this.signal.aborted) throw new ProbeStopped('stopped', 'It was stopped.');
    if (this.#now() >= this.deadline) throw new ProbeStopped('deadline', 'Its time was up.');
  }
}
