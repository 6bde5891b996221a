import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../service/service.ts';
import type { Migration, StateStore } from '../state-store/state-store.ts';

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
];

export const AuditOutcome = z.enum(['success', 'refused', 'failed']);

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
    return new AuditTrail(options.state, options.clock);
  }

  /** Resolves when the entry is durable. */
  append(entry: NewAuditEntry): Promise<AuditEntry> {
    const appended = this.#queue.then(() => this.#append(entry));
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

  async #append(entry: NewAuditEntry): Promise<AuditEntry> {
    const [last] = await this.#state.query<{ sequence: number | string; hash: string }>(
      'SELECT sequence, hash FROM audit.entry ORDER BY sequence DESC LIMIT 1',
    );
    const unsigned = {
      ...entry,
      sequence: Number(last?.sequence ?? 0) + 1,
      time: this.#clock.now(),
      detail: JSON.stringify(entry.detail ?? {}),
      previousHash: last?.hash ?? GENESIS,
    };
    const full: AuditEntry = { ...unsigned, hash: hashOf(unsigned) };
    await this.#state.query(
      `INSERT INTO audit.entry (sequence, time, actor_kind, actor_id, actor_name, action, subject, outcome, detail, previous_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        full.sequence,
        full.time,
        full.actorKind,
        full.actorId,
        full.actorName,
        full.action,
        full.subject,
        full.outcome,
        full.detail,
        full.previousHash,
        full.hash,
      ],
    );
    for (const listener of this.#listeners) listener(full);
    return full;
  }
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
