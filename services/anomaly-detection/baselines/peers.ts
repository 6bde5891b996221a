const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Peers that are remembered by name; of more, those go first that were silent longest. */
const MAXIMUM_PEERS = 64;
/** Meetings that a rate of new peers is made of; of more, all count half. */
const MAXIMUM_MEETINGS = 1_000_000;

/** Whether the other one was asked or has asked. */
export type PeerRole = 'asked' | 'asks';

/** One device that another one speaks to. */
export interface Peer {
  /** Id of the asset, or an address that is none. */
  readonly key: string;
  readonly role: PeerRole;
  /** First and last hour, milliseconds since the Unix epoch. */
  readonly since: number;
  readonly last: number;
  readonly days: number;
}

/** As it is stored: moments as hours since the Unix epoch. */
export type StoredPeer = readonly [key: string, role: 0 | 1, since: number, last: number, days: number];

/** Devices here that one device speaks to, by name. */
export class Peers {
  readonly #maximum: number;
  readonly #peers = new Map<string, { readonly since: number; last: number; days: number }>();

  constructor(maximum = MAXIMUM_PEERS) {
    this.#maximum = maximum;
  }

  get size(): number {
    return this.#peers.size;
  }

  isKnown(key: string, role: PeerRole): boolean {
    return this.#peers.has(nameOf(key, role));
  }

  /** @returns whether it is the first time */
  take(key: string, role: PeerRole, hour: number): boolean {
    const name = nameOf(key, role);
    const known = this.#peers.get(name);
    if (known === undefined) {
      if (this.#peers.size >= this.#maximum) this.#forgetSilent();
      this.#peers.set(name, { since: hour, last: hour, days: 1 });
      return true;
    }
    if (Math.floor(hour / DAY_MS) !== Math.floor(known.last / DAY_MS)) known.days++;
    known.last = Math.max(known.last, hour);
    return false;
  }

  /** Those that were spoken to on most days first. */
  list(): readonly Peer[] {
    return [...this.#peers]
      .map(([name, peer]) => ({ ...peerOf(name), ...peer }))
      .sort((a, b) => b.days - a.days || a.since - b.since || (a.key < b.key ? -1 : 1));
  }

  store(): readonly StoredPeer[] {
    return this.list().map(({ key, role, since, last, days }) => [
      key,
      role === 'asks' ? 1 : 0,
      since / HOUR_MS,
      last / HOUR_MS,
      days,
    ]);
  }

  restore(stored: readonly StoredPeer[]): void {
    for (const [key, role, since, last, days] of stored.slice(0, this.#maximum)) {
      this.#peers.set(nameOf(key, role === 1 ? 'asks' : 'asked'), {
        since: since * HOUR_MS,
        last: last * HOUR_MS,
        days,
      });
    }
  }

  #forgetSilent(): void {
    let oldest: string | undefined;
    let last = Number.POSITIVE_INFINITY;
    for (const [name, peer] of this.#peers) {
      if (peer.last >= last) continue;
      oldest = name;
      last = peer.last;
    }
    if (oldest !== undefined) this.#peers.delete(oldest);
  }
}

/** How often devices of one kind that have learnt meet a peer that is new to them. */
export class Newcomers {
  #meetings = 0;
  #first = 0;

  /** Chance that a meeting is a first one; a half more than was seen, since never seen is not impossible. */
  get rate(): number {
    return (this.#first + 0.5) / (this.#meetings + 1);
  }

  get meetings(): number {
    return Math.round(this.#meetings);
  }

  take(isFirst: boolean): void {
    this.#meetings++;
    if (isFirst) this.#first++;
    if (this.#meetings <= MAXIMUM_MEETINGS) return;
    this.#meetings /= 2;
    this.#first /= 2;
  }

  store(): readonly [meetings: number, first: number] {
    return [Math.round(this.#meetings), Math.round(this.#first * 10) / 10];
  }

  restore([meetings, first]: readonly [number, number]): void {
    this.#meetings = meetings;
    this.#first = first;
  }
}

function nameOf(key: string, role: PeerRole): string {
  return role === 'asks' ? `<${key}` : `>${key}`;
}

function peerOf(name: string): Pick<Peer, 'key' | 'role'> {
  return { key: name.slice(1), role: name.startsWith('<') ? 'asks' : 'asked' };
}
