import type { StateStore } from '@sphinx/platform';
import type { HeardHour } from './silence.ts';
import type { TrafficCount } from './traffic-window.ts';

const TABLE = 'dependability_monitoring.traffic_hour';
/** Of no service: the sensors hear something. */
export const ANYBODY = '';
const KEPT_MS = 60 * 86_400_000;

/** What was seen of watched services by the hour. */
export class TrafficStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async add(service: string, hour: number, count: TrafficCount): Promise<void> {
    const { requests, failures, connections, refused, messages, acknowledgements } = count;
    await this.#state.query(
      `INSERT INTO ${TABLE} AS kept (service, hour, requests, failures, connections, refused, messages, acknowledgements)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (service, hour) DO UPDATE SET requests = kept.requests + excluded.requests,
         failures = kept.failures + excluded.failures, connections = kept.connections + excluded.connections,
         refused = kept.refused + excluded.refused, messages = kept.messages + excluded.messages,
         acknowledgements = kept.acknowledgements + excluded.acknowledgements`,
      [service, hour, requests, failures, connections, refused, messages, acknowledgements],
    );
  }

  /** Hours in which anybody was heard, and whether the service was. */
  async hours(service: string, since: number): Promise<readonly HeardHour[]> {
    const rows = await this.#state.query<{ hour: number | string; heard: boolean }>(
      `SELECT anybody.hour, own.hour IS NOT NULL AS heard FROM ${TABLE} AS anybody
       LEFT JOIN ${TABLE} AS own ON own.hour = anybody.hour AND own.service = $1
       WHERE anybody.service = $2 AND anybody.hour >= $3`,
      [service, ANYBODY, since],
    );
    return rows.map(({ hour, heard }) => ({ hour: Number(hour), isHeard: heard }));
  }

  /** The last hour in which each service was heard. */
  async lastHeard(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#state.query<{ service: string; hour: number | string }>(
      `SELECT service, max(hour) AS hour FROM ${TABLE} WHERE service <> $1 GROUP BY service`,
      [ANYBODY],
    );
    return new Map(rows.map(({ service, hour }) => [service, Number(hour)]));
  }

  async forget(now: number): Promise<void> {
    await this.#state.query(`DELETE FROM ${TABLE} WHERE hour < $1`, [now - KEPT_MS]);
  }
}
