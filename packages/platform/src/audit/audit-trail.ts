import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../service/service.ts';
import type { Migration, SqlExecutor, StateStore } from '../state-store/state-store.ts';

export const AUDIT_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-audit',
    sql: `
      CREATE SCHEMA IF NOT EXISTS audit;
      CREATE TABLE audit.entry (
        sequence bigint PRIMARY KEY,
        time bigint NOT NULL,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        actor_name text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        outcome text NOT NULL,
        detail text NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL
      );
      CREATE INDEX entry_action ON audit.entry (action, sequence);`,
  },
  {
    id: '002-announcement',
    sql: `
      CREATE TABLE audit.announcement (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        actor_name text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL
      );`,
  },
];

export const AuditOutcome = z.enum(['success', 'refused', 'failed', 'interrupted']).meta({
  description: 'interrupted: SPHINX was stopped in the middle, and cannot say whether the change was made',
});

/** One line of the audit trail. */
export const AuditEntry = z
  .object({
    sequence: z.int(),
    time: z.int(),
    actorKind: z.enum(['user', 'token', 'system', 'anonymous', 'service']),
    actorId: z.string(),
    actorName: z.string(),
    action: z.string(),
    subject: z.string(),
    outcome: AuditOutcome,
    detail: z.string().meta({ description: 'JSON' }),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
export type NewAuditEntry = Omit<AuditEntry, 'sequence' | 'time' | 'previousHash' | 'hash' | 'detail'> & {
  detail?: object;
};
/** What is about to be done, and by whom. */
export type AuditedChange = Omit<NewAuditEntry, 'outcome' | 'detail'>;

/** What a look at the whole chain found. */
export const AuditVerification = z
  .object({
    isIntact: z.boolean(),
    entries: z.int(),
    headHash: z.string().meta({ description: 'Keep it elsewhere: with it a cut at the end can be proved, too' }),
    brokenAt: z.int().nullable().meta({ description: 'Sequence of the first entry that does not fit' }),
    message: z.string(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof AuditVerification>;

/** Hash before the first entry. */
const GENESIS = createHash('sha256').update('sphinx-audit-v1').digest('hex');
const PAGE = 1000;

const COLUMNS = `sequence, time, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName",
  action, subject, outcome, detail, previous_hash AS "previousHash", hash`;

/**
 * Trail of every change. Each entry carries the SHA-256 of itself and of the one before, so that a changed, removed or
 * inserted entry breaks the chain from there on (Schneier and Kelsey, Secure Audit Logs, 1999).
 */
export class AuditTrail {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #listeners = new Set<(entry: AuditEntry) => void>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(state: StateStore, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  static async open(options: { state: StateStore; clock: Clock }): Promise<AuditTrail> {
    await options.state.migrate('audit', AUDIT_MIGRATIONS);
    const trail = new AuditTrail(options.state, options.clock);
    await trail.#recordInterrupted();
    return trail;
  }

  /**
   * Notes durably that a change is about to be made, so that one that is cut off in the middle leaves a trace, too.
   *
   * @returns number of the announcement, for `append` to take it back with the entry that says how the change ended
   */
  async announce({ actorKind, actorId, actorName, action, subject }: AuditedChange): Promise<number> {
    const [row] = await this.#state.query<{ id: number | string }>(
      `INSERT INTO audit.announcement (actor_kind, actor_id, actor_name, action, subject)
       VALUES ($1, $2, $3, $4, $5) RETURNING id`,
      [actorKind, actorId, actorName, action, subject],
    );
    return Number(row?.id);
  }

  /** Resolves when the entry is durable. @param announcement what `announce` gave for this change */
  append(entry: NewAuditEntry, announcement?: number): Promise<AuditEntry> {
    const appended = this.#queue.then(() => this.#append(entry, announcement));
    this.#queue = appended.catch(() => undefined);
    return appended;
  }

  onAppend(listener: (entry: AuditEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first. @param before sequence that ends the page, exclusive */
  async list(query: { before?: number; limit: number; search?: string; outcome?: string }): Promise<AuditEntry[]> {
    const search = query.search === undefined ? null : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await this.#state.query<AuditEntry>(
      `SELECT ${COLUMNS} FROM audit.entry
       WHERE ($1::bigint IS NULL OR sequence < $1) AND ($2::text IS NULL OR outcome = $2)
         AND ($3::text IS NULL OR actor_name ILIKE $3 OR action ILIKE $3 OR subject ILIKE $3)
       ORDER BY sequence DESC LIMIT $4`,
      [query.before ?? null, query.outcome ?? null, search, query.limit],
    );
    return rows.map(plain);
  }

  /** Computes every hash of the chain again. */
  async verify(): Promise<AuditVerification> {
    let previousHash = GENESIS;
    let sequence = 0;
    for (;;) {
      const rows = await this.#state.query<AuditEntry>(
        `SELECT ${COLUMNS} FROM audit.entry WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE}`,
        [sequence],
      );
      for (const row of rows.map(plain)) {
        const fits = row.sequence === sequence + 1 && row.previousHash === previousHash && row.hash === hashOf(row);
        if (!fits) return broken(row.sequence, sequence, previousHash);
        sequence = row.sequence;
        previousHash = row.hash;
      }
      if (rows.length < PAGE) break;
    }
    const message = `All ${sequence} entries are as they were written.`;
    return { isIntact: true, entries: sequence, headHash: previousHash, brokenAt: null, message };
  }

  /** Changes that were announced and never heard of again, because the program was stopped. */
  async #recordInterrupted(): Promise<void> {
    const announced = await this.#state.query<AuditedChange & { id: number | string }>(
      `SELECT id, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName", action, subject
       FROM audit.announcement ORDER BY id`,
    );
    const detail = { reason: 'SPHINX was stopped before it was known how this ended: look whether it was done.' };
    for (const { id, ...change } of announced) {
      await this.append({ ...change, outcome: 'interrupted', detail }, Number(id));
    }
  }

  async #append(entry: NewAuditEntry, announcement: number | undefined): Promise<AuditEntry> {
    const full = await this.#state.transaction(async (sql) => {
      if (announcement !== undefined) await sql.query('DELETE FROM audit.announcement WHERE id = $1', [announcement]);
      const next = await this.#chain(sql, entry);
      await insert(sql, next);
      return next;
    });
    for (const listener of this.#listeners) listener(full);
    return full;
  }

  async #chain(sql: SqlExecutor, entry: NewAuditEntry): Promise<AuditEntry> {
    const [last] = await sql.query<{ sequence: number | string; hash: string }>(
      'SELECT sequence, hash FROM audit.entry ORDER BY sequence DESC LIMIT 1',
    );
    const unsigned = {
      ...entry,
      sequence: Number(last?.sequence ?? 0) + 1,
      time: this.#clock.now(),
      detail: JSON.stringify(entry.detail ?? {}),
      previousHash: last?.hash ?? GENESIS,
    };
    return { ...unsigned, hash: hashOf(unsigned) };
  }
}

async function insert(sql: SqlExecutor, entry: AuditEntry): Promise<void> {
  await sql.query(
    `INSERT INTO audit.entry (sequence, time, actor_kind, actor_id, actor_name, action, subject, outcome, detail, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      entry.sequence,
      entry.time,
      entry.actorKind,
      entry.actorId,
      entry.actorName,
      entry.action,
      entry.subject,
      entry.outcome,
      entry.detail,
      entry.previousHash,
      entry.hash,
    ],
  );
}

/** SHA-256 over a JSON array: field boundaries cannot be shifted. */
function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const fields = [
    entry.previousHash,
    entry.sequence,
    entry.time,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.action,
    entry.subject,
    entry.outcome,
    entry.detail,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

function broken(at: number, intactUntil: number, headHash: string): AuditVerification {
  const message = `Entry ${at} does not fit: it or one before it was changed, removed or inserted. Entries 1 to ${intactUntil} are intact.`;
  return { isIntact: false, entries: intactUntil, headHash, brokenAt: at, message };
}

function plain(entry: AuditEntry): AuditEntry {
  return { ...entry, sequence: Number(entry.sequence), time: Number(entry.time) };
}
