import { cutPage, type Migration, type Page, type StateStore } from '@sphinx/platform';
import { deterministicId, type MediaUse, type Medium } from '@sphinx/schema';

export const MEDIA_MIGRATION: Migration = {
  id: '002-removable-media',
  sql: `
    CREATE TABLE data_protection.media_use (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      medium_id text NOT NULL,
      host text NOT NULL,
      account text NOT NULL,
      action text NOT NULL,
      kind text NOT NULL,
      maker text NOT NULL,
      product text NOT NULL,
      serial text NOT NULL,
      files int NOT NULL,
      bytes bigint NOT NULL,
      patients int NOT NULL,
      first_seen bigint NOT NULL,
      last_seen bigint NOT NULL,
      use jsonb NOT NULL
    );
    CREATE INDEX media_use_medium ON data_protection.media_use (medium_id);`,
};

/** Uses that are kept; older ones go. */
const KEPT_USES = 100_000;
const KEEPING_STEP = 1000;

/** All that one medium was used for on one device. */
export interface MediumOnDevice {
  readonly id: string;
  readonly host: string;
  readonly medium: Medium;
  readonly users: readonly string[];
  readonly attached: number;
  readonly blocked: number;
  readonly filesWritten: number;
  readonly bytesWritten: number;
  readonly filesRead: number;
  readonly programsRun: number;
  readonly patients: number;
  /** Of files that were written. */
  readonly fileKinds: Readonly<Record<string, number>>;
  /** Other devices that the same medium was seen on; only a serial number tells. */
  readonly otherDevices: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface MediaQuery {
  readonly host?: string | undefined;
  readonly isWritten?: boolean | undefined;
}

type Row = Record<
  'medium_id' | 'host' | 'kind' | 'maker' | 'product' | 'serial' | 'first_seen' | 'last_seen' | 'others',
  string
> &
  Record<'attached' | 'blocked' | 'written' | 'bytes' | 'read' | 'run' | 'patients', string> & {
    readonly users: string[] | null;
    readonly kinds: Record<string, number>[] | null;
  };

/** The table of removable media. */
export class MediaStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** A use that is known already changes nothing. */
  async save(use: MediaUse): Promise<void> {
    const { host, user, action, medium, files, bytes, patients, firstSeen, lastSeen } = use;
    const [row] = await this.#state.query<{ sequence: number | string }>(
      `INSERT INTO data_protection.media_use
         (id, medium_id, host, account, action, kind, maker, product, serial, files, bytes, patients, first_seen, last_seen, use)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb)
       ON CONFLICT (id) DO NOTHING RETURNING sequence`,
      [
        use.id,
        mediumIdOf(use),
        host,
        user,
        action,
        ...[medium.kind, medium.maker, medium.product, medium.serial.toUpperCase()],
        ...[files, bytes, patients, firstSeen, lastSeen],
        JSON.stringify(use),
      ],
    );
    const sequence = Number(row?.sequence ?? 0);
    if (sequence === 0 || sequence % KEEPING_STEP !== 0) return;
    await this.#state.query('DELETE FROM data_protection.media_use WHERE sequence <= $1', [sequence - KEPT_USES]);
  }

  /** Media by device, the one that was used last first. */
  async media({ host, isWritten }: MediaQuery): Promise<readonly MediumOnDevice[]> {
    const rows = await this.#state.query<Row>(
      `SELECT medium_id, max(host) AS host, max(kind) AS kind, max(maker) AS maker, max(product) AS product,
         max(serial) AS serial, array_agg(DISTINCT account) FILTER (WHERE account <> '') AS users,
         count(*) FILTER (WHERE action = 'attached') AS attached, count(*) FILTER (WHERE action = 'blocked') AS blocked,
         coalesce(sum(files) FILTER (WHERE action = 'written'), 0) AS written,
         coalesce(sum(bytes) FILTER (WHERE action IN ('written', 'exported')), 0) AS bytes,
         coalesce(sum(files) FILTER (WHERE action = 'read'), 0) AS read,
         coalesce(sum(files) FILTER (WHERE action = 'run'), 0) AS run,
         sum(patients) AS patients, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
         array_agg(use->'fileKinds') FILTER (WHERE action = 'written') AS kinds,
         (SELECT count(DISTINCT lower(other.host)) FROM data_protection.media_use other
          WHERE each.serial <> '' AND other.serial = each.serial AND lower(other.host) <> lower(max(each.host))) AS others
       FROM data_protection.media_use each
       WHERE ($1::text IS NULL OR lower(host) = lower($1))
       GROUP BY medium_id, serial
       HAVING $2::boolean IS NOT TRUE OR count(*) FILTER (WHERE action IN ('written', 'exported')) > 0
       ORDER BY max(last_seen) DESC, medium_id`,
      [host ?? null, isWritten ?? null],
    );
    return rows.map(toMedium);
  }

  /** Newest first. @param medium id of a medium on a device */
  async uses(query: {
    readonly medium?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<Page<MediaUse>> {
    const { medium, before, limit } = query;
    const rows = await this.#state.query<{ sequence: number; use: MediaUse }>(
      `SELECT sequence, use FROM data_protection.media_use
       WHERE ($1::text IS NULL OR medium_id = $1) AND ($2::bigint IS NULL OR sequence < $2)
       ORDER BY sequence DESC LIMIT $3`,
      [medium ?? null, before ?? null, limit + 1],
    );
    const page = cutPage(rows, limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ use }) => use) };
  }
}

/** @returns the id of a medium on a device: its serial number there, or what else is known of it */
export function mediumIdOf({ host, medium }: Pick<MediaUse, 'host' | 'medium'>): string {
  const { kind, maker, product, serial } = medium;
  const which = serial === '' ? [kind, maker, product] : [serial.toUpperCase()];
  return deterministicId('med', host.toLowerCase(), ...which);
}

function toMedium(row: Row): MediumOnDevice {
  const fileKinds: Record<string, number> = {};
  for (const kinds of row.kinds ?? [])
    for (const [kind, count] of Object.entries(kinds)) fileKinds[kind] = (fileKinds[kind] ?? 0) + count;
  return {
    id: row.medium_id,
    host: row.host,
    medium: { kind: row.kind as Medium['kind'], maker: row.maker, product: row.product, serial: row.serial },
    users: [...(row.users ?? [])].sort(),
    attached: Number(row.attached),
    blocked: Number(row.blocked),
    filesWritten: Number(row.written),
    bytesWritten: Number(row.bytes),
    filesRead: Number(row.read),
    programsRun: Number(row.run),
    patients: Number(row.patients),
    fileKinds,
    otherDevices: Number(row.others),
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
  };
}
