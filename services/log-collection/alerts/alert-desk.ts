import type { Bus } from '@sphinx/platform';
import { type Alert, type AlertSubject, createFact, deterministicId } from '@sphinx/schema';
import type { AlertStore } from './alert-store.ts';

/** What something has found, before repeats are put together. */
export interface RaisedAlert {
  readonly kind: 'log-rule' | 'log-search';
  readonly analytic: Alert['analytic'];
  readonly severity: Alert['severity'];
  readonly message: string;
  readonly subjects: readonly AlertSubject[];
  readonly techniques: readonly string[];
  readonly time: number;
  readonly endTime: number;
  readonly count: number;
  readonly evidence: Alert['evidence'];
}

/** Repeats of one analytic about the same subjects, which one alert stands for. */
interface Window {
  alert: Alert;
  readonly key: string;
  readonly endsAt: number;
  /** Whether more came than was told. */
  hasNews: boolean;
}

/** Windows that are open at once; the oldest is closed for one more. */
const MAXIMUM_WINDOWS = 20_000;
const MAXIMUM_EVIDENCE = 20;

/**
 * Raises alerts: the first of an analytic about somebody at once, repeats within the quiet time together when it is over.
 */
export class AlertDesk {
  readonly #store: AlertStore;
  readonly #bus: Bus;
  readonly #quietMs: number;
  readonly #now: () => number;
  readonly #source: string;
  readonly #windows = new Map<string, Window>();
  #waiting: { alert: Alert; key: string }[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: { store: AlertStore; bus: Bus; quietMs: number; now: () => number; source: string }) {
    this.#store = parts.store;
    this.#bus = parts.bus;
    this.#quietMs = parts.quietMs;
    this.#now = parts.now;
    this.#source = parts.source;
  }

  raise(raised: RaisedAlert): void {
    const key = deterministicId('rpt', raised.analytic.id, keyOf(raised.subjects));
    const now = this.#now();
    const open = this.#windows.get(key);
    if (open !== undefined && now < open.endsAt) {
      open.alert = withRepeat(open.alert, raised);
      open.hasNews = true;
      return;
    }
    if (open !== undefined) this.#close(open);
    const alert: Alert = {
      ...raised,
      id: deterministicId('alr', raised.analytic.id, key, raised.time),
      subjects: [...raised.subjects],
      techniques: [...raised.techniques],
      evidence: raised.evidence.slice(0, MAXIMUM_EVIDENCE),
      isSample: false,
    };
    this.#windows.delete(key);
    if (this.#windows.size >= MAXIMUM_WINDOWS) this.#closeOldest();
    this.#windows.set(key, { alert, key, endsAt: now + this.#quietMs, hasNews: false });
    this.#waiting.push({ alert, key });
  }

  /** Tells what waits, and the repeats of windows that are over. @param isEnd all windows are over */
  async tell(isEnd = false): Promise<number> {
    const now = this.#now();
    for (const window of [...this.#windows.values()]) {
      if (!isEnd && now < window.endsAt) continue;
      this.#close(window);
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#writing = this.#writing.then(() => this.#write(waiting));
    await this.#writing;
    return waiting.length;
  }

  async #write(waiting: readonly { alert: Alert; key: string }[]): Promise<void> {
    await this.#store.save(waiting.map(({ alert }) => alert));
    await this.#bus.publish(
      waiting.map(({ alert, key }) =>
        createFact('alert.raised', { key, time: alert.endTime, source: this.#source, data: alert }),
      ),
    );
  }

  #close(window: Window): void {
    this.#windows.delete(window.key);
    if (window.hasNews) this.#waiting.push({ alert: window.alert, key: window.key });
  }

  #closeOldest(): void {
    const [oldest] = this.#windows.values();
    if (oldest !== undefined) this.#close(oldest);
  }
}

function withRepeat(alert: Alert, raised: RaisedAlert): Alert {
  return {
    ...alert,
    count: alert.count + raised.count,
    time: Math.min(alert.time, raised.time),
    endTime: Math.max(alert.endTime, raised.endTime),
    evidence: [...alert.evidence, ...raised.evidence].slice(0, MAXIMUM_EVIDENCE),
  };
}

/** Who it is about, whatever else differs. */
function keyOf(subjects: readonly AlertSubject[]): string {
  return subjects
    .filter(({ type }) => type === 'user' || type === 'ip' || type === 'hostname' || type === 'service')
    .map(({ role, type, value }) => `${role} ${type} ${value.toLowerCase()}`)
    .sort()
    .join('\n');
}
