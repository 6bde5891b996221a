import type { StateStore } from '@sphinx/platform';
import { Identifier, Timestamp } from '@sphinx/schema';
import { z } from 'zod';

/** A time in which a service, or every service, may be down. */
export const Maintenance = z
  .object({
    id: Identifier,
    serviceId: z.string().nullable().meta({ description: 'null: every service' }),
    from: Timestamp,
    until: Timestamp,
    note: z.string().meta({ description: 'Shown on the status page' }),
    by: z.string(),
    cancelledAt: Timestamp.nullable(),
  })
  .meta({ id: 'MaintenanceWindow' });
export type Maintenance = z.infer<typeof Maintenance>;

/** A part of a time line, milliseconds since the Unix epoch. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

const KEPT_MS = 400 * 86_400_000;

/** Maintenance windows. What was cancelled stays on record, and can be put back. */
export class MaintenanceBook {
  readonly #state: StateStore;
  readonly #windows = new Map<string, Maintenance>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(now: number): Promise<void> {
    await this.#state.query('DELETE FROM dependability_monitoring.maintenance WHERE until_time < $1', [now - KEPT_MS]);
    const rows = await this.#state.query<{ maintenance: Maintenance }>(
      'SELECT maintenance FROM dependability_monitoring.maintenance',
    );
    for (const { maintenance } of rows) this.#windows.set(maintenance.id, maintenance);
  }

  /** Latest begin first. */
  all(): readonly Maintenance[] {
    return [...this.#windows.values()].sort((a, b) => b.from - a.from || a.id.localeCompare(b.id));
  }

  get(id: string): Maintenance | undefined {
    return this.#windows.get(id);
  }

  async save(window: Maintenance): Promise<void> {
    await this.#state.query(
      `INSERT INTO dependability_monitoring.maintenance (id, maintenance, from_time, until_time) VALUES ($1, $2::jsonb, $3, $4)
       ON CONFLICT (id) DO UPDATE SET maintenance = excluded.maintenance, until_time = excluded.until_time`,
      [window.id, JSON.stringify(window), window.from, window.until],
    );
    this.#windows.set(window.id, window);
  }

  /** The window that is open for a service at a time. */
  at(serviceId: string, time: number): Maintenance | undefined {
    return this.#for(serviceId).find(({ from, until }) => from <= time && time < until);
  }

  /** Times in which a service may be down, in no order; they may overlap. */
  intervals(serviceId: string): readonly Interval[] {
    return this.#for(serviceId);
  }

  /** What was cancelled while it was open counts until then. */
  #for(serviceId: string): readonly Maintenance[] {
    return [...this.#windows.values()]
      .filter((window) => window.serviceId === null || window.serviceId === serviceId)
      .map((window) =>
        window.cancelledAt === null ? window : { ...window, until: Math.min(window.until, window.cancelledAt) },
      )
      .filter(({ from, until }) => from < until);
  }
}
