import type { StateStore } from '@sphinx/platform';

/** A step of a checklist that somebody has done, or said something about. */
export interface CheckedStep {
  readonly step: string;
  readonly doneAt: number | null;
  readonly by: string;
  readonly note: string;
}

/** What was done of the checklists of incidents. */
export class ChecklistStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async of(incident: string): Promise<ReadonlyMap<string, CheckedStep>> {
    const rows = await this.#state.query<{ step: string; done_at: string | null; by: string; note: string }>(
      'SELECT step, done_at, by, note FROM incident_forensics.checklist WHERE incident = $1',
      [incident],
    );
    return new Map(
      rows.map(({ step, done_at, by, note }) => [
        step,
        { step, doneAt: done_at === null ? null : Number(done_at), by, note },
      ]),
    );
  }

  async save(incident: string, { step, doneAt, by, note }: CheckedStep): Promise<void> {
    await this.#state.query(
      `INSERT INTO incident_forensics.checklist (incident, step, done_at, by, note) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (incident, step) DO UPDATE SET done_at = excluded.done_at, by = excluded.by, note = excluded.note`,
      [incident, step, doneAt, by, note],
    );
  }
}
