import { MEASURE_AT, type MeasureId } from '../traffic/measures.ts';
import { Baseline, type StoredBaseline } from './baseline.ts';
import { learntNorm, type Norm, priorNorm } from './norm.ts';
import { RecentHours } from './recent-hours.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Eight weeks of hours: what is older counts half, then a quarter … */
const DEVICE = { accuracy: 0.05, maximumBins: 48, maximumWeight: 1344 } as const;
const MANY = { accuracy: 0.03, maximumBins: 400, maximumWeight: 500_000 } as const;
/** Hours that a device must have been active before it is its own measure. */
const HOURS_LEARNT = 48;
/** Devices of a kind that have learnt before a new one inherits from them. */
const DEVICES_OF_A_KIND = 3;
/** Hours of all devices together before the site is the measure. */
const HOURS_OF_A_SITE = 500;
/** The kind of persons. */
const PERSONS = 'user';
/** Devices that are remembered; of more, those are forgotten that were silent longest. */
const MAXIMUM_DEVICES = 25_000;

export interface DeviceBaseline {
  /** Id of the asset, or its address where it is none. */
  readonly key: string;
  readonly baseline: Baseline;
  readonly recent: RecentHours;
  kind: string;
  hasLearnt: boolean;
  isChanged: boolean;
}

interface KindBaseline {
  readonly baseline: Baseline;
  devices: number;
  isChanged: boolean;
}

/** What one device did in one hour. */
export interface LearntHour {
  readonly key: string;
  readonly kind: string;
  readonly hour: number;
  /** In the places of the measures; lowered where an exceeded measure counts less. */
  readonly values: Float64Array;
  readonly habits: ReadonlySet<string>;
  readonly exceeded: ReadonlyMap<MeasureId, number>;
}

/** A baseline as its table has it. */
export interface BaselineRow {
  readonly key: string;
  readonly scope: 'device' | 'kind' | 'site';
  readonly kind: string;
  readonly baseline: StoredBaseline;
}

/** What is usual of each device, of each kind and of the site. */
export class BaselineLibrary {
  readonly #learningMs: number;
  readonly #devices = new Map<string, DeviceBaseline>();
  readonly #kinds = new Map<string, KindBaseline>();
  #site = new Baseline(MANY);
  readonly #forgotten = new Set<string>();

  /** @param learningDays that a device, and the site, learns before it is compared with itself */
  constructor(learningDays: number) {
    this.#learningMs = learningDays * DAY_MS;
  }

  get devices(): number {
    return this.#devices.size;
  }

  get site(): Baseline {
    return this.#site;
  }

  device(key: string): DeviceBaseline | undefined {
    return this.#devices.get(key);
  }

  /** A device that nothing was learnt of: what it would be compared with. It is not remembered. */
  unknown(key: string, kind: string): DeviceBaseline {
    return { key, baseline: new Baseline(DEVICE), recent: new RecentHours(), kind, hasLearnt: false, isChanged: false };
  }

