import { cutPage, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { IncidentStatus, Severity } from '@sphinx/schema';
import { type Cluster, restoreCluster, type StoredCluster, storeCluster } from '../grouping/cluster.ts';
import type { Contact, Habit } from '../grouping/memory.ts';
import type { Lesson } from '../learning/lessons.ts';
import { repeatKeyOf, type Signal } from '../signals/signal.ts';
import {
  type Activity,
  type Attention,
  type IncidentView,
  SAMPLE_PREFIX,
  type SignalRow,
  type Work,
} from './incident-record.ts';

/** An incident as it is kept: what its signals say, what people did, and both told together. */
export interface IncidentRow {
  readonly cluster: Cluster;
  readonly work: Work;
  readonly view: IncidentView;
}

export interface IncidentQuery {
  readonly attention?: Attention | undefined;
  readonly status?: readonly IncidentStatus[] | undefined;
  readonly severity?: Severity | undefined;
  readonly owner?: string | undefined;
  readonly search?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

interface StoredRow {
  readonly cluster: StoredCluster;
  readonly work: Work;
  readonly view: IncidentView;
}

/** References of repeated signals that are kept. */
const MAXIMUM_REFERENCES = 50;

/** The tables of incidents. Every change takes the executor of the transaction that it is part of. */
export class IncidentStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /**
   * Notes a signal as taken. One that grows comes again under its id, with more events or graver than before.
   *
   * @returns events that are new about it; undefined where it was taken as it is
   */
  async takeNews(
    { id, count, severity, techniques }: Signal,
    time: number,
    sql: SqlExecutor,
  ): Promise<number | undefined> {
    const says = [severity, ...techniques].join(' ');
    const [known] = await sql.query<{ count: number; says: string }>(
      'SELECT count, says FROM incident_forensics.seen WHERE id = $1',
      [id],
    );
    const added = count - Number(known?.count ?? 0);
    if (known !== undefined && added <= 0 && known.says === says) return undefined;
    await sql.query(
      `INSERT INTO incident_forensics.seen AS known (id, time, count, says) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET time = excluded.time, count = greatest(known.count, excluded.count), says = excluded.says`,
      [id, time, count, says],
    );
    return Math.max(0, added);
  }

  async save({ cluster, work, view }: IncidentRow, sql: SqlExecutor): Promise<void> {
    const words = [view.title, ...view.assets.map(({ name }) => name), ...view.users, ...view.addresses];
    await sql.query(
      `INSERT INTO incident_forensics.incident
         (id, number, attention, status, severity, owner, score, last_seen, is_sample, words, cluster, work, view)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb, $13::jsonb)
       ON CONFLICT (id) DO UPDATE SET number = excluded.number, attention = excluded.attention, status = excluded.status,
         severity = excluded.severity, owner = excluded.owner, score = excluded.score, last_seen = excluded.last_seen,
         is_sample = excluded.is_sample, words = excluded.words, cluster = excluded.cluster, work = excluded.work,
         view = excluded.view`,
      [
        view.id,
        view.number,
        view.attention,
        view.status,
        view.severity,
        view.owner,
        view.score,
        view.lastSeen,
        view.isSample,
        words.join(' ').toLowerCase(),
        JSON.stringify(storeCluster(cluster)),
        JSON.stringify(work),
        JSON.stringify(view),
      ],
    );
  }

  async nextNumber(sql: SqlExecutor): Promise<number> {
    const [row] = await sql.query<{ next: number | string }>(
      'SELECT coalesce(max(number), 0) + 1 AS next FROM incident_forensics.incident',
    );
    return Number(row?.next ?? 1);
  }

  async get(id: string, sql: SqlExecutor = this.#state): Promise<IncidentRow | undefined> {
    const [row] = await sql.query<StoredRow>(
      'SELECT cluster, work, view FROM incident_forensics.incident WHERE id = $1',
      [id],
    );
    return row === undefined ? undefined : { ...row, cluster: restoreCluster(row.cluster) };
  }

  /** Those that signals may still join; none of the sample hospital. @param since last seen at or after, milliseconds */
  async joinable(since: number, sql: SqlExecutor = this.#state): Promise<readonly IncidentRow[]> {
    const rows = await sql.query<StoredRow>(
      `SELECT cluster, work, view FROM incident_forensics.incident
       WHERE status <> 'closed' AND last_seen >= $1 AND NOT starts_with(id, $2) ORDER BY sequence`,
      [since, `${SAMPLE_PREFIX}_`],
    );
    return rows.map((row) => ({ ...row, cluster: restoreCluster(row.cluster) }));
  }

  /** Newest first. */
  async list(query: IncidentQuery): Promise<Page<IncidentView>> {
    const search = query.search === undefined ? null : `%${query.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await this.#state.query<{ sequence: number | string; view: IncidentView }>(
      `SELECT sequence, view FROM incident_forensics.incident
       WHERE ($1::text IS NULL OR attention = $1) AND ($2::text[] IS NULL OR status = ANY($2::text[]))
         AND ($3::text IS NULL OR severity = $3) AND ($4::text IS NULL OR owner = $4)
         AND ($5::text IS NULL OR words LIKE $5) AND ($6::bigint IS NULL OR sequence < $6)
       ORDER BY sequence DESC LIMIT $7`,
      [
        query.attention ?? null,
        query.status ?? null,
        query.severity ?? null,
        query.owner ?? null,
        search,
        query.before ?? null,
        query.limit + 1,
      ],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ view }) => view) };
  }

  /** Incidents, opened ones and closed ones, that may resemble another one. */
  async others(id: string, limit: number): Promise<readonly IncidentView[]> {
    const rows = await this.#state.query<{ view: IncidentView }>(
      `SELECT view FROM incident_forensics.incident WHERE attention = 'incident' AND id <> $1
       ORDER BY sequence DESC LIMIT $2`,
      [id, limit],
    );
    return rows.map(({ view }) => view);
  }

  async counts() {
    const rows = await this.#state.query<{ attention: Attention; status: string; severity: Severity; count: string }>(
      `SELECT attention, status, severity, count(*) AS count FROM incident_forensics.incident
       GROUP BY attention, status, severity`,
    );
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  async sampleIncidents(sql: SqlExecutor = this.#state): Promise<number> {
    const [row] = await sql.query<{ count: string }>(
      'SELECT count(*) AS count FROM incident_forensics.incident WHERE starts_with(id, $1)',
      [`${SAMPLE_PREFIX}_`],
    );
    return Number(row?.count ?? 0);
  }

  /** Signals that came in and incidents that were opened since a time, whenever it happened what they are about; without the sample hospital. @param since milliseconds */
  async volume(since: number): Promise<{ readonly signals: number; readonly incidents: number }> {
    const [signals] = await this.#state.query<{ count: string }>(
      'SELECT coalesce(sum(count), 0) AS count FROM incident_forensics.seen WHERE time >= $1',
      [since],
    );
    const [incidents] = await this.#state.query<{ count: string }>(
      `SELECT count(*) AS count FROM incident_forensics.incident
       WHERE attention = 'incident' AND (work->>'openedAt')::bigint >= $1 AND NOT starts_with(id, $2)`,
      [since, `${SAMPLE_PREFIX}_`],
    );
    return { signals: Number(signals?.count ?? 0), incidents: Number(incidents?.count ?? 0) };
  }

  async addSignal(incident: string, signal: Signal, points: number, sql: SqlExecutor): Promise<void> {
    const key = repeatKeyOf(signal);
    const [known] = await sql.query<{ signal: Pick<SignalRow, 'references'> }>(
      'SELECT signal FROM incident_forensics.signal WHERE incident = $1 AND key = $2',
      [incident, key],
    );
    const references = distinct([...(known?.signal.references ?? []), ...signal.references]).slice(
      0,
      MAXIMUM_REFERENCES,
    );
    const { kind, analytic, severity, message, techniques, stages } = signal;
    const entities = signal.entities.map(({ type, id, name, role }) => ({ type, id, name, role }));
    const told = { kind, analytic, severity, message, techniques, stages, entities, references };
    await sql.query(
      `INSERT INTO incident_forensics.signal AS known
         (incident, key, first_seen, last_seen, count, points, source, signal)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       ON CONFLICT (incident, key) DO UPDATE SET first_seen = least(known.first_seen, excluded.first_seen),
         last_seen = greatest(known.last_seen, excluded.last_seen), count = known.count + excluded.count,
         points = greatest(known.points, excluded.points), signal = excluded.signal`,
      [incident, key, signal.time, signal.endTime, signal.count, points, signal.source, JSON.stringify(told)],
    );
  }

  /** In the order in which they began. */
  async signalsOf(incident: string, sql: SqlExecutor = this.#state): Promise<readonly SignalRow[]> {
    const rows = await sql.query<{
      key: string;
      first_seen: string;
      last_seen: string;
      count: number;
      points: number;
      signal: Omit<SignalRow, 'key' | 'points' | 'firstSeen' | 'lastSeen' | 'count'>;
    }>(
      `SELECT key, first_seen, last_seen, count, points, signal FROM incident_forensics.signal
       WHERE incident = $1 ORDER BY first_seen, key`,
      [incident],
    );
    return rows.map(({ key, first_seen, last_seen, count, points, signal }) => ({
      ...signal,
      key,
      points: Number(points),
      firstSeen: Number(first_seen),
      lastSeen: Number(last_seen),
      count: Number(count),
    }));
  }

  /** Signals of one incident become those of another one. */
  async moveSignals(from: string, to: string, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO incident_forensics.signal AS known
         (incident, key, first_seen, last_seen, count, points, source, signal)
       SELECT $2, key, first_seen, last_seen, count, points, source, signal FROM incident_forensics.signal WHERE incident = $1
       ON CONFLICT (incident, key) DO UPDATE SET first_seen = least(known.first_seen, excluded.first_seen),
         last_seen = greatest(known.last_seen, excluded.last_seen), count = known.count + excluded.count,
         points = greatest(known.points, excluded.points)`,
      [from, to],
    );
    await sql.query('DELETE FROM incident_forensics.signal WHERE incident = $1', [from]);
  }

  async addActivity(activity: Omit<Activity, 'sequence'>, sql: SqlExecutor = this.#state): Promise<void> {
    const { incident, time, by, kind, text } = activity;
    await sql.query(
      'INSERT INTO incident_forensics.activity (incident, time, by, kind, text) VALUES ($1, $2, $3, $4, $5)',
      [incident, time, by, kind, text],
    );
  }

  /** Oldest first. */
  async activityOf(incident: string): Promise<readonly Activity[]> {
    const rows = await this.#state.query<Activity>(
      `SELECT sequence, incident, time, by, kind, text FROM incident_forensics.activity
       WHERE incident = $1 ORDER BY sequence`,
      [incident],
    );
    return rows.map((row) => ({ ...row, sequence: Number(row.sequence), time: Number(row.time) }));
  }

  async saveHabits(habits: readonly Habit[], contacts: readonly Contact[], sql: SqlExecutor): Promise<void> {
    if (habits.length > 0) {
      await sql.query(
        `INSERT INTO incident_forensics.habit (analytic, actor, days, last_seen, is_work)
         SELECT analytic, actor, days, "lastSeen", "isWork" FROM jsonb_to_recordset($1::jsonb)
           AS new (analytic text, actor text, days jsonb, "lastSeen" bigint, "isWork" boolean)
         ON CONFLICT (analytic, actor) DO UPDATE SET days = excluded.days, last_seen = excluded.last_seen,
           is_work = excluded.is_work`,
        [JSON.stringify(habits)],
      );
    }
    if (contacts.length === 0) return;
    await sql.query(
      `INSERT INTO incident_forensics.contact (target, actor, last_seen)
       SELECT target, actor, "lastSeen" FROM jsonb_to_recordset($1::jsonb) AS new (target text, actor text, "lastSeen" bigint)
       ON CONFLICT (target, actor) DO UPDATE SET last_seen = excluded.last_seen`,
      [JSON.stringify(contacts)],
    );
  }

  async memory(): Promise<{ readonly habits: readonly Habit[]; readonly contacts: readonly Contact[] }> {
    const habits = await this.#state.query<Habit>(
      'SELECT analytic, actor, days, last_seen AS "lastSeen", is_work AS "isWork" FROM incident_forensics.habit',
    );
    const contacts = await this.#state.query<Contact>(
      'SELECT target, actor, last_seen AS "lastSeen" FROM incident_forensics.contact',
    );
    return {
      habits: habits.map((habit) => ({ ...habit, lastSeen: Number(habit.lastSeen) })),
      contacts: contacts.map((contact) => ({ ...contact, lastSeen: Number(contact.lastSeen) })),
    };
  }

  async addLessons(lessons: readonly Lesson[], sql: SqlExecutor): Promise<void> {
    for (const lesson of lessons) {
      await sql.query(
        `INSERT INTO incident_forensics.lesson (id, incident, analytic, actor, time, lesson)
         VALUES ($1, $2, $3, $4, $5, $6::jsonb) ON CONFLICT (id) DO UPDATE SET time = excluded.time, lesson = excluded.lesson`,
        [lesson.id, lesson.incident, lesson.analytic, lesson.actor, lesson.time, JSON.stringify(lesson)],
      );
    }
  }

  /** Oldest first. */
  async lessons(): Promise<readonly Lesson[]> {
    const rows = await this.#state.query<{ lesson: Lesson }>(
      'SELECT lesson FROM incident_forensics.lesson ORDER BY time, id',
    );
    return rows.map(({ lesson }) => lesson);
  }

  async removeLesson(id: string): Promise<Lesson | undefined> {
    const [row] = await this.#state.query<{ lesson: Lesson }>(
      'DELETE FROM incident_forensics.lesson WHERE id = $1 RETURNING lesson',
      [id],
    );
    return row?.lesson;
  }

  async verdicts(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#state.query<{ asset: string; verdict: string }>(
      'SELECT asset, verdict FROM incident_forensics.verdict',
    );
    return new Map(rows.map(({ asset, verdict }) => [asset, verdict]));
  }

  async saveVerdict(asset: string, verdict: string, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO incident_forensics.verdict (asset, verdict) VALUES ($1, $2)
       ON CONFLICT (asset) DO UPDATE SET verdict = excluded.verdict`,
      [asset, verdict],
    );
  }

  /** Takes away what a source alone told. @returns ids of the incidents that went */
  async forgetSource(source: string, sql: SqlExecutor): Promise<readonly string[]> {
    await sql.query('DELETE FROM incident_forensics.signal WHERE source = $1', [source]);
    const rows = await sql.query<{ id: string }>(
      `DELETE FROM incident_forensics.incident WHERE cluster->'sources' = jsonb_build_array($1::text) RETURNING id`,
      [source],
    );
    for (const table of ['signal', 'activity', 'checklist', 'evidence', 'custody', 'time_stamp', 'case_event', 'pin']) {
      await sql.query(`DELETE FROM incident_forensics.${table} WHERE incident = ANY($1::text[])`, [
        rows.map(({ id }) => id),
      ]);
    }
    return rows.map(({ id }) => id);
  }

  /** What nobody had to look at goes after a time. @param before last seen, milliseconds */
  async prune(before: number): Promise<void> {
    await this.#state.transaction(async (sql) => {
      const rows = await sql.query<{ id: string }>(
        `DELETE FROM incident_forensics.incident WHERE attention <> 'incident' AND last_seen < $1 RETURNING id`,
        [before],
      );
      const ids = rows.map(({ id }) => id);
      await sql.query('DELETE FROM incident_forensics.signal WHERE incident = ANY($1::text[])', [ids]);
      await sql.query('DELETE FROM incident_forensics.seen WHERE time < $1', [before]);
      await sql.query('DELETE FROM incident_forensics.habit WHERE last_seen < $1', [before]);
      await sql.query('DELETE FROM incident_forensics.contact WHERE last_seen < $1', [before]);
    });
  }
}

/** An alert that grows comes again with what it had before. */
function distinct(references: SignalRow['references']): SignalRow['references'] {
  return [...new Map(references.map((reference) => [`${reference.kind} ${reference.id}`, reference])).values()];
}
