import type { SqlExecutor, StateStore } from '@sphinx/platform';
import { Appetite, DEFAULT_APPETITE, type Dismissal, type RegisterEntry } from '@sphinx/risk';

/** One step in the history of an entry. */
export interface RegisterEvent {
  readonly sequence: number;
  readonly change: string;
  readonly by: string;
  readonly at: number;
}

interface EventRow extends RegisterEvent {
  readonly entry: RegisterEntry;
}

/** The appetite that holds, and who said so. */
export interface StatedAppetite {
  readonly appetite: Appetite;
  /** null: as SPHINX brings it. */
  readonly by: string | null;
  readonly at: number | null;
  readonly version: number;
}

/** Keeps the risk register with its history, the appetite and what nobody wants in it. */
export class RegisterStore {
  readonly #state: StateStore;
  readonly #entries = new Map<string, RegisterEntry>();
  readonly #dismissals = new Map<string, Dismissal>();
  #revision = 0;
  #appetite: StatedAppetite = { appetite: DEFAULT_APPETITE, by: null, at: null, version: 0 };

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const entries = await this.#state.query<{ entry: RegisterEntry }>('SELECT entry FROM risk_assessment.register');
    for (const { entry } of entries) this.#entries.set(entry.id, entry);
    const dismissals = await this.#state.query<{ dismissal: Dismissal }>(
      'SELECT dismissal FROM risk_assessment.dismissal',
    );
    for (const { dismissal } of dismissals) this.#dismissals.set(dismissal.key, dismissal);
    await this.#readAppetite();
  }

  /** Newest first. */
  all(): readonly RegisterEntry[] {
    return [...this.#entries.values()].sort((a, b) => b.number - a.number);
  }

  get(id: string): RegisterEntry | undefined {
    return this.#entries.get(id);
  }

  /** Grows with everything that is stated. */
  get revision(): number {
    return this.#revision;
  }

  get appetite(): StatedAppetite {
    return this.#appetite;
  }

  get dismissals(): ReadonlyMap<string, Dismissal> {
    return this.#dismissals;
  }

  /** Number of the next entry; numbers are never used twice. */
  nextNumber(): number {
    return Math.max(0, ...[...this.#entries.values()].map(({ number }) => number)) + 1;
  }

  async save(entry: RegisterEntry, { change, by, at }: Omit<RegisterEvent, 'sequence'>): Promise<void> {
    await this.#state.transaction(async (sql) => {
      await saveEntry(entry, sql);
      await sql.query(
        `INSERT INTO risk_assessment.register_event (id, entry, change, made_by, made_at) VALUES ($1, $2::jsonb, $3, $4, $5)`,
        [entry.id, JSON.stringify(entry), change, by, at],
      );
    });
    this.#entries.set(entry.id, entry);
    this.#revision += 1;
  }

  /** Newest first. */
  async history(id: string): Promise<readonly EventRow[]> {
    const rows = await this.#state.query<EventRow & { sequence: number | string; at: number | string }>(
      `SELECT sequence, entry, change, made_by AS by, made_at AS at FROM risk_assessment.register_event
       WHERE id = $1 ORDER BY sequence DESC LIMIT 500`,
      [id],
    );
    return rows.map((row) => ({ ...row, sequence: Number(row.sequence), at: Number(row.at) }));
  }

  async dismiss(dismissal: Dismissal): Promise<void> {
    await this.#state.query(
      `INSERT INTO risk_assessment.dismissal (key, dismissal) VALUES ($1, $2::jsonb)
       ON CONFLICT (key) DO UPDATE SET dismissal = excluded.dismissal`,
      [dismissal.key, JSON.stringify(dismissal)],
    );
    this.#dismissals.set(dismissal.key, dismissal);
    this.#revision += 1;
  }

  /** @returns whether it was dismissed */
  async undismiss(key: string): Promise<boolean> {
    await this.#state.query('DELETE FROM risk_assessment.dismissal WHERE key = $1', [key]);
    this.#revision += 1;
    return this.#dismissals.delete(key);
  }

  async setAppetite(appetite: Appetite, by: string, at: number): Promise<void> {
    await this.#state.query(
      'INSERT INTO risk_assessment.appetite (appetite, stated_by, stated_at) VALUES ($1::jsonb, $2, $3)',
      [JSON.stringify(appetite), by, at],
    );
    await this.#readAppetite();
  }

  /** Goes back to the appetite before. @returns whether there was something to take back */
  async undoAppetite(): Promise<boolean> {
    const gone = await this.#state.query<{ version: number }>(
      `DELETE FROM risk_assessment.appetite WHERE version = (SELECT max(version) FROM risk_assessment.appetite)
       RETURNING version`,
    );
    await this.#readAppetite();
    return gone.length > 0;
  }

  async #readAppetite(): Promise<void> {
    this.#revision += 1;
    const [row] = await this.#state.query<{
      version: number | string;
      appetite: unknown;
      by: string;
      at: number | string;
    }>(
      `SELECT version, appetite, stated_by AS by, stated_at AS at FROM risk_assessment.appetite
       ORDER BY version DESC LIMIT 1`,
    );
    this.#appetite =
      row === undefined
        ? { appetite: DEFAULT_APPETITE, by: null, at: null, version: 0 }
        : { appetite: Appetite.parse(row.appetite), by: row.by, at: Number(row.at), version: Number(row.version) };
  }
}

async function saveEntry(entry: RegisterEntry, sql: SqlExecutor): Promise<void> {
  await sql.query(
    `INSERT INTO risk_assessment.register (id, entry) VALUES ($1, $2::jsonb)
     ON CONFLICT (id) DO UPDATE SET entry = excluded.entry`,
    [entry.id, JSON.stringify(entry)],
  );
}
