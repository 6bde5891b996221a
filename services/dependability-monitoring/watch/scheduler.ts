import { createHash } from 'node:crypto';
import type { CheckRunner } from './check-runner.ts';
import type { MonitoredService, WatchedCheck } from './monitored-service.ts';
import type { ServiceRegistry } from './registry.ts';
import type { StateDesk } from './state-desk.ts';

const LOOK_EVERY_MS = 1000;
const SECOND_MS = 1000;
/** After an answer that is not good, the next question comes sooner, until the state is sure. */
const RETRY_SECONDS = 15;

export interface SchedulerParts {
  readonly registry: ServiceRegistry;
  readonly runner: CheckRunner;
  readonly desk: StateDesk;
  readonly concurrentChecks: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Runs checks when they are due: spread over time, and never two at one host. */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #due = new Map<string, number>();
  readonly #busyHosts = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  get running(): number {
    return this.#running.size;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Begins what is due now. */
  look(): void {
    const { registry, now, concurrentChecks } = this.#parts;
    const time = now();
    for (const service of registry.all()) {
      if (service.isPaused) continue;
      for (const check of service.checks) {
        if (this.#running.size >= concurrentChecks) return;
        const key = `${service.id} ${check.id}`;
        const due = this.#due.get(key) ?? time + spreadMs(key, check.intervalSeconds);
        this.#due.set(key, due);
        if (due <= time) this.#begin(service, check);
      }
    }
  }

  /** Runs every check of a service now, one after the other, though it may be paused. */
  async runNow(service: MonitoredService): Promise<void> {
    for (const check of service.checks) {
      await this.#idle(check.host);
      await this.#begin(service, check);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  async #idle(host: string): Promise<void> {
    while (this.#busyHosts.has(host) && this.#running.size > 0) await Promise.race(this.#running);
  }

  #begin(service: MonitoredService, check: WatchedCheck): Promise<void> | undefined {
    if (check.host !== '' && this.#busyHosts.has(check.host)) return undefined;
    if (check.host !== '') this.#busyHosts.add(check.host);
    const run = this.#run(service, check)
      .catch(this.#parts.onFailure)
      .finally(() => {
        this.#busyHosts.delete(check.host);
        this.#running.delete(run);
      });
    this.#running.add(run);
    return run;
  }

  async #run(service: MonitoredService, check: WatchedCheck): Promise<void> {
    const { runner, desk, signal, now } = this.#parts;
    const key = `${service.id} ${check.id}`;
    this.#due.set(key, now() + check.intervalSeconds * SECOND_MS);
    const outcome = await runner.run(service, check, signal);
    if (outcome.kind === 'called-off') return;
    if (outcome.kind === 'not-sent') {
      await desk.takeUnsent(service, check, outcome.reason);
      return;
    }
    await desk.take(service, check, outcome.result, outcome.ip);
    const { state } = desk.checkState(service.id, check.id);
    const isSure = outcome.result.outcome === 'good' ? state === 'up' : state === 'down' || state === 'degraded';
    const seconds = isSure ? check.intervalSeconds : Math.min(check.intervalSeconds, RETRY_SECONDS);
    this.#due.set(key, now() + seconds * SECOND_MS);
  }
}

/** The first time of a check within its interval, the same after every start, so that not all are due at once. */
function spreadMs(key: string, intervalSeconds: number): number {
  const share = createHash('sha256').update(key).digest().readUInt16BE(0) / 65_536;
  return share * Math.min(intervalSeconds, 60) * SECOND_MS;
}
