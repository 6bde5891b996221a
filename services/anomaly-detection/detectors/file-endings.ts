/** Hosts that have to use an ending, on different days, before it is ordinary: malware uses its own from one host at once. */
const HOSTS_OF_AN_ENDING = 2;
const DAY_MS = 86_400_000;
const MAXIMUM_ENDINGS = 2_000;

interface Ending {
  readonly hosts: Set<string>;
  readonly since: number;
}

/** As it is stored: ending, first moment, hosts. */
export type StoredEnding = readonly [ending: string, since: number, hosts: readonly string[]];

/** Which kinds of files are usual here: all that SPHINX knows, and what several hosts have used for a day. */
export class FileEndings {
  readonly #known: ReadonlySet<string>;
  readonly #seen = new Map<string, Ending>();

  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
  }

  saw(ending: string, host: string, time: number): void {
    if (ending === '' || this.#known.has(ending)) return;
    const seen = this.#seen.get(ending);
    if (seen === undefined) {
      if (this.#seen.size < MAXIMUM_ENDINGS) this.#seen.set(ending, { hosts: new Set([host]), since: time });
    } else if (seen.hosts.size < HOSTS_OF_AN_ENDING) seen.hosts.add(host);
  }

  isOrdinary(ending: string, time: number): boolean {
    if (this.#known.has(ending)) return true;
    const seen = this.#seen.get(ending);
    return seen !== undefined && seen.hosts.size >= HOSTS_OF_AN_ENDING && time - seen.since >= DAY_MS;
  }

  store(): readonly StoredEnding[] {
    return [...this.#seen].map(([ending, { since, hosts }]) => [ending, since, [...hosts]]);
  }

  restore(stored: readonly StoredEnding[]): void {
    for (const [ending, since, hosts] of stored.slice(0, MAXIMUM_ENDINGS)) {
      this.#seen.set(ending, { since, hosts: new Set(hosts) });
    }
  }
}
