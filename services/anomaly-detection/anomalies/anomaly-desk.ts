import type { AssetPlace, Bus, Logger } from '@sphinx/platform';
import { createFact, deterministicId } from '@sphinx/schema';
import type { Sighting } from '../detectors/sighting.ts';
import { userPlace } from '../detectors/users.ts';
import type { Detector } from '../knowledge/detector.ts';
import type { Acceptances } from './acceptances.ts';
import { alertOf } from './alert.ts';
import type { Anomaly, AnomalyVerdict } from './anomaly.ts';
import type { AnomalyStore } from './anomaly-store.ts';

const SERVICE = 'anomaly-detection';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Anomalies that repeats can join; older ones are looked up no more. */
const MAXIMUM_REMEMBERED = 20_000;
/** Told again when it has become so much more, or goes on for an hour. */
const GROWTH = 2;
/** Anomalies that wait to be written. With more, new ones are counted only. */
const MAXIMUM_WAITING = 20_000;

export interface AnomalyDeskParts {
  readonly store: AnomalyStore;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly detectors: readonly Detector[];
  readonly version: string;
  readonly acceptances: Acceptances;
  readonly placeOf: (ip: string) => AssetPlace | undefined;
  /** The same of the same host within so many hours is one anomaly. */
  readonly quietHours: number;
  /** Alerts of one detector a day; what is beyond is kept and not told. */
  readonly alertsPerDay: number;
  readonly notify: () => void;
  /** A habit was said to be normal, or that was taken back. */
  readonly onHabit: (anomaly: Anomaly, isNormal: boolean) => void;
}

interface Remembered {
  anomaly: Anomaly;
  /** Value and moment that others were told last. */
  toldValue: number;
  toldAt: number;
}

/** Makes anomalies of sightings: repeats are one, what is said to be normal is none, and a day brings no more than people can look at. */
export class AnomalyDesk {
  readonly #parts: AnomalyDeskParts;
  readonly #detectors: ReadonlyMap<string, Detector>;
  /** The latest of each detector, host and reason. */
  readonly #latest = new Map<string, Remembered>();
  readonly #decided = new Map<string, Anomaly>();
  readonly #budgets = new Map<string, { day: number; told: number }>();
  #changed = new Set<Remembered>();
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** Sightings for which there was no room. */
  lost = 0;

  constructor(parts: AnomalyDeskParts) {
    this.#parts = parts;
    this.#detectors = new Map(parts.detectors.map((detector) => [detector.id, detector]));
  }

  async open(): Promise<void> {
    for (const anomaly of await this.#parts.store.remembered(MAXIMUM_REMEMBERED)) {
      this.#remember(anomaly);
      if (anomaly.verdict !== null) this.#decided.set(anomaly.id, anomaly);
    }
    this.#parts.acceptances.use(this.#decided.values());
  }

