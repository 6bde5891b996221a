import { type Clock, SphinxError, type StateStore } from '@sphinx/platform';
import { createFact, deterministicId } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import { describeIncident } from '../incidents/describe.ts';
import { NEW_WORK, SAMPLE_PREFIX, SAMPLE_SOURCE, type Work } from '../incidents/incident-record.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { ScoringPolicy } from '../knowledge/scoring-policy.ts';
import { Catalogue } from './catalogue.ts';
import { generateWeeks, SAMPLE_DAYS, type SampleWeeks } from './generate.ts';
import { type PlayedIncident, playWeeks } from './play.ts';

/** The bundled weeks. */
export const SAMPLE_SEED = 1;
const DAY_MS = 86_400_000;
const BY = 'Sample hospital';
const EVERYDAY = 'Everyday life of the sample hospital';

export interface SampleDeskParts {
  readonly state: StateStore;
  readonly store: IncidentStore;
  readonly assets: AssetBook;
  readonly attack: AttackKnowledge;
  readonly policy: ScoringPolicy;
  readonly threshold: number;
  readonly clock: Clock;
  readonly knowledgeFolder: string;
  /** Something on the pages changed. */
  notify(): void;
}

/**
 * Two weeks of an invented hospital to look around in: its incidents stand beside real ones, marked as sample, and go away at once. They
 * are made by a grouping of their own, so that what is usual there says nothing of this house; nobody is told of them, and closing them
 * teaches nothing.
 */
export class SampleDesk {
  readonly #parts: SampleDeskParts;

  constructor(parts: SampleDeskParts) {
    this.#parts = parts;
  }

  /**
   * Plays the weeks that end today. What was an attack is left open; what was everyday life is closed as that.
   *
   * @returns incidents
   * @throws SphinxError SPX_CONFLICT when they are there
   */
  async load(): Promise<number> {
    const { state, store, attack, policy, threshold, clock, knowledgeFolder } = this.#parts;
    if ((await store.sampleIncidents()) > 0) {
      throw new SphinxError('SPX_CONFLICT', 'The sample hospital is loaded already. Remove it first.');
    }
    const today = Math.floor(clock.now() / DAY_MS) * DAY_MS;
    const weeks = generateWeeks(await Catalogue.load(knowledgeFolder), SAMPLE_SEED, today - SAMPLE_DAYS * DAY_MS);
    const { incidents } = await playWeeks(weeks, { attack, policy, threshold });
    await state.transaction(async (sql) => {
      for (const fact of devicesOf(weeks)) await this.#parts.assets.take(fact, sql);
      for (const incident of incidents.toSorted((a, b) => a.openedAt - b.openedAt)) await this.#keep(incident, sql);
    });
    this.#parts.notify();
    return incidents.length;
  }

  /** @returns incidents that went */
  async remove(): Promise<number> {
    const { state, store, assets, clock, notify } = this.#parts;
    const removed = await state.transaction(async (sql) => {
      for (const assetId of assets.idsOfSample()) {
        const data = { assetId, reason: 'The sample hospital is removed' };
        await assets.take(
          createFact('asset.removed', { key: assetId, time: clock.now(), source: SAMPLE_SOURCE, data }),
          sql,
        );
      }
      return store.forgetSource(SAMPLE_SOURCE, sql);
    });
    notify();
    return removed.length;
  }

  async #keep({ cluster: played, signals, openedAt, attack }: PlayedIncident, sql: Sql): Promise<void> {
    const { store } = this.#parts;
    const id = deterministicId(SAMPLE_PREFIX, played.id);
    const cluster = { ...played, id, sources: [SAMPLE_SOURCE], isSample: true };
    const closed: Partial<Work> = {
      status: 'closed',
      verdict: 'false',
      closingNote: EVERYDAY,
      closedAt: played.lastSeen,
    };
    const work: Work = { ...NEW_WORK, openedAt, ...(attack === undefined ? closed : {}) };
    const view = describeIncident(cluster, work, await store.nextNumber(sql), this.#parts);
    await store.save({ cluster, work, view }, sql);
    for (const { signal, points } of signals) {
      await store.addSignal(id, { ...signal, source: SAMPLE_SOURCE, references: [] }, points, sql);
    }
    const text = `Opened by itself: ${view.reasons[0] ?? ''}`;
    await store.addActivity({ incident: id, time: openedAt, by: BY, kind: 'opened', text }, sql);
    if (attack !== undefined) return;
    const said = `Closed as false: ${EVERYDAY}`;
    await store.addActivity({ incident: id, time: played.lastSeen, by: BY, kind: 'closed', text: said }, sql);
  }
}

type Sql = Parameters<IncidentStore['save']>[1];

/** Devices without their addresses: those may be real ones here. */
function devicesOf({ assets }: SampleWeeks) {
  return assets.flatMap((fact) =>
    fact.type === 'asset.discovered' ? [{ ...fact, data: { ...fact.data, ips: [], hostnames: [] } }] : [],
  );
}
