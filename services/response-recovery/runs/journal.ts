import type { Clock, Outbox, SqlExecutor, StateStore } from '@sphinx/platform';
import { createFact, type Fact, type ResponseProgress } from '@sphinx/schema';
import type { DeviceBook } from '../assets/device-book.ts';
import type { Bell } from './bell.ts';
import type { Run } from './run.ts';

export type ResponseFactType = Extract<Fact['type'], `response.${string}`>;

/** What a fact tells besides the run. */
export interface Told {
  readonly by: string;
  readonly summary: string;
  readonly step?: ResponseProgress['step'];
  readonly outcome?: ResponseProgress['outcome'];
  /** Ids of devices; those of the plan where left out. */
  readonly devices?: readonly string[];
}

/** Keeps what happens: state and fact in one transaction, then everybody who waits is woken. */
export class Journal {
  readonly #parts: {
    readonly state: StateStore;
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly book: DeviceBook;
    readonly bell: Bell;
    readonly source: string;
    notify(): void;
    audit(entry: { action: string; subject: string; detail?: object }): Promise<void>;
  };

  constructor(parts: {
    readonly state: StateStore;
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly book: DeviceBook;
    readonly bell: Bell;
    readonly source: string;
    notify(): void;
    audit(entry: { action: string; subject: string; detail?: object }): Promise<void>;
  }) {
    this.#parts = parts;
  }

  now(): number {
    return this.#parts.clock.now();
  }

  /** @param work saves what changed, and returns what is told of it */
  async record(work: (sql: SqlExecutor) => Promise<readonly Fact[] | undefined>): Promise<void> {
    const { state, outbox, bell, notify } = this.#parts;
    await state.transaction(async (sql) => outbox.note((await work(sql)) ?? [], sql));
    bell.ring();
    notify();
    await outbox.publish();
  }

  /** For the audit trail, what no route did. */
  audit(action: string, subject: string, detail?: object): Promise<void> {
    return this.#parts.audit({ action, subject, ...(detail === undefined ? {} : { detail }) });
  }

  /** A fact about a run. */
  fact(type: ResponseFactType, run: Run, told: Told): Fact {
    const at = this.now();
    const { playbook, subject, isDryRun, isSample, number, id } = run;
    const data: ResponseProgress = {
      runId: id,
      number,
      playbook: { id: playbook.id, name: playbook.name, modified: playbook.modified },
      subject,
      assets: this.#assetsOf(told.devices ?? run.devices),
      isDryRun,
      by: told.by,
      at,
      summary: told.summary,
      ...(told.step === undefined ? {} : { step: told.step }),
      ...(told.outcome === undefined ? {} : { outcome: told.outcome }),
      isSample,
    };
    return createFact(type, { key: id, time: at, source: this.#parts.source, data });
  }

  #assetsOf(ids: readonly string[]): ResponseProgress['assets'] {
    return [...new Set(ids)].flatMap((assetId) => {
      const device = this.#parts.book.get(assetId);
      if (device === undefined) return [];
      const { name, careArea, clinicalClass } = device;
      return [{ assetId, name, careArea, patientSafetyClass: clinicalClass === 'unknown' ? null : clinicalClass }];
    });
  }
}