  /** Takes what a detector saw. Returns at once: it is written soon after. */
  take(sighting: Sighting): void {
    const { acceptances, quietHours } = this.#parts;
    const detector = this.#detectors.get(sighting.detector);
    if (detector === undefined || acceptances.isNormal(sighting.detector, sighting.actor, sighting.about)) return;
    const key = keyOf(sighting);
    const known = this.#latest.get(key);
    const isRepeat = known !== undefined && sighting.time - known.anomaly.lastSeen <= quietHours * HOUR_MS;
    if (isRepeat) this.#repeat(known, sighting);
    else if (this.#changed.size >= MAXIMUM_WAITING) this.lost++;
    else this.#changed.add(this.#remember(this.#begin(detector, sighting)));
    this.#writeSoon();
  }

  /** Resolves when all that was taken is written and told. */
  async settled(): Promise<void> {
    while (this.#isWriting || this.#changed.size > 0) {
      this.#writeSoon();
      await this.#writing;
    }
  }

  /**
   * A person says what it is, or takes that back.
   *
   * @param decision.verdict null takes it back
   * @returns undefined where there is no such anomaly
   */
  async decide(
    id: string,
    decision: { verdict: AnomalyVerdict | null; scope: 'device' | 'kind'; note: string; by: string; at: number },
  ): Promise<Anomaly | undefined> {
    await this.settled();
    const before = await this.#parts.store.get(id);
    if (before === undefined) return undefined;
    const { verdict, scope, note, by, at } = decision;
    const decided = verdict === null ? { decidedBy: '', decidedAt: null } : { decidedBy: by, decidedAt: at };
    const anomaly: Anomaly = { ...before, verdict, scope: verdict === null ? null : scope, note, ...decided };
    await this.#parts.store.save([anomaly]);
    if (verdict === null) this.#decided.delete(id);
    else this.#decided.set(id, anomaly);
    const remembered = this.#latest.get(keyOf(anomaly));
    if (remembered?.anomaly.id === id) remembered.anomaly = anomaly;
    this.#parts.acceptances.use(this.#decided.values());
    if (before.verdict === 'normal' || verdict === 'normal') this.#parts.onHabit(anomaly, verdict === 'normal');
    this.#parts.notify();
    return anomaly;
  }

  /** A source was taken back: so is what was seen in it. */
  async forget(source: string): Promise<void> {
    await this.settled();
    for (const [key, { anomaly }] of this.#latest) if (anomaly.source === source) this.#latest.delete(key);
    for (const [id, anomaly] of this.#decided) if (anomaly.source === source) this.#decided.delete(id);
    this.#parts.acceptances.use(this.#decided.values());
    await this.#parts.store.forget(source);
    this.#parts.notify();
  }

  #begin(detector: Detector, sighting: Sighting): Anomaly {
    const { actor, about, time, source, rarity } = sighting;
    return {
      id: deterministicId('anm', source, detector.id, actor, about, time),
      detector: detector.id,
      number: detector.number,
      title: detector.title,
      severity: detector.severity,
      techniques: [...detector.techniques],
      advice: detector.advice,
      actor,
      assetId: this.#assetOf(actor),
      about,
      subjects: [...sighting.subjects],
      expected: sighting.expected,
      seen: sighting.seen,
      rarity,
      basis: sighting.basis,
      measure: sighting.measure ?? null,
      habit: sighting.habit ?? null,
      firstSeen: time,
      lastSeen: Math.max(time, sighting.endTime),
      count: 1,
      source,
      isSample: sighting.isSample,
      packet: sighting.packetNumber,
      isTold: this.#hasBudget(detector.id, time),
      verdict: null,
      scope: null,
      note: '',
      decidedBy: '',
      decidedAt: null,
    };
  }

  /** The highest value speaks for all of them. */
  #repeat(known: Remembered, sighting: Sighting): void {
    const { anomaly } = known;
    const isHigher = (sighting.measure?.value ?? 0) > (anomaly.measure?.value ?? 0) || sighting.measure === undefined;
    const { expected, seen, rarity, basis, measure } = sighting;
    known.anomaly = {
      ...anomaly,
      ...(isHigher ? { expected, seen, rarity, basis, measure: measure ?? null } : {}),
      assetId: anomaly.assetId ?? this.#assetOf(anomaly.actor),
      firstSeen: Math.min(anomaly.firstSeen, sighting.time),
      lastSeen: Math.max(anomaly.lastSeen, sighting.endTime),
      count: anomaly.count + 1,
    };
    this.#changed.add(known);
  }

  /** Persons are no assets. */
  #assetOf(actor: string): string | null {
    return userPlace(actor) === undefined ? (this.#parts.placeOf(actor)?.asset ?? null) : null;
  }

  #remember(anomaly: Anomaly): Remembered {
    const remembered = { anomaly, toldValue: anomaly.measure?.value ?? 0, toldAt: 0 };
    const key = keyOf(anomaly);
    this.#latest.delete(key);
    if (this.#latest.size >= MAXIMUM_REMEMBERED) {
      const [oldest] = this.#latest.keys();
      if (oldest !== undefined) this.#latest.delete(oldest);
    }
    this.#latest.set(key, remembered);
    return remembered;
  }

  /** Counted by the day of the traffic, so that a capture says the same whenever it is read. */
  #hasBudget(detector: string, time: number): boolean {
    const day = Math.floor(time / DAY_MS);
    const budget = this.#budgets.get(detector);
    if (budget === undefined || budget.day !== day) {
      this.#budgets.set(detector, { day, told: 1 });
      return true;
    }
    budget.told++;
    return budget.told <= this.#parts.alertsPerDay;
  }

  #writeSoon(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // After what is at hand: rows of one batch become one statement.
    this.#writing = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#write())
      .catch((error: unknown) => this.#parts.logger.error('Anomalies could not be written', { error: String(error) }))
      .finally(() => {
        this.#isWriting = false;
      });
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed = new Set();
    if (changed.length === 0) return;
    await this.#parts.store.save(changed.map(({ anomaly }) => anomaly));
    await this.#parts.bus.publish(changed.filter(isNews).map((each) => this.#factOf(each)));
    this.#parts.notify();
  }

  #factOf(remembered: Remembered) {
    const { anomaly } = remembered;
    remembered.toldAt = anomaly.lastSeen;
    remembered.toldValue = anomaly.measure?.value ?? 0;
    const data = alertOf(anomaly, this.#parts.version);
    return createFact('alert.raised', { key: anomaly.id, time: anomaly.lastSeen, source: SERVICE, data });
  }
}

/** Others are told at the beginning, when it has become much more, and once an hour while it goes on. */
function isNews({ anomaly, toldValue, toldAt }: Remembered): boolean {
  if (!anomaly.isTold || anomaly.verdict === 'normal') return false;
  const value = anomaly.measure?.value ?? 0;
  return toldAt === 0 || value >= toldValue * GROWTH + 1 || anomaly.lastSeen - toldAt >= HOUR_MS;
}

function keyOf({
  detector,
  actor,
  about,
  isSample,
}: Pick<Anomaly, 'detector' | 'actor' | 'about' | 'isSample'>): string {
  return `${isSample ? 'sample' : ''}\n${detector}\n${actor}\n${about}`;
}
