import { QuantileSketch, type Tail, tailOf } from '@sphinx/learning';
import { MEASURE_AT, type MeasureId } from '../traffic/measures.ts';
import { Baseline, type StoredBaseline } from './baseline.ts';
import { JointSample, type StoredJointSample } from './joint-sample.ts';
import { learntNorm, type Norm, priorNorm } from './norm.ts';
import { Newcomers, type PeerRole, Peers, type StoredPeer } from './peers.ts';
import { RecentHours } from './recent-hours.ts';
import { Seasons, type StoredSeasons } from './seasons.ts';

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
/** Peers of all devices of one kind together. */
const PEERS_OF_A_KIND = 2_000;
/** How far above their forecasts the measures of all devices of a kind were. */
const SURPRISES = { accuracy: 0.02, maximumBins: 200, maximumWeight: 500_000 } as const;
/** Surprises that were seen before the rarity of one is known, and from which on they are rare at all, in spreads. */
const LEAST_SURPRISES = 300;
const SURPRISED_FROM = 3;
/** Devices that are remembered; of more, those are forgotten that were silent longest. */
const MAXIMUM_DEVICES = 25_000;

export interface DeviceBaseline {
  /** Id of the asset, or its address where it is none. */
  readonly key: string;
  readonly baseline: Baseline;
  readonly seasons: Seasons;
  readonly peers: Peers;
  readonly recent: RecentHours;
  kind: string;
  hasLearnt: boolean;
  isChanged: boolean;
}

interface KindBaseline {
  readonly baseline: Baseline;
  readonly peers: Peers;
  readonly newcomers: Newcomers;
  surprises: QuantileSketch;
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
  /** Other devices here that it spoke to. */
  readonly peers: readonly { readonly key: string; readonly role: PeerRole }[];
  /** The hour as a whole, as its kind is compared; undefined where it teaches nothing. */
  readonly joint: { readonly point: Float64Array; readonly score: number | undefined } | undefined;
}

/** What is stored of a device, of a kind or of the site. */
export interface StoredLearning extends StoredBaseline {
  readonly seasons?: StoredSeasons;
  readonly peers?: readonly StoredPeer[];
  readonly newcomers?: readonly [number, number];
  readonly joint?: StoredJointSample;
  readonly surprises?: readonly number[];
}

/** A baseline as its table has it. */
export interface BaselineRow {
  readonly key: string;
  readonly scope: 'device' | 'kind' | 'site';
  readonly kind: string;
  readonly baseline: StoredLearning;
}

/** What is usual of each device, of each kind and of the site. */
export class BaselineLibrary {
  readonly #learningMs: number;
  readonly #devices = new Map<string, DeviceBaseline>();
  readonly #kinds = new Map<string, KindBaseline>();
  #site = new Baseline(MANY);
  /** By kind; hosts of no kind together. */
  readonly #joint = new Map<string, JointSample>();
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
    return {
      key,
      baseline: new Baseline(DEVICE),
      seasons: new Seasons(),
      peers: new Peers(),
      recent: new RecentHours(),
      kind,
      hasLearnt: false,
      isChanged: false,
    };
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

  /** Peers of a kind, and how often its devices meet new ones, where enough of them have learnt; undefined otherwise. */
  peersOfKind(kind: string): { readonly peers: Peers; readonly newcomers: Newcomers } | undefined {
    const known = kind === '' ? undefined : this.#kinds.get(kind);
    return known !== undefined && known.devices >= DEVICES_OF_A_KIND ? known : undefined;
  }

  /** Hours of the devices of a kind as a whole, or of all hosts of no kind; undefined before the learning period is over. */
  jointSample(kind: string): JointSample | undefined {
    const { firstHour, lastHour } = this.#kinds.get(kind)?.baseline ?? this.#site;
    return lastHour - firstHour < this.#learningMs ? undefined : this.#joint.get(kind);
  }

