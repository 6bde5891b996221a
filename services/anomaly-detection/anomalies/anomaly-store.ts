import { cutPage, type Page, type StateStore } from '@sphinx/platform';
import type { Anomaly } from './anomaly.ts';

export interface AnomalyQuery {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly detector?: string | undefined;
  readonly severity?: string | undefined;
  readonly actor?: string | undefined;
  readonly asset?: string | undefined;
  readonly source?: string | undefined;
  /** `open`: nobody has said anything yet. */
  readonly verdict?: 'open' | 'normal' | 'confirmed' | undefined;
}

/** What one detector has found. */
export interface DetectorTotal {
  readonly detector: string;
  readonly found: number;
  readonly open: number;
  readonly normal: number;
  readonly confirmed: number;
  readonly notTold: number;
  readonly lastSeen: number | null;
}

/** Table of anomalies. */
export class AnomalyStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** A changed one becomes the newest. */
  async save(anomalies: readonly Anomaly[]): Promise<void> {
    await this.#state.query(
      `INSERT INTO anomaly_detection.anomaly (id, detector, severity, actor, asset, source, verdict, last_seen, anomaly)
       SELECT each->>'id', each->>'detector', each->>'severity', each->>'actor', each->>'assetId', each->>'source',
              each->>'verdict', (each->>'lastSeen')::float8, each
       FROM jsonb_array_elements($1::jsonb) AS each
       ON CONFLICT (id) DO UPDATE SET sequence = nextval('anomaly_detection.anomaly_sequence_seq'),
         asset = excluded.asset, verdict = excluded.verdict, last_seen = excluded.last_seen, anomaly = excluded.anomaly`,
      [JSON.stringify(anomalies)],
    );
  }

  /** The latest change first. */
  async list(query: AnomalyQuery): Promise<Page<Anomaly>> {
    const rows = await this.#state.query<{ sequence: number; anomaly: Anomaly }>(
      `SELECT sequence::int AS sequence, anomaly FROM anomaly_detection.anomaly
       WHERE ($1::text IS NULL OR detector = $1) AND ($2::text IS NULL OR severity = $2)
         AND ($3::text IS NULL OR actor = $3) AND ($4::text IS NULL OR asset = $4) AND ($5::text IS NULL OR source = $5)
         AND ($6::text IS NULL OR COALESCE(verdict, 'open') = $6) AND ($7::bigint IS NULL OR sequence < $7)
       ORDER BY sequence DESC LIMIT $8`,
      [
        ...[query.detector ?? null, query.severity ?? null, query.actor ?? null, query.asset ?? null],
        ...[query.source ?? null, query.verdict ?? null, query.before ?? null, query.limit + 1],
      ],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ anomaly }) => anomaly) };
  }

  async get(id: string): Promise<Anomaly | undefined> {
    const [row] = await this.#state.query<{ anomaly: Anomaly }>(
      'SELECT anomaly FROM anomaly_detection.anomaly WHERE id = $1',
      [id],
    );
    return row?.anomaly;
  }

  /** Those that somebody has said something of, and the latest others: what repeats of one of them joins it. */
  async remembered(limit: number): Promise<readonly Anomaly[]> {
    const rows = await this.#state.query<{ anomaly: Anomaly }>(
      `SELECT anomaly FROM anomaly_detection.anomaly
       WHERE verdict IS NOT NULL OR id IN (SELECT id FROM anomaly_detection.anomaly ORDER BY sequence DESC LIMIT $1)
       ORDER BY sequence`,
      [limit],
    );
    return rows.map(({ anomaly }) => anomaly);
  }

  async totals(): Promise<readonly DetectorTotal[]> {
    return this.#state.query<DetectorTotal>(
      `SELECT detector, count(*)::int AS found, (count(*) FILTER (WHERE verdict IS NULL))::int AS open,
              (count(*) FILTER (WHERE verdict = 'normal'))::int AS normal,
              (count(*) FILTER (WHERE verdict = 'confirmed'))::int AS confirmed,
              (count(*) FILTER (WHERE NOT (anomaly->>'isTold')::boolean))::int AS "notTold",
              max(last_seen)::float8 AS "lastSeen"
       FROM anomaly_detection.anomaly GROUP BY detector`,
    );
  }

  async forget(source: string): Promise<void> {
    await this.#state.query('DELETE FROM anomaly_detection.anomaly WHERE source = $1', [source]);
  }
}
