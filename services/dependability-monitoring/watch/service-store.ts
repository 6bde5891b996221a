import { cutPage, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { AvailabilityState, OutageCause, OutageEvidence } from '@sphinx/schema';
import type { CheckState } from '../state/check-state.ts';
import type { MonitoredService, StateSpan } from './monitored-service.ts';

interface SpanRow {
  readonly sequence: number | string;
  readonly service: string;
  readonly state: AvailabilityState;
  readonly from_time: number | string;
  readonly until_time: number | string | null;
  readonly reason: string;
  readonly cause: OutageCause | null;
  readonly cause_reasons: string[];
  readonly evidence: OutageEvidence[];
}

/** What a span is begun with. */
export interface NewSpan {
  readonly service: string;
  readonly state: AvailabilityState;
  readonly from: number;
  readonly reason: string;
  readonly cause: OutageCause | null;
  readonly causeReasons: readonly string[];
  readonly evidence: readonly OutageEvidence[];
}

const SCHEMA = 'dependability_monitoring';
const OWN_TABLES = [
  'service',
  'check_state',
  'span',
  'result',
  'result_hour',
  'report',
  'traffic_hour',
  'drill',
] as const;

/** The services that are watched, the states of their checks, and their history. */
export class ServiceStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
    return this.#state.transaction(work);
  }

  async services(): Promise<readonly MonitoredService[]> {
    const rows = await this.#state.query<{ service: MonitoredService }>(
      `SELECT service FROM ${SCHEMA}.service ORDER BY created_at, id`,
    );
    // Kept before traffic was watched.
    return rows.map(({ service }) => ({ ...service, isTrafficWatched: service.isTrafficWatched ?? true }));
  }

  async save(service: MonitoredService): Promise<void> {
    await this.#state.query(
      `INSERT INTO ${SCHEMA}.service (id, service, created_at) VALUES ($1, $2::jsonb, $3)
       ON CONFLICT (id) DO UPDATE SET service = excluded.service`,
      [service.id, JSON.stringify(service), service.createdAt],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const table of OWN_TABLES) {
        await sql.query(`DELETE FROM ${SCHEMA}.${table} WHERE ${table === 'service' ? 'id' : 'service'} = $1`, [id]);
      }
    });
  }

  async checkStates(): Promise<readonly { service: string; checkId: string; state: CheckState }[]> {
    const rows = await this.#state.query<{ service: string; check_id: string; state: CheckState }>(
      `SELECT service, check_id, state FROM ${SCHEMA}.check_state`,
    );
    return rows.map(({ service, check_id, state }) => ({ service, checkId: check_id, state }));
  }

  async saveCheckState(service: string, checkId: string, state: CheckState, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO ${SCHEMA}.check_state (service, check_id, state) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (service, check_id) DO UPDATE SET state = excluded.state`,
      [service, checkId, JSON.stringify(state)],
    );
  }

  /** Forgets the states of checks that are no more. */
  async keepChecks(service: string, checkIds: readonly string[]): Promise<void> {
    await this.#state.query(
      `DELETE FROM ${SCHEMA}.check_state WHERE service = $1 AND NOT (check_id = ANY($2::text[]))`,
      [service, checkIds],
    );
  }

  /** Ends the span that stands and begins the next. @returns it */
  async beginSpan(span: NewSpan, sql: SqlExecutor): Promise<StateSpan> {
    const { service, state, from, reason, cause, causeReasons, evidence } = span;
    await sql.query(`UPDATE ${SCHEMA}.span SET until_time = $2 WHERE service = $1 AND until_time IS NULL`, [
      service,
      from,
    ]);
    const [row] = await sql.query<SpanRow>(
      `INSERT INTO ${SCHEMA}.span (service, state, from_time, reason, cause, cause_reasons, evidence)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb) RETURNING *`,
      [service, state, from, reason, cause, JSON.stringify(causeReasons), JSON.stringify(evidence)],
    );
    if (row === undefined) throw new Error('a span that was inserted is not there');
    return spanOf(row);
  }

  async updateSpan({ id, reason, cause, causeReasons, evidence }: StateSpan, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `UPDATE ${SCHEMA}.span SET reason = $2, cause = $3, cause_reasons = $4::jsonb, evidence = $5::jsonb WHERE sequence = $1`,
      [id, reason, cause, JSON.stringify(causeReasons), JSON.stringify(evidence)],
    );
  }

  /** The span of each service that stands. */
  async standing(): Promise<ReadonlyMap<string, StateSpan>> {
    const rows = await this.#state.query<SpanRow>(`SELECT * FROM ${SCHEMA}.span WHERE until_time IS NULL`);
    return new Map(rows.map((row) => [row.service, spanOf(row)]));
  }

  /** Newest first. */
  async spans(
    service: string,
    { before, limit }: { before?: number | undefined; limit: number },
  ): Promise<Page<StateSpan>> {
    const rows = await this.#state.query<SpanRow>(
      `SELECT * FROM ${SCHEMA}.span WHERE service = $1 AND ($2::bigint IS NULL OR sequence < $2)
       ORDER BY sequence DESC LIMIT $3`,
      [service, before ?? null, limit + 1],
    );
    const page = cutPage(rows, limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(spanOf) };
  }

  /** Oldest first, those that reach into the time. */
  async spansSince(service: string, since: number): Promise<readonly StateSpan[]> {
    const rows = await this.#state.query<SpanRow>(
      `SELECT * FROM ${SCHEMA}.span WHERE service = $1 AND (until_time IS NULL OR until_time > $2) ORDER BY sequence`,
      [service, since],
    );
    return rows.map(spanOf);
  }
}

function spanOf(row: SpanRow): StateSpan {
  return {
    id: Number(row.sequence),
    state: row.state,
    from: Number(row.from_time),
    until: row.until_time === null ? null : Number(row.until_time),
    reason: row.reason,
    cause: row.cause,
    causeReasons: row.cause_reasons,
    evidence: row.evidence,
  };
}
