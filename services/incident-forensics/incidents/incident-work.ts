import { SphinxError, type SqlExecutor } from '@sphinx/platform';
import { deterministicId, type IncidentStatus, type IncidentVerdict, type Severity } from '@sphinx/schema';
import type { Cluster, ClusterAnalytic, ClusterEntity } from '../grouping/cluster.ts';
import { type Lesson, taughtBy } from '../learning/lessons.ts';
import { describeIncident } from './describe.ts';
import type { IncidentDesk, IncidentDeskParts } from './incident-desk.ts';
import { type Activity, type IncidentView, isOfSampleHospital, type Work } from './incident-record.ts';
import type { IncidentRow } from './incident-store.ts';

/** What a person changes about an incident; what is absent stays. */
export interface IncidentChange {
  readonly status?: Exclude<IncidentStatus, 'closed'> | undefined;
  readonly owner?: string | null | undefined;
  readonly severity?: Severity | undefined;
  readonly title?: string | undefined;
}

/** What people do with incidents. Each change is one transaction, in the history of the incident, and told as a fact. */
export class IncidentWork {
  readonly #parts: IncidentDeskParts;
  readonly #desk: IncidentDesk;

  constructor(parts: IncidentDeskParts, desk: IncidentDesk) {
    this.#parts = parts;
    this.#desk = desk;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async get(id: string, sql?: SqlExecutor): Promise<IncidentRow> {
    const row = await this.#parts.store.get(id, sql);
    if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no incident "${id}".`);
    return row;
  }

  change(id: string, change: IncidentChange, by: string): Promise<IncidentView> {
    return this.#apply(id, by, ({ work }) => {
      requireOpen(work);
      const told: Told[] = [];
      if (change.owner !== undefined && change.owner !== work.owner) {
        told.push({
          kind: 'assigned',
          text: change.owner === null ? 'Assigned to nobody' : `Assigned to ${change.owner}`,
        });
      }
      if (change.status !== undefined && change.status !== work.status) {
        told.push({ kind: 'status', text: `Status: ${change.status}` });
      }
      if (change.severity !== undefined) told.push({ kind: 'severity', text: `Severity: ${change.severity}` });
      if (change.title !== undefined) told.push({ kind: 'status', text: `Called: ${change.title}` });
      return {
        work: {
          ...work,
          status: change.status ?? work.status,
          owner: change.owner === undefined ? work.owner : change.owner,
          severity: change.severity ?? work.severity,
          title: change.title ?? work.title,
        },
        told,
      };
    });
  }

  comment(id: string, text: string, by: string): Promise<IncidentView> {
    return this.#apply(id, by, ({ work }) => ({ work, told: [{ kind: 'comment', text }] }));
  }

  /** Whoever takes over becomes the owner and finds what there is to know. */
  handOver(id: string, to: string, note: string, by: string): Promise<IncidentView> {
    return this.#apply(id, by, ({ work }) => {
      requireOpen(work);
      return { work: { ...work, owner: to }, told: [{ kind: 'hand-over', text: `Handed over to ${to}: ${note}` }] };
    });
  }

  /** Opens what was held back or noted. */
  open(id: string, by: string): Promise<IncidentView> {
    return this.#apply(id, by, ({ work }) => {
      if (work.openedAt !== null) throw new SphinxError('SPX_CONFLICT', 'This is an incident already.');
      return {
        work: {
          ...work,
          openedAt: this.#parts.clock.now(),
          openedBy: by,
          status: 'new',
          verdict: null,
          closedAt: null,
        },
        told: [{ kind: 'opened', text: 'Opened by a person' }],
        event: 'incident.opened',
      };
    });
  }

  /** Closes an incident; what it turned out to be is learnt from. */
  async close(id: string, verdict: IncidentVerdict, note: string, by: string): Promise<IncidentView> {
    const view = await this.#apply(id, by, ({ work }) => {
      requireOpen(work);
      return {
        work: { ...work, status: 'closed', verdict, closingNote: note, closedAt: this.#parts.clock.now() },
        told: [{ kind: 'closed', text: `Closed as ${verdict}${note === '' ? '' : `: ${note}`}` }],
        event: 'incident.closed',
        wasTrue: taughtBy(verdict),
      };
    });
    return view;
  }

  async reopen(id: string, by: string): Promise<IncidentView> {
    const lessons = (await this.#parts.store.lessons()).filter(({ id: of }) => of.startsWith(`${id}:`));
    const view = await this.#apply(id, by, ({ work }) => {
      if (work.status !== 'closed') throw new SphinxError('SPX_CONFLICT', 'This incident is not closed.');
      return {
        work: { ...work, status: 'in-progress', verdict: null, closedAt: null, mergedInto: null },
        told: [{ kind: 'reopened', text: 'Opened again' }],
        event: 'incident.updated',
      };
    });
    for (const { id: lesson } of lessons) await this.unlearn(lesson);
    return view;
  }

  /** What one incident has becomes another one's; the first is closed as a duplicate. */
  async merge(id: string, into: string, by: string): Promise<IncidentView> {
    if (id === into) throw new SphinxError('SPX_INVALID_INPUT', 'An incident cannot be merged into itself.');
    const { state, store, clock, outbox } = this.#parts;
    const view = await state.transaction(async (sql) => {
      const from = await this.get(id, sql);
      const target = await this.get(into, sql);
      if (isOfSampleHospital(id) !== isOfSampleHospital(into)) {
        throw new SphinxError('SPX_INVALID_INPUT', 'An incident of the sample hospital and a real one stay apart.');
      }
      requireOpen(from.work);
      requireOpen(target.work);
      const merged = { ...target, cluster: mergeClusters(target.cluster, from.cluster) };
      await store.moveSignals(id, into, sql);
      const name = nameOf(target.view);
      const time = clock.now();
      const closed: Work = { ...from.work, status: 'closed', verdict: 'duplicate', closedAt: time, mergedInto: into };
      await this.#save({ ...from, work: closed }, sql);
      await store.addActivity({ incident: id, time, by, kind: 'merged', text: `Merged into ${name}` }, sql);
      const text = `${nameOf(from.view)} was merged into this one`;
      await store.addActivity({ incident: into, time, by, kind: 'merged', text }, sql);
      const told = await this.#save(merged, sql);
      await this.#desk.tell('incident.updated', told, sql);
      return told;
    });
    await outbox.publish();
    this.#parts.notify();
    return view;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async unlearn(id: string): Promise<void> {
    const lesson = await this.#parts.store.removeLesson(id);
    if (lesson === undefined) throw new SphinxError('SPX_NOT_FOUND', `Nothing like "${id}" was learnt.`);
    this.#desk.lessons.forget(lesson);
    this.#parts.notify();
  }

  /** Notes a line in the history of an incident. */
  async note(id: string, kind: Activity['kind'], text: string, by: string): Promise<void> {
    await this.get(id);
    await this.#parts.store.addActivity({ incident: id, time: this.#parts.clock.now(), by, kind, text });
    this.#parts.notify();
  }

  async #apply(id: string, by: string, decide: (row: IncidentRow) => Decision): Promise<IncidentView> {
    const { state, store, clock, outbox, notify } = this.#parts;
    let lessons: readonly Lesson[] = [];
    let event: Decision['event'];
    const view = await state.transaction(async (sql) => {
      const row = await this.get(id, sql);
      const decision = decide(row);
      event = decision.event ?? 'incident.updated';
      for (const { kind, text } of decision.told) {
        await store.addActivity({ incident: id, time: clock.now(), by, kind, text }, sql);
      }
      const saved = await this.#save({ ...row, work: decision.work }, sql);
      if (decision.told.some(({ kind }) => kind !== 'comment')) await this.#desk.tell(event, saved, sql);
      if (decision.wasTrue !== undefined && !isOfSampleHospital(id)) {
        lessons = await this.#lessonsOf(saved, decision.wasTrue, by, sql);
        await store.addLessons(lessons, sql);
      }
      return saved;
    });
    for (const lesson of lessons) this.#desk.lessons.learn(lesson);
    await outbox.publish();
    if (event !== undefined && view.attention === 'incident') {
      this.#parts.onTold?.(
        event === 'incident.opened' ? 'opened' : event === 'incident.closed' ? 'closed' : 'updated',
        view,
      );
    }
    notify();
    return view;
  }

  async #save(row: Pick<IncidentRow, 'cluster' | 'work' | 'view'>, sql: SqlExecutor): Promise<IncidentView> {
    const { store } = this.#parts;
    const isNumberless = row.view.number === null && row.work.openedAt !== null;
    const number = isNumberless ? await store.nextNumber(sql) : row.view.number;
    const view = describeIncident(row.cluster, row.work, number, this.#parts);
    await store.save({ ...row, view }, sql);
    this.#desk.keep({ ...row, view });
    return view;
  }

  /** Every analytic with whoever had it. */
  async #lessonsOf(view: IncidentView, wasTrue: boolean, by: string, sql: SqlExecutor): Promise<readonly Lesson[]> {
    const signals = await this.#parts.store.signalsOf(view.id, sql);
    const lessons = new Map<string, Lesson>();
    for (const { key, analytic, entities } of signals) {
      const [, actor = ''] = key.split('|');
      const actorName = entities.find(({ role }) => role === 'actor')?.name ?? entities[0]?.name ?? '';
      const id = `${view.id}:${deterministicId('les', analytic.id, actor)}`;
      const time = this.#parts.clock.now();
      const said = { analytic: analytic.id, title: analytic.title, actor, actorName, wasTrue, by, time };
      lessons.set(id, { id, incident: nameOf(view), ...said });
    }
    return [...lessons.values()];
  }
}

interface Told {
  readonly kind: Activity['kind'];
  readonly text: string;
}

interface Decision {
  readonly work: Work;
  readonly told: readonly Told[];
  readonly event?: 'incident.opened' | 'incident.updated' | 'incident.closed';
  readonly wasTrue?: boolean | undefined;
}

/** @returns "INC-12", as people call it */
export function nameOf({ number, id }: Pick<IncidentView, 'number' | 'id'>): string {
  return number === null ? id : `INC-${number}`;
}

function requireOpen({ status }: Work): void {
  if (status === 'closed') throw new SphinxError('SPX_CONFLICT', 'This incident is closed. Open it again first.');
}

function mergeClusters(into: Cluster, from: Cluster): Cluster {
  const analytics = new Map(into.analytics);
  for (const [id, analytic] of from.analytics) analytics.set(id, mergeAnalytics(analytics.get(id), analytic));
  const entities = new Map(into.entities);
  for (const [key, entity] of from.entities) entities.set(key, mergeEntities(entities.get(key), entity));
  const highestScore = Math.max(into.highestScore, from.highestScore, into.score + from.score);
  const highestPlainScore = Math.max(into.highestPlainScore, from.highestPlainScore, into.plainScore + from.plainScore);
  return {
    ...into,
    analytics,
    entities,
    signals: into.signals + from.signals,
    firstSeen: Math.min(into.firstSeen, from.firstSeen),
    lastSeen: Math.max(into.lastSeen, from.lastSeen),
    score: into.score + from.score,
    plainScore: into.plainScore + from.plainScore,
    highestScore,
    highestPlainScore,
    sources: [...new Set([...into.sources, ...from.sources])],
    isSample: into.isSample && from.isSample,
  };
}

function mergeAnalytics(known: ClusterAnalytic | undefined, added: ClusterAnalytic): ClusterAnalytic {
  if (known === undefined) return added;
  const weightier = added.points > known.points ? added : known;
  return {
    ...weightier,
    count: known.count + added.count,
    firstSeen: Math.min(known.firstSeen, added.firstSeen),
    lastSeen: Math.max(known.lastSeen, added.lastSeen),
    stages: [...new Set([...known.stages, ...added.stages])],
    techniques: [...new Set([...known.techniques, ...added.techniques])],
  };
}

function mergeEntities(known: ClusterEntity | undefined, added: ClusterEntity): ClusterEntity {
  if (known === undefined) return added;
  const roles = [...new Set([...known.roles, ...added.roles])];
  return {
    ...known,
    roles,
    lastSeen: Math.max(known.lastSeen, added.lastSeen),
    isPassenger: known.isPassenger && added.isPassenger,
  };
}
