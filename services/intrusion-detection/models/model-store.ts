import { gunzipSync, gzipSync } from 'node:zlib';
import { Comparison } from '@sphinx/learning';
import type { SqlExecutor, StateStore } from '@sphinx/platform';
import { z } from 'zod';

/** What training data are kept. */
export const TrainingData = z.object({
  name: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  takenAt: z.number(),
});
export type TrainingData = z.infer<typeof TrainingData>;

/** A model that was retrained here. */
export const RetrainedModel = z.object({
  name: z.string().meta({ description: 'Name of the model that it goes back to, with a number' }),
  version: z.string(),
  trainedAt: z.number(),
  /** Judged flows that it was trained and tried with. */
  feedback: z.int(),
  comparedWith: z.string().meta({ description: 'Name of the model that ran when it was trained' }),
  comparison: Comparison,
});
export type RetrainedModel = z.infer<typeof RetrainedModel>;

/** A candidate waits for a person; the previous model can be brought back. */
export type ModelState = 'candidate' | 'running' | 'previous';

export interface StoredModel {
  readonly about: RetrainedModel;
  /** Text of the model file. */
  readonly content: string;
}

/** Models that were retrained from the one of the settings (`base`), and the data that they are trained from. */
export class ModelStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async trainingData(): Promise<TrainingData | undefined> {
    const [row] = await this.#state.query<{ about: TrainingData }>(
      'SELECT about FROM intrusion_detection.model_training_data',
    );
    return row?.about;
  }

  async trainingText(): Promise<string> {
    const [row] = await this.#state.query<{ content: string }>(
      'SELECT content FROM intrusion_detection.model_training_data',
    );
    return row === undefined ? '' : unpacked(row.content);
  }

  async saveTrainingData(about: TrainingData, text: string): Promise<void> {
    await this.#state.query(
      `INSERT INTO intrusion_detection.model_training_data (is_kept, about, content) VALUES (true, $1::jsonb, $2)
       ON CONFLICT (is_kept) DO UPDATE SET about = excluded.about, content = excluded.content`,
      [JSON.stringify(about), packed(text)],
    );
  }

  async about(base: string, state: ModelState): Promise<RetrainedModel | undefined> {
    return aboutIn(this.#state, base, state);
  }

  async get(base: string, state: ModelState): Promise<StoredModel | undefined> {
    const about = await this.about(base, state);
    if (about === undefined) return undefined;
    const [row] = await this.#state.query<{ content: string }>(
      'SELECT content FROM intrusion_detection.retrained_model WHERE base = $1 AND state = $2',
      [base, state],
    );
    return row === undefined ? undefined : { about, content: unpacked(row.content) };
  }

  /** Takes the place of a candidate that waits. */
  async saveCandidate(base: string, about: Omit<RetrainedModel, 'name'>, content: string): Promise<void> {
    await this.#state.transaction(async (sql) => {
      await remove(sql, base, 'candidate');
      await sql.query(
        `INSERT INTO intrusion_detection.retrained_model (base, state, about, content)
         VALUES ($1, 'candidate', $2::jsonb, $3)`,
        [base, JSON.stringify(about), packed(content)],
      );
    });
  }

  /** @returns whether there was one */
  async removeCandidate(base: string): Promise<boolean> {
    return remove(this.#state, base, 'candidate');
  }

  /** The candidate runs, what ran becomes the previous model. @returns whether there was a candidate */
  async accept(base: string): Promise<boolean> {
    return this.#state.transaction(async (sql) => {
      if ((await aboutIn(sql, base, 'candidate')) === undefined) return false;
      await remove(sql, base, 'previous');
      await move(sql, base, 'running', 'previous');
      await move(sql, base, 'candidate', 'running');
      return true;
    });
  }

  /**
   * What ran before runs again: the previous model, else the one of the settings. What ran waits as a candidate, so that
   * it can be accepted once more. @returns whether a retrained model ran
   */
  async undo(base: string): Promise<boolean> {
    return this.#state.transaction(async (sql) => {
      if ((await aboutIn(sql, base, 'running')) === undefined) return false;
      await remove(sql, base, 'candidate');
      await move(sql, base, 'running', 'candidate');
      await move(sql, base, 'previous', 'running');
      return true;
    });
  }
}

async function aboutIn(sql: SqlExecutor, base: string, state: ModelState): Promise<RetrainedModel | undefined> {
  const [row] = await sql.query<{ number: number; about: Omit<RetrainedModel, 'name'> }>(
    'SELECT number::int AS number, about FROM intrusion_detection.retrained_model WHERE base = $1 AND state = $2',
    [base, state],
  );
  return row === undefined ? undefined : { ...row.about, name: `${base}-${row.number}` };
}

async function move(sql: SqlExecutor, base: string, from: ModelState, to: ModelState): Promise<void> {
  await sql.query('UPDATE intrusion_detection.retrained_model SET state = $3 WHERE base = $1 AND state = $2', [
    base,
    from,
    to,
  ]);
}

async function remove(sql: SqlExecutor, base: string, which: ModelState): Promise<boolean> {
  const rows = await sql.query<{ number: number }>(
    'DELETE FROM intrusion_detection.retrained_model WHERE base = $1 AND state = $2 RETURNING number',
    [base, which],
  );
  return rows.length > 0;
}

function packed(text: string): string {
  return gzipSync(text).toString('base64');
}

function unpacked(content: string): string {
  return gunzipSync(Buffer.from(content, 'base64')).toString('utf8');
}
