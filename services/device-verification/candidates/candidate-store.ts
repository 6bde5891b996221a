import { cutPage, type Page, type StateStore } from '@sphinx/platform';
import type { Verification } from '@sphinx/schema';
import { nameKey } from '../documents/document-store.ts';
import type { Candidate } from './candidate.ts';

/** A candidate with the present verdict on it. */
export interface JudgedCandidate {
  readonly candidate: Candidate;
  readonly verification: Verification;
}

/** Products that somebody thinks of buying. */
export class CandidateStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async add(candidate: Candidate): Promise<void> {
    await this.#state.query(
      `INSERT INTO device_verification.candidate (id, manufacturer_key, model_key, candidate)
       VALUES ($1, $2, $3, $4::jsonb)`,
      [candidate.id, nameKey(candidate.manufacturer), nameKey(candidate.model), JSON.stringify(candidate)],
    );
  }

  async get(id: string): Promise<Candidate | undefined> {
    const [row] = await this.#state.query<{ candidate: Candidate }>(
      'SELECT candidate FROM device_verification.candidate WHERE id = $1',
      [id],
    );
    return row?.candidate;
  }

  async all(): Promise<readonly Candidate[]> {
    const rows = await this.#state.query<{ candidate: Candidate }>(
      'SELECT candidate FROM device_verification.candidate ORDER BY sequence',
    );
    return rows.map((row) => row.candidate);
  }

  async ofModel(manufacturer: string, model: string): Promise<readonly Candidate[]> {
    const rows = await this.#state.query<{ candidate: Candidate }>(
      `SELECT candidate FROM device_verification.candidate
       WHERE model_key = $1 AND (manufacturer_key LIKE $2 || '%' OR $2 LIKE manufacturer_key || '%')
       ORDER BY sequence`,
      [nameKey(model), nameKey(manufacturer)],
    );
    return rows.map((row) => row.candidate);
  }

  /** Newest first. */
  async list(query: { before?: number; limit: number }): Promise<Page<JudgedCandidate>> {
    const rows = await this.#state.query<JudgedCandidate & { sequence: number }>(
      `SELECT candidate.sequence, candidate, verification FROM device_verification.candidate
       JOIN device_verification.verification ON asset_id = candidate.id AND is_latest
       WHERE $1::bigint IS NULL OR candidate.sequence < $1 ORDER BY candidate.sequence DESC LIMIT $2`,
      [query.before ?? null, query.limit + 1],
    );
    return cutPage(rows, query.limit, ({ sequence }) => String(sequence));
  }

  /** Takes the candidate and its verdicts away. @returns whether it was there */
  async remove(id: string): Promise<boolean> {
    return this.#state.transaction(async (sql) => {
      const rows = await sql.query('DELETE FROM device_verification.candidate WHERE id = $1 RETURNING id', [id]);
      await sql.query('DELETE FROM device_verification.verification WHERE asset_id = $1 AND is_candidate', [id]);
      return rows.length > 0;
    });
  }
}
