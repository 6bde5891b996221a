import { cutPage, type Page, type StateStore } from '@sphinx/platform';
import type { FeedbackVerdict, ModelFeedback } from './feedback.ts';

/** Feedback with its place in the order in which it was given. */
export interface NumberedFeedback {
  readonly sequence: number;
  readonly feedback: ModelFeedback;
}

/** How much was said, and of how much the features of the flow are known. */
export interface FeedbackCounts {
  readonly attack: number;
  readonly harmless: number;
  /** Both, with features: what can be learnt from. */
  readonly usable: number;
}

/** What people have said of detections of models. */
export class FeedbackStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** What was said of the detection before is replaced. */
  async save(feedback: ModelFeedback): Promise<void> {
    await this.#state.query(
      `INSERT INTO intrusion_detection.model_feedback (detection, feedback) VALUES ($1, $2::jsonb)
       ON CONFLICT (detection) DO UPDATE SET feedback = excluded.feedback`,
      [feedback.detection, JSON.stringify(feedback)],
    );
  }

  /** @returns what was said; undefined where nothing was */
  async remove(detection: string): Promise<ModelFeedback | undefined> {
    const [row] = await this.#state.query<{ feedback: ModelFeedback }>(
      'DELETE FROM intrusion_detection.model_feedback WHERE detection = $1 RETURNING feedback',
      [detection],
    );
    return row?.feedback;
  }

  async get(detection: string): Promise<ModelFeedback | undefined> {
    const [row] = await this.#state.query<{ feedback: ModelFeedback }>(
      'SELECT feedback FROM intrusion_detection.model_feedback WHERE detection = $1',
      [detection],
    );
    return row?.feedback;
  }

  /** The newest first. */
  async list(query: {
    readonly limit: number;
    readonly before?: number | undefined;
    readonly verdict?: FeedbackVerdict | undefined;
  }): Promise<Page<ModelFeedback>> {
    const rows = await this.#state.query<NumberedFeedback>(
      `SELECT sequence::int AS sequence, feedback FROM intrusion_detection.model_feedback
       WHERE ($1::bigint IS NULL OR sequence < $1) AND ($2::text IS NULL OR feedback->>'verdict' = $2)
       ORDER BY sequence DESC LIMIT $3`,
      [query.before ?? null, query.verdict ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ feedback }) => feedback) };
  }

  /** What can be learnt from, the newest first. */
  async usable(limit: number): Promise<readonly NumberedFeedback[]> {
    return this.#state.query<NumberedFeedback>(
      `SELECT sequence::int AS sequence, feedback FROM intrusion_detection.model_feedback
       WHERE jsonb_typeof(feedback->'features') = 'object' ORDER BY sequence DESC LIMIT $1`,
      [limit],
    );
  }

  async counts(): Promise<FeedbackCounts> {
    const [row] = await this.#state.query<FeedbackCounts>(
      `SELECT count(*) FILTER (WHERE feedback->>'verdict' = 'attack')::int AS attack,
              count(*) FILTER (WHERE feedback->>'verdict' = 'harmless')::int AS harmless,
              count(*) FILTER (WHERE jsonb_typeof(feedback->'features') = 'object')::int AS usable
       FROM intrusion_detection.model_feedback`,
    );
    return row ?? { attack: 0, harmless: 0, usable: 0 };
  }
}
