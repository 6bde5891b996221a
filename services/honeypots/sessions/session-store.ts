import { cutPage, type Page, type StateStore } from '@sphinx/platform';
import type { Alert } from '@sphinx/schema';
import type { Sample, Session } from './session.ts';
import type { TerminalFrame } from './session-event.ts';

/** Sessions that are kept, whatever their age. */
const KEPT_SESSIONS = 50_000;
const KEEPING_STEP = 500;

export interface SessionQuery {
  readonly decoy?: string | undefined;
  readonly ip?: string | undefined;
  readonly visitor?: string | undefined;
  readonly protocol?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A pair of user and password that was tried. */
export interface Credential {
  readonly protocol: string;
  readonly user: string;
  readonly secret: string;
  readonly tries: number;
  readonly accepted: number;
  readonly lastSeen: number;
  readonly lastSource: string;
}

/** A sample with where it lies. */
export interface KeptSample extends Sample {
  readonly blob: string;
  readonly times: number;
  readonly session: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface SessionTotals {
  readonly decoy: string;
  readonly sessions: number;
  readonly lastSeen: number;
}

/** Sessions, credentials, samples and alerts of decoys. */
export class SessionStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async save(session: Session, frames: readonly TerminalFrame[]): Promise<void> {
    const { id, decoy, protocol, remoteAddress, visitor, severity, startedAt } = session;
    const [row] = await this.#state.query<{ sequence: number | string }>(
      `INSERT INTO honeypots.session (id, decoy, protocol, remote_address, visitor, severity, started_at, session, frames)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
       ON CONFLICT (id) DO UPDATE SET visitor = excluded.visitor, severity = excluded.severity, session = excluded.session,
         frames = excluded.frames
       RETURNING sequence`,
      [id, decoy, protocol, remoteAddress, visitor, severity, startedAt, JSON.stringify(session), framesText(frames)],
    );
    const sequence = Number(row?.sequence ?? 0);
    if (sequence % KEEPING_STEP !== 0) return;
    await this.#state.query('DELETE FROM honeypots.session WHERE sequence <= $1', [sequence - KEPT_SESSIONS]);
  }

