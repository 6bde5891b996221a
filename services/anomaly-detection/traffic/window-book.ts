import { HostWindow } from './host-window.ts';

export const HOUR_MS = 3_600_000;
/** Rows come as their flows end: what is older than this against the newest is of another time, not late. */
const LATE_MS = 48 * HOUR_MS;
/** Hosts that are counted in one hour of one source; a flood with forged senders must not fill the memory. */
const MAXIMUM_HOSTS = 60_000;

/** The hour of one source of traffic, host by host. */
export class WindowBook {
  readonly #close: (window: HostWindow, hour: number) => void;
  readonly #isInternal: (ip: string) => boolean;
  readonly #ended: (hosts: number) => void;
  #windows = new Map<string, HostWindow>();
  #hour = 0;

  /**
   * @param close takes each host's hour when it is over
   * @param ended is told how many hosts of the hospital an hour had
   */
  constructor(
    close: (window: HostWindow, hour: number) => void,
    isInternal: (ip: string) => boolean,
    ended: (hosts: number) => void,
  ) {
    this.#close = close;
    this.#isInternal = isInternal;
    this.#ended = ended;
  }

  /** Start of the hour at hand, milliseconds since the Unix epoch. */
  get hour(): number {
    return this.#hour;
  }

  get hosts(): number {
    return this.#windows.size;
  }

  /** Goes on to the hour of a moment, where it is another one. @returns whether it has */
  goOn(timeMs: number): boolean {
    const hour = timeMs - (timeMs % HOUR_MS);
    if (hour === this.#hour || (hour < this.#hour && timeMs > this.#hour - LATE_MS)) return false;
    this.#closeAll();
    this.#hour = hour;
    return true;
  }

  /** @returns undefined where there is no room for one more host */
  window(ip: string): HostWindow | undefined {
    const known = this.#windows.get(ip);
    if (known !== undefined) return known;
    if (this.#windows.size >= MAXIMUM_HOSTS) return undefined;
    const window = new HostWindow(ip, this.#isInternal(ip));
    this.#windows.set(ip, window);
    return window;
  }

  #closeAll(): void {
    const ended = this.#windows;
    this.#windows = new Map();
    let inner = 0;
    for (const window of ended.values()) {
      if (window.isInternal) inner++;
      this.#close(window, this.#hour);
    }
    if (inner > 0) this.#ended(inner);
  }
}
