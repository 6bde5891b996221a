import type { TelemetryRow, TelemetryTable } from '@sphinx/schema';
import type { Logger } from '../service/service.ts';

type Listener = (rows: readonly TelemetryRow<TelemetryTable>[]) => void;

/** Who sees the rows of which table while they are taken. */
export class TelemetryListeners {
  readonly #logger: Logger;
  readonly #of = new Map<TelemetryTable, Set<Listener>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add<T extends TelemetryTable>(table: T, listener: (rows: readonly TelemetryRow<T>[]) => void): () => void {
    // Rows of a table are told to the listeners of that table only.
    const told = listener as unknown as Listener;
    const listeners = this.#of.get(table) ?? new Set();
    this.#of.set(table, listeners.add(told));
    return () => void listeners.delete(told);
  }

  tell<T extends TelemetryTable>(table: T, rows: readonly TelemetryRow<T>[]): void {
    const listeners = this.#of.get(table);
    if (listeners === undefined || rows.length === 0) return;
    for (const listener of listeners) {
      try {
        listener(rows as readonly TelemetryRow<TelemetryTable>[]);
      } catch (error) {
        listeners.delete(listener);
        this.#logger.error('Who listens to telemetry failed, and hears no more', { table, error: String(error) });
      }
    }
  }
}
