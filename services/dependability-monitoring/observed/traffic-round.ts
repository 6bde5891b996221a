import type { ServiceRegistry } from '../watch/registry.ts';
import type { StateDesk } from '../watch/state-desk.ts';
import type { TrafficWatch } from './traffic-watch.ts';

const ROUND_MS = 60_000;

/** Once a minute: what traffic was counted is stored, silence is looked for, and services are judged by it. */
export class TrafficRound {
  readonly #parts: {
    readonly registry: ServiceRegistry;
    readonly desk: StateDesk;
    readonly traffic: TrafficWatch;
    readonly onFailure: (error: unknown) => void;
  };
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly registry: ServiceRegistry;
    readonly desk: StateDesk;
    readonly traffic: TrafficWatch;
    readonly onFailure: (error: unknown) => void;
  }) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.#go()).catch(this.#parts.onFailure);
    }, ROUND_MS);
    this.#timer.unref();
  }

  /** What was counted and not stored yet is stored. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.#parts.traffic.store();
  }

  async #go(): Promise<void> {
    const { registry, desk, traffic } = this.#parts;
    traffic.renew();
    await traffic.store();
    await traffic.listen();
    for (const service of registry.all()) if (service.isTrafficWatched) await desk.review(service);
  }
}
