import { cutPage, type Page, SphinxError, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { CareEdit } from '@sphinx/risk';
import { deterministicId } from '@sphinx/schema';

/** What a person said about the care map, and whether it still stands. */
export interface MadeEdit {
  readonly id: string;
  readonly edit: CareEdit;
  readonly note: string;
  readonly by: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
}

type Row = Omit<MadeEdit, 'time' | 'undoneAt'> & {
  readonly sequence: number | string;
  readonly time: number | string;
  readonly undoneAt: number | string | null;
};

const COLUMNS = `sequence, id, edit, note, made_by AS "by", made_at AS "time", undone_by AS "undoneBy", undone_at AS "undoneAt"`;

/** Everything that people ever said about the care map; nothing is deleted. */
export class EditStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Those that stand, oldest first. */
  async standing(): Promise<readonly CareEdit[]> {
    const rows = await this.#state.query<{ edit: CareEdit }>(
      'SELECT edit FROM risk_assessment.care_edit WHERE undone_at IS NULL ORDER BY sequence',
    );
    return rows.map(({ edit }) => edit);
  }

  /** Newest first. @param query.before sequence of the last edit of the page before */
  async list(query: { readonly before?: number | undefined; readonly limit: number }): Promise<Page<MadeEdit>> {
    const rows = await this.#state.query<Row>(
      `SELECT ${COLUMNS} FROM risk_assessment.care_edit WHERE ($1::bigint IS NULL OR sequence < $1)
       ORDER BY sequence DESC LIMIT $2`,
      [query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(madeEdit) };
  }

  async add(made: { edit: CareEdit; note: string; by: string; time: number }): Promise<MadeEdit> {
    const { edit, note, by, time } = made;
    const [row] = await this.#state.query<Row>(
      `INSERT INTO risk_assessment.care_edit (id, edit, note, made_by, made_at)
       SELECT $1 || '_' || (count(*) + 1), $2::jsonb, $3, $4, $5 FROM risk_assessment.care_edit
       RETURNING ${COLUMNS}`,
      [deterministicId('edit', time, by, JSON.stringify(edit)), JSON.stringify(edit), note, by, time],
    );
    if (row === undefined) throw new Error('an insert returned no row');
    return madeEdit(row);
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT where it was taken back before */
  async undo(id: string, by: string, time: number): Promise<MadeEdit> {
    const [row] = await this.#state.query<Row>(
      `UPDATE risk_assessment.care_edit SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL
       RETURNING ${COLUMNS}`,
      [id, by, time],
    );
    if (row !== undefined) return madeEdit(row);
    const known = await this.#state.query('SELECT id FROM risk_assessment.care_edit WHERE id = $1', [id]);
    if (known.length === 0) throw new SphinxError('SPX_NOT_FOUND', `There is no change "${id}" of the care map.`);
    throw new SphinxError('SPX_CONFLICT', 'This change was taken back before. Make it anew if it holds again.');
  }

  /** What was said of an asset is said of the one that it turned out to be. */
  async rename(from: string, to: string, sql: SqlExecutor): Promise<void> {
    for (const field of ['dependent', 'provider', 'asset']) {
      await sql.query(
        `UPDATE risk_assessment.care_edit SET edit = jsonb_set(edit, ARRAY[$1], to_jsonb($3::text)) WHERE edit->>$1 = $2`,
        [field, from, to],
      );
    }
  }
}

function madeEdit({ sequence: _sequence, time, undoneAt, ...row }: Row): MadeEdit {
  return { ...row, time: Number(time), undoneAt: undoneAt === null ? null : Number(undoneAt) };
}
