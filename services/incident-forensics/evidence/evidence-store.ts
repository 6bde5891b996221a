import type { SqlExecutor, StateStore } from '@sphinx/platform';
import type { CustodyEntry } from './custody.ts';
import type { EvidenceItem } from './evidence-item.ts';
import type { EntryTimeStamp } from './time-stamper.ts';

/** An event of a log that was added to a case. */
export interface CaseEvent {
  readonly id: string;
  readonly time: number;
  readonly evidence: string;
  /** Channel and number of the event. */
  readonly title: string;
  /** Its fields; shown to nobody before that is asked for and recorded. */
  readonly detail: string;
}

/** The tables of evidence. */
export class EvidenceStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async add(item: EvidenceItem, sql: SqlExecutor): Promise<void> {
    await sql.query(
      'INSERT INTO incident_forensics.evidence (id, incident, sha256, item) VALUES ($1, $2, $3, $4::jsonb)',
      [item.id, item.incident, item.sha256, JSON.stringify(item)],
    );
  }

  /** Oldest first. */
  async list(incident: string, sql: SqlExecutor = this.#state): Promise<readonly EvidenceItem[]> {
    const rows = await sql.query<{ item: EvidenceItem }>(
      'SELECT item FROM incident_forensics.evidence WHERE incident = $1 ORDER BY sequence',
      [incident],
    );
    return rows.map(({ item }) => item);
  }

  async get(incident: string, id: string): Promise<EvidenceItem | undefined> {
    const [row] = await this.#state.query<{ item: EvidenceItem }>(
      'SELECT item FROM incident_forensics.evidence WHERE incident = $1 AND id = $2',
      [incident, id],
    );
    return row?.item;
  }

  async lastEntry(incident: string, sql: SqlExecutor = this.#state): Promise<CustodyEntry | undefined> {
    const [row] = await sql.query<{ entry: CustodyEntry }>(
      'SELECT entry FROM incident_forensics.custody WHERE incident = $1 ORDER BY sequence DESC LIMIT 1',
      [incident],
    );
    return row?.entry;
  }

  async addEntry(entry: CustodyEntry, sql: SqlExecutor): Promise<void> {
    await sql.query('INSERT INTO incident_forensics.custody (incident, sequence, entry) VALUES ($1, $2, $3::jsonb)', [
      entry.case,
      entry.sequence,
      JSON.stringify(entry),
    ]);
  }

  async custodyOf(incident: string): Promise<readonly CustodyEntry[]> {
    const rows = await this.#state.query<{ entry: CustodyEntry }>(
      'SELECT entry FROM incident_forensics.custody WHERE incident = $1 ORDER BY sequence',
      [incident],
    );
    return rows.map(({ entry }) => entry);
  }

  async addTimeStamp(incident: string, stamp: EntryTimeStamp): Promise<void> {
    await this.#state.query(
      `INSERT INTO incident_forensics.time_stamp (incident, entry, stamp) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (incident, entry) DO NOTHING`,
      [incident, stamp.entry, JSON.stringify(stamp)],
    );
  }

  /** In the order of the chain. */
  async timeStampsOf(incident: string): Promise<readonly EntryTimeStamp[]> {
    const rows = await this.#state.query<{ stamp: EntryTimeStamp }>(
      'SELECT stamp FROM incident_forensics.time_stamp WHERE incident = $1 ORDER BY entry',
      [incident],
    );
    return rows.map(({ stamp }) => stamp);
  }

  async addEvents(incident: string, events: readonly CaseEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#state.query(
      `INSERT INTO incident_forensics.case_event (incident, id, time, event)
       SELECT $1, event->>'id', (event->>'time')::bigint, event FROM jsonb_array_elements($2::jsonb) AS new (event)
       ON CONFLICT (incident, id) DO NOTHING`,
      [incident, JSON.stringify(events)],
    );
  }

  /** @param from first and last moment, milliseconds */
  async eventsOf(incident: string, from: number, until: number, limit: number): Promise<readonly CaseEvent[]> {
    const rows = await this.#state.query<{ event: CaseEvent }>(
      `SELECT event FROM incident_forensics.case_event
       WHERE incident = $1 AND time BETWEEN $2 AND $3 ORDER BY time, id LIMIT $4`,
      [incident, from, until, limit],
    );
    return rows.map(({ event }) => event);
  }

  async pinsOf(incident: string): Promise<ReadonlySet<string>> {
    const rows = await this.#state.query<{ entry: string }>(
      'SELECT entry FROM incident_forensics.pin WHERE incident = $1',
      [incident],
    );
    return new Set(rows.map(({ entry }) => entry));
  }

  async pin(incident: string, entry: string, isPinned: boolean): Promise<void> {
    const statement = isPinned
      ? 'INSERT INTO incident_forensics.pin (incident, entry) VALUES ($1, $2) ON CONFLICT DO NOTHING'
      : 'DELETE FROM incident_forensics.pin WHERE incident = $1 AND entry = $2';
    await this.#state.query(statement, [incident, entry]);
  }
}