  /** Sessions that a stop of the program cut off have ended. */
  async endAll(now: number): Promise<void> {
    await this.#state.query(
      `UPDATE honeypots.session SET session = jsonb_set(session, '{endedAt}', to_jsonb($1::bigint))
       WHERE session->'endedAt' = 'null'::jsonb`,
      [now],
    );
  }

  async list({ decoy, ip, visitor, protocol, before, limit }: SessionQuery): Promise<Page<Session>> {
    const rows = await this.#state.query<{ sequence: number; session: Session }>(
      `SELECT sequence, session FROM honeypots.session
       WHERE ($1::text IS NULL OR decoy = $1) AND ($2::text IS NULL OR remote_address = $2)
         AND ($3::text IS NULL OR visitor = $3) AND ($4::text IS NULL OR protocol = $4)
         AND ($5::bigint IS NULL OR sequence < $5)
       ORDER BY sequence DESC LIMIT $6`,
      [decoy ?? null, ip ?? null, visitor ?? null, protocol ?? null, before ?? null, limit + 1],
    );
    const page = cutPage(rows, limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ session }) => session) };
  }

  async get(id: string): Promise<{ readonly session: Session; readonly frames: readonly TerminalFrame[] } | undefined> {
    const [row] = await this.#state.query<{ session: Session; frames: string }>(
      'SELECT session, frames FROM honeypots.session WHERE id = $1',
      [id],
    );
    return row === undefined ? undefined : { session: row.session, frames: framesOf(row.frames) };
  }

  async totals(): Promise<readonly SessionTotals[]> {
    const rows = await this.#state.query<{ decoy: string; sessions: string; lastSeen: string }>(
      'SELECT decoy, count(*) AS sessions, max(started_at) AS "lastSeen" FROM honeypots.session GROUP BY decoy',
    );
    return rows.map(({ decoy, sessions, lastSeen }) => ({
      decoy,
      sessions: Number(sessions),
      lastSeen: Number(lastSeen),
    }));
  }

  /** Counts by visitor and by source, most first. */
  async summary(): Promise<{
    readonly visitors: readonly { readonly visitor: string; readonly sessions: number }[];
    readonly sources: readonly {
      readonly ip: string;
      readonly sessions: number;
      readonly decoys: number;
      readonly lastSeen: number;
    }[];
    readonly tools: readonly { readonly tool: string; readonly sessions: number }[];
  }> {
    const [visitors, sources, tools] = await Promise.all([
      this.#state.query<{ visitor: string; sessions: string }>(
        'SELECT visitor, count(*) AS sessions FROM honeypots.session GROUP BY visitor ORDER BY count(*) DESC',
      ),
      this.#state.query<{ ip: string; sessions: string; decoys: string; lastSeen: string }>(
        `SELECT remote_address AS ip, count(*) AS sessions, count(DISTINCT decoy) AS decoys, max(started_at) AS "lastSeen"
         FROM honeypots.session GROUP BY remote_address ORDER BY count(*) DESC LIMIT 50`,
      ),
      this.#state.query<{ tool: string; sessions: string }>(
        `SELECT tool, count(*) AS sessions FROM honeypots.session, jsonb_array_elements_text(session->'tools') AS tool
         GROUP BY tool ORDER BY count(*) DESC LIMIT 50`,
      ),
    ]);
    return {
      visitors: visitors.map((row) => ({ visitor: row.visitor, sessions: Number(row.sessions) })),
      sources: sources.map((row) => ({
        ip: row.ip,
        sessions: Number(row.sessions),
        decoys: Number(row.decoys),
        lastSeen: Number(row.lastSeen),
      })),
      tools: tools.map((row) => ({ tool: row.tool, sessions: Number(row.sessions) })),
    };
  }

  async countCredential(
    tried: Pick<Credential, 'protocol' | 'user' | 'secret' | 'lastSeen' | 'lastSource'>,
    isAccepted: boolean,
  ): Promise<void> {
    await this.#state.query(
      `INSERT INTO honeypots.credential (protocol, user_name, secret, tries, accepted, last_seen, last_source)
       VALUES ($1, $2, $3, 1, $4, $5, $6)
       ON CONFLICT (protocol, user_name, secret) DO UPDATE SET tries = honeypots.credential.tries + 1,
         accepted = honeypots.credential.accepted + excluded.accepted, last_seen = excluded.last_seen,
         last_source = excluded.last_source`,
      [tried.protocol, tried.user, tried.secret, isAccepted ? 1 : 0, tried.lastSeen, tried.lastSource],
    );
  }

  /** Most tried first. */
  async credentials(limit: number): Promise<readonly Credential[]> {
    const rows = await this.#state.query<{
      protocol: string;
      user: string;
      secret: string;
      tries: number;
      accepted: number;
      lastSeen: string;
      lastSource: string;
    }>(
      `SELECT protocol, user_name AS "user", secret, tries, accepted, last_seen AS "lastSeen", last_source AS "lastSource"
       FROM honeypots.credential ORDER BY tries DESC, last_seen DESC LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, lastSeen: Number(row.lastSeen) }));
  }

  async saveSample(sample: Sample & { readonly blob: string }, session: string, now: number): Promise<void> {
    await this.#state.query(
      `INSERT INTO honeypots.sample (sha256, blob, bytes, name, kind, rules, times, session, first_seen, last_seen)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, 1, $7, $8, $8)
       ON CONFLICT (sha256) DO UPDATE SET times = honeypots.sample.times + 1, last_seen = excluded.last_seen,
         session = excluded.session`,
      [sample.sha256, sample.blob, sample.bytes, sample.name, sample.kind, JSON.stringify(sample.rules), session, now],
    );
  }

  async sample(sha256: string): Promise<KeptSample | undefined> {
    const [row] = await this.#samples('WHERE sha256 = $1', [sha256]);
    return row === undefined ? undefined : row.sample;
  }

  async samples(before: number | undefined, limit: number): Promise<Page<KeptSample>> {
    const rows = await this.#samples('WHERE ($1::bigint IS NULL OR sequence < $1) ORDER BY sequence DESC LIMIT $2', [
      before ?? null,
      limit + 1,
    ]);
    const page = cutPage(rows, limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ sample }) => sample) };
  }

  async #samples(condition: string, values: readonly (string | number | null)[]) {
    const rows = await this.#state.query<KeptSample & { sequence: number }>(
      `SELECT sequence, sha256, blob, bytes, name, kind, rules, times, session, first_seen AS "firstSeen", last_seen AS "lastSeen"
       FROM honeypots.sample ${condition}`,
      values,
    );
    return rows.map(({ sequence, ...row }) => ({
      sequence,
      sample: { ...row, bytes: Number(row.bytes), firstSeen: Number(row.firstSeen), lastSeen: Number(row.lastSeen) },
    }));
  }

  /** @returns the alert that goes on, where one of the same key was seen since a moment */
  async openAlert(repeatKey: string, since: number): Promise<Alert | undefined> {
    const [row] = await this.#state.query<{ alert: Alert }>(
      'SELECT alert FROM honeypots.alert WHERE repeat_key = $1 AND last_seen >= $2 ORDER BY last_seen DESC LIMIT 1',
      [repeatKey, since],
    );
    return row?.alert;
  }

  async saveAlert(repeatKey: string, alert: Alert): Promise<void> {
    await this.#state.query(
      `INSERT INTO honeypots.alert (id, repeat_key, last_seen, alert) VALUES ($1, $2, $3, $4::jsonb)
       ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen, alert = excluded.alert`,
      [alert.id, repeatKey, alert.endTime, JSON.stringify(alert)],
    );
  }

  /** Removes what is older. @returns blobs of samples that nobody needs any more */
  async prune(before: number): Promise<readonly string[]> {
    await this.#state.query('DELETE FROM honeypots.session WHERE started_at < $1', [before]);
    await this.#state.query('DELETE FROM honeypots.credential WHERE last_seen < $1', [before]);
    await this.#state.query('DELETE FROM honeypots.alert WHERE last_seen < $1', [before]);
    const rows = await this.#state.query<{ blob: string }>(
      'DELETE FROM honeypots.sample WHERE last_seen < $1 RETURNING blob',
      [before],
    );
    return rows.map(({ blob }) => blob);
  }
}

function framesText(frames: readonly TerminalFrame[]): string {
  return frames.map((frame) => JSON.stringify(frame)).join('\n');
}

function framesOf(text: string): readonly TerminalFrame[] {
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as TerminalFrame);
}
