import type { StateStore } from '@sphinx/platform';
import type { ControlState } from '@sphinx/risk';

/** What somebody said of a control. */
export interface StatedControl {
  readonly control: string;
  readonly state: ControlState | null;
  readonly note: string;
  readonly by: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** Which controls are in place, as people say. */
export class ControlStore {
  readonly #state: StateStore;
  readonly #stated = new Map<string, StatedControl>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<StatedControl & { time: number | string }>(
      'SELECT control, state, note, made_by AS "by", made_at AS "time" FROM risk_assessment.control',
    );
    for (const row of rows) this.#stated.set(row.control, { ...row, time: Number(row.time) });
  }

  get(control: string): StatedControl | undefined {
    return this.#stated.get(control);
  }

  /** Controls of which somebody said something. */
  states(): ReadonlyMap<string, ControlState> {
    return new Map(
      [...this.#stated.values()].flatMap(({ control, state }) => (state === null ? [] : [[control, state]])),
    );
  }

  async set(stated: StatedControl): Promise<void> {
    const { control, state, note, by, time } = stated;
    await this.#state.query(
      `INSERT INTO risk_assessment.control (control, state, note, made_by, made_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (control) DO UPDATE SET state = excluded.state, note = excluded.note, made_by = excluded.made_by,
         made_at = excluded.made_at`,
      [control, state, note, by, time],
    );
    this.#stated.set(control, stated);
  }
}
