import type { SqlExecutor, StateStore } from '@sphinx/platform';
import type { ExchangeRecord } from '@sphinx/probes';
import type { Approval, Device } from '@sphinx/probes/policy';
import type { ExchangeView, MarkView, RunView, StopView } from './views.ts';

/** An exchange that waits to be written. */
export interface NotedExchange {
  readonly runId: string;
  readonly probe: string;
  readonly record: ExchangeRecord;
}

/** What the last run of a probe found out about an address, under which source. */
export interface KeptAnswer {
  readonly source: string;
  readonly digest: string;
}

interface RunRow {
  readonly id: string;
  readonly asset_id: string | null;
  readonly ip: string;
  readonly policy: string;
  readonly occasion: RunView['occasion'];
  readonly requested_by: string;
  readonly state: RunView['state'];
  readonly reason: string;
  readonly probes: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly started_at: number | string;
  readonly ended_at: number | string | null;
}

const EXCHANGE_COLUMNS =
  'sequence, run_id, probe, time, direction, kind, transport, ip, port, connection, packets, bytes, what, data';

/** Tables of probing; nobody else reads them. */
export class ProbingStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
    return this.#state.transaction(work);
  }

  async devices(): Promise<readonly { device: Device; firstSeen: number }[]> {
    const rows = await this.#state.query<{ device: Device; first_seen: number | string }>(
      'SELECT device, first_seen FROM active_probing.device',
    );
    return rows.map(({ device, first_seen }) => ({ device, firstSeen: Number(first_seen) }));
  }

  async saveDevice(device: Device, firstSeen: number): Promise<void> {
    await this.#state.query(
      `INSERT INTO active_probing.device (asset_id, device, first_seen) VALUES ($1, $2, $3)
       ON CONFLICT (asset_id) DO UPDATE SET device = excluded.device`,
      [device.assetId ?? '', JSON.stringify(device), firstSeen],
    );
  }

  async removeDevice(assetId: string): Promise<void> {
    await this.#state.query('DELETE FROM active_probing.device WHERE asset_id = $1', [assetId]);
  }

  async saveRun(run: RunView, sql: SqlExecutor = this.#state): Promise<void> {
    const { id, assetId, ip, policy, occasion, by, state, reason, probes, packets, bytes, startedAt, endedAt } = run;
    await sql.query(
      `INSERT INTO active_probing.run
         (id, asset_id, ip, policy, occasion, requested_by, state, reason, probes, packets, bytes, started_at, ended_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, probes = excluded.probes,
         packets = excluded.packets, bytes = excluded.bytes, ended_at = excluded.ended_at`,
      [
        id,
        assetId ?? null,
        ip,
        policy,
        occasion,
        by,
        state,
        reason,
        JSON.stringify(probes),
        packets,
        bytes,
        startedAt,
        endedAt,
      ],
    );
  }

  async run(id: string): Promise<RunView | undefined> {
    const [row] = await this.#state.query<RunRow>('SELECT * FROM active_probing.run WHERE id = $1', [id]);
    return row === undefined ? undefined : runOf(row);
  }

  /** Latest first. @param before start of the last run of the page before, milliseconds since the Unix epoch */
  async runs(
    filter: { ip?: string | undefined; state?: string | undefined; before?: number | undefined },
    limit: number,
  ): Promise<readonly RunView[]> {
    const rows = await this.#state.query<RunRow>(
      `SELECT * FROM active_probing.run
       WHERE ($1::text IS NULL OR ip = $1) AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR started_at < $3)
       ORDER BY started_at DESC, id LIMIT $4`,
      [filter.ip ?? null, filter.state ?? null, filter.before ?? null, limit],
    );
    return rows.map(runOf);
  }

  /** When each address was last probed to the end. */
  async lastCompleted(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#state.query<{ ip: string; at: number | string }>(
      `SELECT ip, max(started_at) AS at FROM active_probing.run
       WHERE state IN ('completed', 'unreachable', 'slowed') GROUP BY ip`,
    );
    return new Map(rows.map(({ ip, at }) => [ip, Number(at)]));
  }

  /** Runs that a crash cut off are told as what they are. */
  async settleInterrupted(now: number): Promise<void> {
    await this.#state.query(
      `UPDATE active_probing.run SET state = 'stopped', reason = 'The program ended while it ran.', ended_at = $1
       WHERE state = 'running'`,
      [now],
    );
  }

  async saveExchanges(noted: readonly NotedExchange[], sql: SqlExecutor = this.#state): Promise<void> {
    if (noted.length === 0) return;
    const rows = noted.map(({ runId, probe, record }) => ({
      run_id: runId,
      probe,
      ...record,
      data: record.data === undefined ? null : Buffer.from(record.data).toString('base64'),
    }));
    await sql.query(
      `INSERT INTO active_probing.exchange
         (run_id, probe, time, direction, kind, transport, ip, port, connection, packets, bytes, what, data)
       SELECT run_id, probe, time, direction, kind, transport, ip, port, connection, packets, bytes, what, data
       FROM jsonb_to_recordset($1::jsonb) AS row (run_id text, probe text, time bigint, direction text, kind text,
         transport text, ip text, port integer, connection integer, packets integer, bytes integer, what text, data text)`,
      [JSON.stringify(rows)],
    );
  }

  /** In their order. @param after sequence of the last one of the page before */
  async exchanges(
    filter: { runId?: string | undefined; ip?: string | undefined; after?: number | undefined },
    limit: number,
  ): Promise<readonly ExchangeView[]> {
    const rows = await this.#state.query<ExchangeView & { run_id: string }>(
      `SELECT ${EXCHANGE_COLUMNS} FROM active_probing.exchange
       WHERE ($1::text IS NULL OR run_id = $1) AND ($2::text IS NULL OR ip = $2) AND ($3::bigint IS NULL OR sequence > $3)
       ORDER BY sequence LIMIT $4`,
      [filter.runId ?? null, filter.ip ?? null, filter.after ?? null, limit],
    );
    return rows.map(({ run_id, ...row }) => ({
      ...row,
      runId: run_id,
      sequence: Number(row.sequence),
      time: Number(row.time),
    }));
  }

  async forgetExchanges(before: number): Promise<void> {
    await this.#state.query('DELETE FROM active_probing.exchange WHERE time < $1', [before]);
  }

  async answer(ip: string, probe: string): Promise<KeptAnswer | undefined> {
    const [row] = await this.#state.query<KeptAnswer>(
      'SELECT source, digest FROM active_probing.answer WHERE ip = $1 AND probe = $2',
      [ip, probe],
    );
    return row;
  }

  /** @returns capture file of the last answers to a probe, base 64 */
  async capture(ip: string, probe: string): Promise<string | undefined> {
    const [row] = await this.#state.query<{ capture: string }>(
      'SELECT capture FROM active_probing.answer WHERE ip = $1 AND probe = $2',
      [ip, probe],
    );
    return row?.capture;
  }

  async saveAnswer(
    ip: string,
    probe: string,
    answer: KeptAnswer & { capture: string },
    sql: SqlExecutor,
  ): Promise<void> {
    await sql.query(
      `INSERT INTO active_probing.answer (ip, probe, source, digest, capture) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (ip, probe) DO UPDATE SET source = excluded.source, digest = excluded.digest, capture = excluded.capture`,
      [ip, probe, answer.source, answer.digest, answer.capture],
    );
  }

  async approvals(): Promise<readonly Approval[]> {
    const rows = await this.#state.query<{ approval: Approval }>(
      'SELECT approval FROM active_probing.approval ORDER BY at DESC, id',
    );
    return rows.map(({ approval }) => approval);
  }

  async saveApproval(approval: Approval): Promise<void> {
    await this.#state.query(
      `INSERT INTO active_probing.approval (id, approval, at) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET approval = excluded.approval`,
      [approval.id, JSON.stringify(approval), approval.at],
    );
  }

  async marks(): Promise<readonly MarkView[]> {
    const rows = await this.#state.query<{ ip: string; asset_id: string | null; reason: string; at: number | string }>(
      'SELECT ip, asset_id, reason, at FROM active_probing.mark ORDER BY at DESC',
    );
    return rows.map(({ ip, asset_id, reason, at }) => ({
      ip,
      reason,
      at: Number(at),
      ...(asset_id === null ? {} : { assetId: asset_id }),
    }));
  }

  async saveMark({ ip, assetId, reason, at }: MarkView, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO active_probing.mark (ip, asset_id, reason, at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (ip) DO UPDATE SET reason = excluded.reason, at = excluded.at`,
      [ip, assetId ?? null, reason, at],
    );
  }

  async clearMark(ip: string): Promise<void> {
    await this.#state.query('DELETE FROM active_probing.mark WHERE ip = $1', [ip]);
  }

  async stop(): Promise<StopView | undefined> {
    const [row] = await this.#state.query<{ reason: string; by_whom: string; at: number | string }>(
      'SELECT reason, by_whom, at FROM active_probing.stop',
    );
    return row === undefined ? undefined : { reason: row.reason, by: row.by_whom, at: Number(row.at) };
  }

  async saveStop({ reason, by, at }: StopView): Promise<void> {
    await this.#state.query(
      `INSERT INTO active_probing.stop (id, reason, by_whom, at) VALUES (1, $1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at`,
      [reason, by, at],
    );
  }

  async clearStop(): Promise<void> {
    await this.#state.query('DELETE FROM active_probing.stop');
  }
}

function runOf(row: RunRow): RunView {
  return {
    id: row.id,
    ip: row.ip,
    ...(row.asset_id === null ? {} : { assetId: row.asset_id }),
    policy: row.policy,
    occasion: row.occasion,
    by: row.requested_by,
    state: row.state,
    reason: row.reason,
    probes: [...row.probes],
    packets: row.packets,
    bytes: row.bytes,
    startedAt: Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  };
}
