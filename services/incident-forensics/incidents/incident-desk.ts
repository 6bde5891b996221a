import type { Clock, Outbox, SqlExecutor, StateStore } from '@sphinx/platform';
import { createFact, type Fact } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import { pointsAlone } from '../grouping/cluster.ts';
import { Grouper } from '../grouping/grouper.ts';
import { type Contact, type Habit, SignalMemory } from '../grouping/memory.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { ScoringPolicy } from '../knowledge/scoring-policy.ts';
import { Lessons } from '../learning/lessons.ts';
import { readSignal, type SignalReading } from '../signals/read-signal.ts';
import type { Entity, Signal } from '../signals/signal.ts';
import { describeIncident, factOf } from './describe.ts';
import { type IncidentView, isOfSampleHospital, NEW_WORK, type Work } from './incident-record.ts';
import type { IncidentRow, IncidentStore } from './incident-store.ts';

export const SERVICE = 'incident-forensics';
export const SIGNAL_FACTS = ['detection.found', 'alert.raised', 'verdict.issued'] as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SWEEP_EVERY = 5000;
/** Signals whose kind nobody opened an incident for. */
const KEPT_NOTED_DAYS = 30;

export interface IncidentDeskParts {
  readonly state: StateStore;
  readonly store: IncidentStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly assets: AssetBook;
  readonly attack: AttackKnowledge;
  readonly policy: ScoringPolicy;
  readonly threshold: number;
  /** Whoever scans, monitors, backs up or administers by profession. */
  readonly isProfessional: (entity: Entity) => boolean;
  /** Something on the pages changed. */
  notify(): void;
  /** After an incident was opened or changed, and that is durable. */
  onTold?(event: 'opened' | 'updated' | 'closed', view: IncidentView): void;
}

/** What a batch of facts changes. */
interface Batch {
  readonly touched: Map<string, Touched>;
  readonly habits: Map<string, Habit>;
  readonly contacts: Map<string, Contact>;
}

/** A cluster that a batch of facts, or a person, touched. */
interface Touched {
  readonly before: IncidentView | undefined;
  work: Work;
  number: number | null;
  readonly signals: { readonly signal: Signal; readonly points: number }[];
}

/** Makes incidents of what other services found. What people do with them is in `incident-work.ts`. */
export class IncidentDesk {
  readonly #parts: IncidentDeskParts;
  readonly #verdicts = new Map<string, string>();
  readonly #rows = new Map<string, { readonly work: Work; readonly view: IncidentView }>();
  readonly lessons: Lessons;
  #grouper: Grouper;
  #taken = 0;

  constructor(parts: IncidentDeskParts) {
    this.#parts = parts;
    this.lessons = new Lessons(parts.policy.learning);
    this.#grouper = this.#createGrouper();
  }

  /** Reads what is kept. Also after a failure: memory must not know what no table knows. */
  async open(): Promise<void> {
    const { store, clock, policy, state, assets } = this.#parts;
    await assets.open(state);
    this.#grouper = this.#createGrouper();
    const { habits, contacts } = await store.memory();
    this.#grouper.memory.restore(habits, contacts);
    this.lessons.clear();
    for (const lesson of await store.lessons()) this.lessons.learn(lesson);
    this.#verdicts.clear();
    for (const [asset, verdict] of await store.verdicts()) this.#verdicts.set(asset, verdict);
    this.#rows.clear();
    for (const row of await store.joinable(clock.now() - policy.idleHours * HOUR_MS * 2)) this.keep(row);
    await store.prune(clock.now() - KEPT_NOTED_DAYS * DAY_MS);
  }

  /** Signals may join it. */
  keep({ cluster, work, view }: IncidentRow): void {
    if (isOfSampleHospital(cluster.id)) return;
    if (work.status === 'closed') {
      this.#grouper.remove(cluster.id);
      this.#rows.delete(cluster.id);
      return;
    }
    this.#grouper.put(cluster);
    this.#rows.set(cluster.id, { work, view });
  }

  /** Takes facts in their order; all of them or none. */
  async take(facts: readonly Fact[]): Promise<void> {
    const { state, outbox, notify } = this.#parts;
    let told: readonly { readonly event: 'opened' | 'updated'; readonly view: IncidentView }[] = [];
    try {
      await state.transaction(async (sql) => {
        told = await this.#takeAll(facts, sql);
      });
    } catch (error) {
      await this.open();
      throw error;
    }
    await outbox.publish();
    for (const { event, view } of told) this.#parts.onTold?.(event, view);
    if (facts.some(({ type }) => isSignalFact(type) || type === 'source.removed')) notify();
    this.#taken += facts.length;
    if (this.#taken < SWEEP_EVERY) return;
    this.#taken = 0;
    this.#sweep(facts.at(-1)?.time ?? 0);
  }

  async #takeAll(facts: readonly Fact[], sql: SqlExecutor) {
    const { store, assets } = this.#parts;
    const touched = new Map<string, Touched>();
    const habits = new Map<string, Habit>();
    const contacts = new Map<string, Contact>();
    for (const fact of facts) {
      if (fact.type === 'source.removed') await this.#forget(fact.data.source, touched, sql);
      else if (!isSignalFact(fact.type)) await assets.take(fact, sql);
      else await this.#takeSignal(fact, { touched, habits, contacts }, sql);
      if (fact.type === 'verdict.issued') {
        this.#verdicts.set(fact.data.assetId, fact.data.verdict);
        await store.saveVerdict(fact.data.assetId, fact.data.verdict, sql);
      }
    }
    await store.saveHabits([...habits.values()], [...contacts.values()], sql);
    const told: { event: 'opened' | 'updated'; view: IncidentView }[] = [];
    for (const [id, each] of touched) {
      const event = await this.#save(id, each, sql);
      const view = this.#rows.get(id)?.view;
      if (event !== undefined && view !== undefined) told.push({ event, view });
    }
    return told;
  }

