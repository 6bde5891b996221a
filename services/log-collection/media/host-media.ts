import type { Medium } from '@sphinx/schema';

/** Hosts whose media are remembered; one more drops the one that was quiet longest. */
const MAXIMUM_HOSTS = 20_000;
/** Ports, drives and media of one host. */
const MAXIMUM_PER_HOST = 64;
/** Several events tell of the same medium when it is put in or taken out; within this time they are one. */
const SAME_EVENT_MS = 120_000;
/** A medium of which nobody says that it was taken out is forgotten after this time. */
const LONGEST_STAY_MS = 7 * 86_400_000;

/** What a port's device says of itself before it is known to store data. */
export interface Described {
  maker?: string;
  product?: string;
  serial?: string;
}

interface Stay {
  medium: Medium;
  readonly sinceMs: number;
}

/** The media of one host as far as its log tells. */
export class HostMedia {
  readonly #described = new Map<string, Described>();
  readonly #ports = new Map<string, Medium>();
  readonly #drives = new Map<string, Stay>();
  readonly #attached = new Map<string, Stay>();
  readonly #lastTold = new Map<string, number>();

  describe(port: string, words: Described): void {
    const known = this.#described.get(port);
    // The line that begins a new device tells its maker's number; what stood there before was another.
    keep(this.#described, port, { ...known, ...words });
  }

  /** @returns the medium with what its port was said to be */
  described(port: string, medium: Medium): Medium {
    const { maker = '', product = '', serial = '' } = this.#described.get(port) ?? {};
    return {
      kind: medium.kind,
      maker: medium.maker || maker,
      product: medium.product || product,
      serial: medium.serial || serial,
    };
  }

  /** @returns whether it is news: not one more event of the same medium being put in */
  attach(medium: Medium, timeMs: number, port: string): boolean {
    const key = keyOf(medium);
    const known = this.#find(medium);
    if (known === undefined) keep(this.#attached, key, { medium, sinceMs: timeMs });
    if (port !== '') keep(this.#ports, port, medium);
    return this.#isNews(`in ${keyOf(known?.medium ?? medium)}`, timeMs);
  }

  /** Keeps that a drive, or a folder where one is mounted, is removable. */
  mount(drive: string, medium: Medium, timeMs: number): void {
    keep(this.#drives, drive.toLowerCase(), { medium, sinceMs: timeMs });
  }

  /** @returns the medium that is gone; undefined where none was there, or where it was told already */
  remove(medium: Medium, timeMs: number, port: string, drive: string): Medium | undefined {
    const ofPort = port === '' ? undefined : this.#ports.get(port);
    const gone = ofPort ?? this.#find(medium)?.medium ?? medium;
    if (port !== '') {
      this.#ports.delete(port);
      this.#described.delete(port);
    }
    const key = keyOf(gone);
    this.#attached.delete(key);
    if (drive !== '') this.#drives.delete(drive.toLowerCase());
    for (const [each, stay] of this.#drives) if (keyOf(stay.medium) === key) this.#drives.delete(each);
    return this.#isNews(`out ${key}`, timeMs) ? gone : undefined;
  }

  portMedium(port: string): Medium | undefined {
    return this.#ports.get(port);
  }

  /** @returns the medium that a file lies on; undefined where its drive is not known to be removable */
  mediumOfFile(path: string, timeMs: number): Medium | undefined {
    const place = path.toLowerCase();
    for (const [drive, stay] of this.#drives) {
      if (timeMs - stay.sinceMs > LONGEST_STAY_MS) this.#drives.delete(drive);
      else if (place.startsWith(drive) && /^[\\/]?$/.test(place[drive.length] ?? '')) return stay.medium;
      else if (place.startsWith(drive) && /[\\/]$/.test(drive)) return stay.medium;
    }
    return undefined;
  }

  /** @returns the medium that is there, where there is one and no other; else what is known */
  only(medium: Medium, timeMs: number): Medium {
    if (medium.serial !== '' || medium.product !== '') return this.#find(medium)?.medium ?? medium;
    for (const [key, { sinceMs }] of this.#attached) if (timeMs - sinceMs > LONGEST_STAY_MS) this.#attached.delete(key);
    const [first] = this.#attached.values();
    return this.#attached.size === 1 && first !== undefined ? first.medium : medium;
  }

  /** Logs tell more or less of the same medium: the serial number decides, or else its name. */
  #find(medium: Medium): Stay | undefined {
    const exact = this.#attached.get(keyOf(medium));
    if (exact !== undefined || medium.serial === '') return exact;
    const serial = medium.serial.toUpperCase();
    for (const stay of this.#attached.values()) if (stay.medium.serial.toUpperCase() === serial) return stay;
    return undefined;
  }

  #isNews(key: string, timeMs: number): boolean {
    const last = this.#lastTold.get(key);
    keep(this.#lastTold, key, timeMs);
    return last === undefined || Math.abs(timeMs - last) > SAME_EVENT_MS;
  }
}

/** The media of all hosts, within bounds. */
export class MediaMemory {
  readonly #hosts = new Map<string, HostMedia>();

  of(host: string): HostMedia {
    const known = this.#hosts.get(host) ?? new HostMedia();
    this.#hosts.delete(host);
    this.#hosts.set(host, known);
    if (this.#hosts.size > MAXIMUM_HOSTS) {
      const [oldest] = this.#hosts.keys();
      if (oldest !== undefined) this.#hosts.delete(oldest);
    }
    return known;
  }
}

function keyOf({ kind, maker, product, serial }: Medium): string {
  return serial === '' ? `${kind} ${maker} ${product}`.toUpperCase() : serial.toUpperCase();
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAXIMUM_PER_HOST) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
