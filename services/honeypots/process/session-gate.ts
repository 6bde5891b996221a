import type { DecoyLimits } from './messages.ts';

const MAXIMUM_SOURCES = 10_000;

/** Counts open sessions, and says whether one more may begin. */
export class SessionGate {
  readonly #bySource = new Map<string, number>();
  #open = 0;
  #refused = new Map<string, number>();

  get open(): number {
    return this.#open;
  }

  enter(source: string, decoy: string, { sessions, sessionsPerSource }: DecoyLimits): boolean {
    const present = this.#bySource.get(source) ?? 0;
    if (this.#open >= sessions || present >= sessionsPerSource) {
      const key = `${decoy}\0${source}`;
      if (this.#refused.has(key) || this.#refused.size < MAXIMUM_SOURCES) {
        this.#refused.set(key, (this.#refused.get(key) ?? 0) + 1);
      }
      return false;
    }
    this.#open += 1;
    this.#bySource.set(source, present + 1);
    return true;
  }

  leave(source: string): void {
    this.#open -= 1;
    const left = (this.#bySource.get(source) ?? 1) - 1;
    if (left <= 0) this.#bySource.delete(source);
    else this.#bySource.set(source, left);
  }

  /** Whom was turned away since the last call. */
  takeRefused(): readonly { readonly decoy: string; readonly remoteAddress: string; readonly count: number }[] {
    const refused = this.#refused;
    this.#refused = new Map();
    return [...refused].map(([key, count]) => {
      const [decoy = '', remoteAddress = ''] = key.split('\0');
      return { decoy, remoteAddress, count };
    });
  }
}