  async #takeSignal(fact: Fact, batch: Batch, sql: SqlExecutor): Promise<void> {
    const signal = readSignal(fact, this.#reading());
    if (signal === undefined) return;
    const added = await this.#parts.store.takeNews(signal, this.#parts.clock.now(), sql);
    if (added !== undefined) this.#place({ ...signal, count: added }, batch);
  }

  #place(signal: Signal, { touched, habits, contacts }: Batch): void {
    const { cluster, weight, habit, contacts: met } = this.#grouper.place(signal);
    habits.set(`${habit.analytic}|${habit.actor}`, habit);
    for (const contact of met) contacts.set(`${contact.target}|${contact.actor}`, contact);
    const known = this.#rows.get(cluster.id);
    const each: Touched = touched.get(cluster.id) ?? {
      before: known?.view,
      work: known?.work ?? NEW_WORK,
      number: known?.view.number ?? null,
      signals: [],
    };
    each.signals.push({ signal, points: pointsAlone(weight) });
    touched.set(cluster.id, each);
  }

  /** @returns what became of the incident, where it is one */
  async #save(id: string, each: Touched, sql: SqlExecutor): Promise<'opened' | 'updated' | undefined> {
    const { store, clock, threshold } = this.#parts;
    const cluster = this.#grouper.get(id);
    if (cluster === undefined) return undefined;
    const isOpening = each.work.openedAt === null && cluster.highestScore >= threshold;
    if (isOpening) {
      each.work = { ...each.work, openedAt: clock.now() };
      each.number = await store.nextNumber(sql);
    }
    const view = describeIncident(cluster, each.work, each.number, this.#parts);
    const row = { cluster, work: each.work, view };
    await store.save(row, sql);
    this.#rows.set(id, { work: each.work, view });
    for (const { signal, points } of each.signals) await store.addSignal(id, signal, points, sql);
    if (isOpening) {
      const text = `Opened by itself: ${view.reasons[0] ?? ''}`;
      await store.addActivity({ incident: id, time: clock.now(), by: 'SPHINX', kind: 'opened', text }, sql);
      await this.tell('incident.opened', view, sql);
      return 'opened';
    }
    if (view.attention !== 'incident' || !isMaterial(each.before, view)) return undefined;
    const grown = view.stages.filter((stage) => each.before?.stages.includes(stage) !== true);
    if (grown.length > 0) {
      const titles = grown.map((stage) => this.#parts.attack.tactics.get(stage)?.title ?? stage);
      const text = `It reached a further stage: ${titles.join(', ')}`;
      await store.addActivity({ incident: id, time: clock.now(), by: 'SPHINX', kind: 'grew', text }, sql);
    }
    await this.tell('incident.updated', view, sql);
    return 'updated';
  }

  /** Notes a fact on an incident; it is published with the transaction. */
  async tell(type: 'incident.opened' | 'incident.updated' | 'incident.closed', view: IncidentView, sql: SqlExecutor) {
    const data = factOf(view);
    if (data === undefined || isOfSampleHospital(view.id)) return;
    const fact = createFact(type, { key: view.id, time: this.#parts.clock.now(), source: SERVICE, data });
    await this.#parts.outbox.note([fact], sql);
  }

  async #forget(source: string, touched: Map<string, Touched>, sql: SqlExecutor): Promise<void> {
    for (const id of await this.#parts.store.forgetSource(source, sql)) {
      this.#grouper.remove(id);
      this.#rows.delete(id);
      touched.delete(id);
    }
  }

  #sweep(time: number): void {
    this.#grouper.sweep(time);
    for (const id of this.#rows.keys()) if (this.#grouper.get(id) === undefined) this.#rows.delete(id);
  }

  #reading(): SignalReading {
    const { assets, attack, policy } = this.#parts;
    return {
      assets,
      attack,
      policyClasses: new Set(policy.policyClasses.names),
      lastVerdictOf: (assetId) => this.#verdicts.get(assetId),
    };
  }

  #createGrouper(): Grouper {
    const { attack, policy, threshold, assets } = this.#parts;
    return new Grouper({
      attack,
      policy,
      threshold,
      memory: new SignalMemory(policy.habit.windowDays),
      lessons: this.lessons,
      safetyOf: (assetId) => assets.get(assetId)?.patientSafetyClass ?? null,
      isProfessional: this.#parts.isProfessional,
    });
  }
}

function isSignalFact(type: Fact['type']): boolean {
  return (SIGNAL_FACTS as readonly string[]).includes(type);
}

/** Repetition alone is no news. */
function isMaterial(before: IncidentView | undefined, after: IncidentView): boolean {
  if (before === undefined) return true;
  const said = ({ severity, stages, techniques, assets, users, addresses, analytics }: IncidentView) =>
    JSON.stringify([
      severity,
      stages,
      techniques.length,
      assets.map(({ assetId }) => assetId),
      users,
      addresses,
      analytics.map(({ id }) => id).toSorted(),
    ]);
  return said(before) !== said(after);
}
