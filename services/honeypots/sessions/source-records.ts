import type { SourceRecord } from './classify.ts';

const HOUR_MS = 3_600_000;
const MAXIMUM_SOURCES = 5000;
/** Sessions of one source in an hour that are kept one by one; further ones are counted with its alert. */
const KEPT_PER_HOUR = 200;

interface Counted {
  since: number;
  logOns: number;
  sessions: number;
  readonly services: Set<string>;
}

/** What each source did in the last hour, all decoys together. */
export class SourceRecords {
  readonly #sources = new Map<string, Counted>();

  /** @returns false where so many sessions of the source were kept in this hour that this one is only counted */
  began(source: string, service: string, now: number): boolean {
    const counted = this.#of(source, now);
    counted.sessions += 1;
    if (counted.services.size < 100) counted.services.add(service);
    return counted.sessions <= KEPT_PER_HOUR;
  }

  triedLogOn(source: string, now: number): void {
    this.#of(source, now).logOns += 1;
  }

  get(source: string, now: number): SourceRecord {
    const { logOns, services } = this.#of(source, now);
    return { logOns, services: services.size };
  }

  #of(source: string, now: number): Counted {
    const known = this.#sources.get(source);
    if (known !== undefined && now - known.since < HOUR_MS) return known;
    const counted = { since: now, logOns: 0, sessions: 0, services: new Set<string>() };
    this.#sources.delete(source);
    this.#sources.set(source, counted);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAXIMUM_SOURCES && oldest !== undefined) this.#sources.delete(oldest);
    return counted;
  }
}
