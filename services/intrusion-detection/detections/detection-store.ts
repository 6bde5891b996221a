import { cutPage, type Page, type StateStore } from '@sphinx/platform';
import type { Detection, Severity } from '@sphinx/schema';

/** One end of a conversation. */
export interface ConversationEnd {
  readonly ip: string;
  readonly port: number;
}

/** What was detected. */
export class DetectionStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @returns those that were not there yet */
  async addDetections(detections: readonly Detection[]): Promise<readonly Detection[]> {
    const rows = await this.#state.query<{ id: string }>(
      `INSERT INTO intrusion_detection.detection (id, source, rule, severity, source_ip, destination_ip, detection)
       SELECT each->>'id', each->'packet'->>'source', (each->'rule'->>'gid') || ':' || (each->'rule'->>'sid'),
              each->>'severity', each->'source'->>'ip', each->'destination'->>'ip', each
       FROM jsonb_array_elements($1::jsonb) AS each
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [JSON.stringify(detections)],
    );
    const added = new Set(rows.map(({ id }) => id));
    return detections.filter(({ id }) => added.has(id));
  }

  /** Detections, the newest first. */
  async detections(query: {
    readonly limit: number;
    readonly before?: number;
    readonly rule?: string;
    readonly severity?: Severity;
    readonly address?: string;
    /** Both ends of a conversation, whoever of them sent what matched. */
    readonly between?: readonly [ConversationEnd, ConversationEnd];
    readonly source?: string;
    /** Milliseconds since the Unix epoch. */
    readonly from?: number;
    /** Inclusive. */
    readonly until?: number;
  }): Promise<Page<Detection>> {
    const rows = await this.#state.query<{ sequence: number; detection: Detection }>(
      `SELECT sequence, detection FROM intrusion_detection.detection
       WHERE ($1::text IS NULL OR rule = $1) AND ($2::text IS NULL OR severity = $2)
         AND ($3::text IS NULL OR source_ip = $3 OR destination_ip = $3) AND ($4::bigint IS NULL OR sequence < $4)
         AND ($6::text IS NULL OR (source_ip, destination_ip) IN (($6, $7), ($7, $6)))
         AND ($6::text IS NULL OR jsonb_build_array(detection->'source', detection->'destination')
              IN ($8::jsonb, jsonb_build_array($8::jsonb->1, $8::jsonb->0)))
         AND ($9::text IS NULL OR source = $9)
         AND ($10::float8 IS NULL OR (detection->>'time')::float8 >= $10)
         AND ($11::float8 IS NULL OR (detection->>'time')::float8 <= $11)
       ORDER BY sequence DESC LIMIT $5`,
      [
        ...[query.rule ?? null, query.severity ?? null, query.address ?? null, query.before ?? null, query.limit + 1],
        ...[query.between?.[0].ip ?? null, query.between?.[1].ip ?? null],
        ...[query.between === undefined ? null : JSON.stringify(query.between)],
        ...[query.source ?? null, query.from ?? null, query.until ?? null],
      ],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ detection }) => detection) };
  }

  async get(id: string): Promise<Detection | undefined> {
    const [row] = await this.#state.query<{ detection: Detection }>(
      'SELECT detection FROM intrusion_detection.detection WHERE id = $1',
      [id],
    );
    return row?.detection;
  }

  async countBySeverity(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#state.query<{ severity: string; count: number }>(
      'SELECT severity, count(*)::int AS count FROM intrusion_detection.detection GROUP BY severity',
    );
    return Object.fromEntries(rows.map(({ severity, count }) => [severity, count]));
  }

  async removeSource(source: string): Promise<void> {
    await this.#state.query('DELETE FROM intrusion_detection.detection WHERE source = $1', [source]);
  }
}