  list(): readonly DeviceBaseline[] {
    return [...this.#devices.values()];
  }

  kind(kind: string): { readonly baseline: Baseline; readonly devices: number } | undefined {
    return this.#kinds.get(kind);
  }

  /** The kind of a device where enough devices have taught it; undefined otherwise. */
  learntKind(kind: string): Baseline | undefined {
    const known = kind === '' ? undefined : this.#kinds.get(kind);
    return known !== undefined && known.devices >= DEVICES_OF_A_KIND ? known.baseline : undefined;
  }

  get hasSiteLearnt(): boolean {
    return this.#site.hours >= HOURS_OF_A_SITE && this.#site.lastHour - this.#site.firstHour >= this.#learningMs;
  }

  /** What is usual of a measure: the device itself where it has learnt, else its kind, else the site, else hospitals. */
  norm(key: string, kind: string, measure: MeasureId, prior: { readonly floor: number; readonly high: number }): Norm {
    const device = this.#devices.get(key);
    if (device?.hasLearnt === true) return learntNorm('itself', device.baseline, measure, prior.floor);
    const ofKind = this.learntKind(kind);
    if (ofKind !== undefined) return learntNorm('kind', ofKind, measure, prior.floor);
    if (this.hasSiteLearnt) return learntNorm('site', this.#site, measure, prior.floor);
    return priorNorm(prior.high);
  }

  /**
   * Takes one hour of a device.
   *
   * @param hour.exceeded measures that somebody was told of, with what they count at most as long as that is no habit
   * @param mayLearn whether a habit may become known
   */
  take({ key, kind, hour, values, habits, exceeded }: LearntHour, mayLearn: (habit: string) => boolean): void {
    const device = this.#deviceOf(key, kind);
    const ofKind = kind === '' ? undefined : this.#kindOf(kind);
    device.recent.take(hour, values);
    for (const [measure, most] of exceeded) {
      const at = MEASURE_AT[measure];
      const habit = `exceeds ${measure}`;
      if (mayLearn(habit)) device.baseline.habits.take(habit, hour, false);
      // An attack must not become the norm by going on; what goes on for days and nobody objects to is a change.
      if (!device.baseline.habits.isKnown(habit)) values[at] = Math.min(values[at] ?? 0, most);
    }
    device.baseline.take(hour, values);
    device.isChanged = true;
    // What persons do is no measure of hosts.
    const site = kind === PERSONS ? undefined : this.#site;
    site?.take(hour, values);
    ofKind?.baseline.take(hour, values);
    for (const habit of habits) {
      if (!mayLearn(habit) || !device.baseline.habits.take(habit, hour, !device.hasLearnt)) continue;
      ofKind?.baseline.habits.take(habit, hour, true);
      site?.habits.take(habit, hour, true);
    }
    if (!device.hasLearnt && this.#hasLearnt(device.baseline)) {
      device.hasLearnt = true;
      if (ofKind !== undefined) ofKind.devices++;
    }
    if (ofKind !== undefined) ofKind.isChanged = true;
  }

  /**
   * Rows that have changed and were not taken yet, and keys that are forgotten.
   *
   * @param maximum devices at once: writing all of a large hospital together would hold everything else up
   */
  takeChanges(maximum: number): { readonly rows: readonly BaselineRow[]; readonly forgotten: readonly string[] } {
    const rows: BaselineRow[] = [];
    for (const device of this.#devices.values()) {
      if (!device.isChanged) continue;
      if (rows.length >= maximum) break;
      device.isChanged = false;
      rows.push({ key: device.key, scope: 'device', kind: device.kind, baseline: device.baseline.store() });
    }
    for (const [kind, each] of this.#kinds) {
      if (!each.isChanged) continue;
      each.isChanged = false;
      rows.push({ key: kind, scope: 'kind', kind, baseline: each.baseline.store() });
    }
    if (rows.length > 0) rows.push({ key: 'site', scope: 'site', kind: '', baseline: this.#site.store() });
    const forgotten = [...this.#forgotten];
    this.#forgotten.clear();
    return { rows, forgotten };
  }

  restore(rows: readonly BaselineRow[]): void {
    for (const { key, scope, kind, baseline: stored } of rows) {
      if (scope === 'site') this.#site = Baseline.restore(stored, MANY);
      else if (scope === 'kind') this.#kindOf(key).baseline.absorb(Baseline.restore(stored, MANY));
      else {
        const baseline = Baseline.restore(stored, DEVICE);
        const hasLearnt = this.#hasLearnt(baseline);
        this.#devices.set(key, { key, baseline, recent: new RecentHours(), kind, hasLearnt, isChanged: false });
      }
    }
    for (const { kind, hasLearnt } of this.#devices.values())
      if (hasLearnt && kind !== '') this.#kindOf(kind).devices++;
  }

  /** An address turned out to be an asset: what it has learnt stays. */
  rename(from: string, to: string): void {
    const device = this.#devices.get(from);
    if (device === undefined || this.#devices.has(to) || from === to) return;
    this.#devices.delete(from);
    this.#forgotten.add(from);
    this.#devices.set(to, { ...device, key: to, isChanged: true });
  }

  remove(key: string): void {
    const device = this.#devices.get(key);
    if (device === undefined) return;
    this.#devices.delete(key);
    this.#forgotten.add(key);
    const ofKind = this.#kinds.get(device.kind);
    if (ofKind !== undefined && device.hasLearnt) ofKind.devices--;
  }

  #deviceOf(key: string, kind: string): DeviceBaseline {
    let device = this.#devices.get(key);
    if (device === undefined) {
      if (this.#devices.size >= MAXIMUM_DEVICES) this.#forgetSilent();
      device = this.unknown(key, kind);
      this.#forgotten.delete(key);
      this.#devices.set(key, device);
    }
    if (device.kind !== kind && kind !== '') this.#becomes(device, kind);
    return device;
  }

  /** What it has learnt so far belongs to its kind as well; what another kind learnt from it stays there. */
  #becomes(device: DeviceBaseline, kind: string): void {
    const before = this.#kinds.get(device.kind);
    if (before !== undefined && device.hasLearnt) before.devices--;
    device.kind = kind;
    const ofKind = this.#kindOf(kind);
    ofKind.baseline.absorb(device.baseline);
    if (device.hasLearnt) ofKind.devices++;
  }

  #kindOf(kind: string): KindBaseline {
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      known = { baseline: new Baseline(MANY), devices: 0, isChanged: false };
      this.#kinds.set(kind, known);
    }
    return known;
  }

  #hasLearnt({ hours, firstHour, lastHour }: Baseline): boolean {
    return hours >= HOURS_LEARNT && lastHour - firstHour >= this.#learningMs;
  }

  /** A tenth at once, so that a flood of new addresses does not walk all of them each time. */
  #forgetSilent(): void {
    const bySilence = [...this.#devices.values()].sort((a, b) => a.baseline.lastHour - b.baseline.lastHour);
    for (const { key } of bySilence.slice(0, MAXIMUM_DEVICES / 10)) this.remove(key);
  }
}