  /**
   * How far above their forecasts hours of a kind are; undefined as long as too few are known. Persons at their computers surprise
   * more than servers do, so each kind has its own.
   */
  tailOfSurprises(kind: string): Tail | undefined {
    const surprises = this.#kinds.get(kind)?.surprises;
    return surprises === undefined || surprises.weight < LEAST_SURPRISES
      ? undefined
      : tailOf(surprises, SURPRISED_FROM);
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
  take(learnt: LearntHour, mayLearn: (habit: string) => boolean): void {
    const { key, kind, hour, values, habits, exceeded } = learnt;
    const device = this.#deviceOf(key, kind);
    const ofKind = kind === '' ? undefined : this.#kindOf(kind);
    const { hours, firstHour, lastHour } = device.baseline;
    device.recent.take(hour, values);
    for (const [measure, most] of exceeded) {
      const at = MEASURE_AT[measure];
      const habit = `exceeds ${measure}`;
      if (mayLearn(habit)) device.baseline.habits.take(habit, hour, false);
      // An attack must not become the norm by going on; what goes on for days and nobody objects to is a change.
      if (!device.baseline.habits.isKnown(habit)) values[at] = Math.min(values[at] ?? 0, most);
    }
    if (hours === 0 || hour > lastHour) {
      const watched = hours === 0 ? { since: hour, last: hour } : { since: firstHour, last: lastHour };
      device.seasons.take(hour, values, watched, (spreads) => ofKind?.surprises.add(spreads));
    }
    device.baseline.take(hour, values);
    device.isChanged = true;
    this.#takePeers(device, ofKind, learnt);
    if (learnt.joint !== undefined) this.#jointOf(kind).take(learnt.joint.point, hour, learnt.joint.score);
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
      const more = { seasons: device.seasons.store(), peers: device.peers.store() };
      rows.push({
        key: device.key,
        scope: 'device',
        kind: device.kind,
        baseline: { ...device.baseline.store(), ...more },
      });
    }
    for (const [kind, each] of this.#kinds) {
      if (!each.isChanged) continue;
      each.isChanged = false;
      const more = {
        peers: each.peers.store(),
        newcomers: each.newcomers.store(),
        surprises: each.surprises.store(),
        ...this.#storedJoint(kind),
      };
      rows.push({ key: kind, scope: 'kind', kind, baseline: { ...each.baseline.store(), ...more } });
    }
    if (rows.length > 0) {
      rows.push({
        key: 'site',
        scope: 'site',
        kind: '',
        baseline: { ...this.#site.store(), ...this.#storedJoint('') },
      });
    }
    const forgotten = [...this.#forgotten];
    this.#forgotten.clear();
    return { rows, forgotten };
  }

  restore(rows: readonly BaselineRow[]): void {
    for (const { key, scope, kind, baseline: stored } of rows) {
      if (scope === 'site') this.#site = Baseline.restore(stored, MANY);
      else if (scope === 'kind') {
        const ofKind = this.#kindOf(key);
        ofKind.baseline.absorb(Baseline.restore(stored, MANY));
        ofKind.peers.restore(stored.peers ?? []);
        if (stored.newcomers !== undefined) ofKind.newcomers.restore(stored.newcomers);
        ofKind.surprises = QuantileSketch.restore(stored.surprises, SURPRISES) ?? ofKind.surprises;
      } else this.#devices.set(key, this.#restored(key, kind, stored));
      if (scope !== 'device' && stored.joint !== undefined) this.#joint.set(kind, JointSample.restore(stored.joint));
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

  #restored(key: string, kind: string, stored: StoredLearning): DeviceBaseline {
    const baseline = Baseline.restore(stored, DEVICE);
    const peers = new Peers();
    peers.restore(stored.peers ?? []);
    const seasons = Seasons.restore(stored.seasons);
    const hasLearnt = this.#hasLearnt(baseline);
    return { key, baseline, seasons, peers, recent: new RecentHours(), kind, hasLearnt, isChanged: false };
  }

  #takePeers(device: DeviceBaseline, ofKind: KindBaseline | undefined, { hour, peers }: LearntHour): void {
    for (const { key, role } of peers) {
      const isFirst = device.peers.take(key, role, hour);
      if (ofKind === undefined) continue;
      const isFirstOfKind = ofKind.peers.take(key, role, hour);
      if (device.hasLearnt) ofKind.newcomers.take(isFirst && isFirstOfKind);
    }
  }

  #jointOf(kind: string): JointSample {
    let sample = this.#joint.get(kind);
    if (sample === undefined) {
      sample = new JointSample();
      this.#joint.set(kind, sample);
    }
    return sample;
  }

  #storedJoint(kind: string): { readonly joint?: StoredJointSample } {
    const joint = this.#joint.get(kind)?.store();
    return joint === undefined ? {} : { joint };
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
    for (const { key, role, last } of device.peers.list()) ofKind.peers.take(key, role, last);
    if (device.hasLearnt) ofKind.devices++;
  }

  #kindOf(kind: string): KindBaseline {
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      const peers = new Peers(PEERS_OF_A_KIND);
      const baseline = new Baseline(MANY);
      const surprises = new QuantileSketch(SURPRISES);
      known = { baseline, peers, newcomers: new Newcomers(), surprises, devices: 0, isChanged: false };
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
