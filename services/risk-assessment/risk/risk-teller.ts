import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Outbox, StateStore } from '@sphinx/platform';
import type { NodeRisk } from '@sphinx/risk';
import { createFact, type Fact, type RiskChange, type RiskFigures } from '@sphinx/schema';
import { explainCare } from './explain.ts';
import { isMeaningfulStep, mayBeMeaningful } from './meaningful-step.ts';
import type { RiskDesk } from './risk-desk.ts';
import type { ToldStore } from './told-store.ts';

const SERVICE = 'risk-assessment';
/** Facts of one turn; turns are a second apart, so that one alert that moves a whole house is no flood. */
export const MOST_PER_TURN = 200;
const LONGEST_REASON = 1000;
/** Looked at without a pause; of 20,000 assets all of them take half a second. */
const AT_ONCE = 500;
/** A changed map has the whole model made anew: for telling alone not more often than this. */
const LEAST_BETWEEN_MAPS_MS = 15_000;

export interface RiskTellerParts {
  readonly risk: RiskDesk;
  readonly told: ToldStore;
  readonly outbox: Outbox;
  readonly state: StateStore;
  readonly clock: Clock;
}

interface Candidate {
  readonly id: string;
  readonly figures: RiskFigures;
  readonly risk: NodeRisk;
  readonly moved: number;
}

/** Tells the house (`risk.changed`) when the risk of an asset or of a clinical service is clearly another than it was told last. */
export class RiskTeller {
  readonly #parts: RiskTellerParts;
  readonly #pending = new Set<string>();
  #isAllPending = true;
  #notBefore = 0;
  #telling: Promise<unknown> | undefined;

  constructor(parts: RiskTellerParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    await this.#parts.told.open();
    await this.#parts.outbox.publish();
  }

  /** @param places of assets and clinical services whose risk was reckoned anew */
  mark(places: Iterable<number>): void {
    const { map } = this.#parts.risk.state();
    for (const place of places) {
      const node = map.nodes[place];
      if (node !== undefined && node.type !== 'network') this.#pending.add(node.id);
    }
  }

  /** The map, or what everything is reckoned with, is another. */
  markAll(): void {
    this.#isAllPending = true;
  }

  /** What is gone has no risk; should it come back, it is told anew. */
  async forget(facts: readonly Fact[]): Promise<void> {
    const gone = facts.flatMap((fact) => {
      if (fact.type === 'asset.removed') return [fact.data.assetId];
      return fact.type === 'asset.merged' ? [fact.data.mergedAssetId] : [];
    });
    await this.#parts.told.forget(gone);
  }

  /** Called about once a second: tells what is to be told, unless it is at it or made the model anew just now. */
  async turn(): Promise<void> {
    if (this.#telling !== undefined) return;
    if (this.#pending.size === 0 && (!this.#isAllPending || performance.now() < this.#notBefore)) return;
    this.#telling = this.#tell().finally(() => {
      this.#telling = undefined;
    });
    await this.#telling;
  }

  /** Waits until what is being told is told. */
  async stop(): Promise<void> {
    await this.#telling?.catch(() => undefined);
  }

  /** Tells what moved most, at most `MOST_PER_TURN`; the rest waits for the next turn. */
  async #tell(): Promise<void> {
    const state = this.#parts.risk.state();
    if (this.#isAllPending) {
      this.#isAllPending = false;
      this.#notBefore = performance.now() + LEAST_BETWEEN_MAPS_MS;
      for (const { id, type } of state.map.nodes) if (type !== 'network') this.#pending.add(id);
    }
    const ids = [...this.#pending];
    this.#pending.clear();
    const found: Candidate[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      if (from > 0) await nextTurn();
      for (const id of ids.slice(from, from + AT_ONCE)) found.push(...(this.#candidate(id) ?? []));
    }
    found.sort((a, b) => b.moved - a.moved);
    for (const { id } of found.slice(MOST_PER_TURN)) this.#pending.add(id);
    const now = found.slice(0, MOST_PER_TURN);
    if (now.length === 0) return;
    const facts = now.flatMap((each) => this.#fact(each) ?? []);
    const { told, outbox, state: store } = this.#parts;
    try {
      await store.transaction(async (sql) => {
        await told.save(now, sql);
        await outbox.note(facts, sql);
      });
    } catch (error) {
      for (const { id } of now) this.#pending.add(id);
      throw error;
    }
    told.keep(now);
    await outbox.publish();
  }

  #candidate(id: string): readonly [Candidate] | undefined {
    const { risk: desk, told } = this.#parts;
    const state = desk.state();
    const place = state.map.placeOf(id);
    if (place === undefined) return undefined;
    const before = told.get(id);
    const isAsset = place < state.assets.length;
    if (isAsset && !mayBeMeaningful(before, state.pointsOf(place))) return undefined;
    const risk = isAsset ? state.ofAsset(place) : state.ofCare(place);
    const figures = { probability: risk.probability, level: risk.level, points: Math.min(100, risk.points) };
    if (!isMeaningfulStep(before, figures)) return undefined;
    return [{ id, figures, risk, moved: Math.abs(figures.points - (before?.points ?? 0)) }];
  }

  /** @returns undefined where it is gone from the map meanwhile */
  #fact({ id, figures, risk }: Candidate): Fact | undefined {
    const { risk: desk, told, clock } = this.#parts;
    const state = desk.state();
    // The map may have been made anew while others had their turn.
    const place = state.map.placeOf(id);
    if (place === undefined) return undefined;
    const node = state.map.at(place);
    const isAsset = place < state.assets.length;
    const worst = risk.consequences.toSorted((a, b) => b.points - a.points)[0];
    const data: RiskChange = {
      subject: isAsset ? 'asset' : 'clinical-service',
      id,
      name: node.name,
      careArea: node.area,
      horizonDays: desk.knowledge.parameters.horizonDays,
      now: figures,
      before: told.get(id) ?? null,
      consequence: worst?.id ?? '',
      reason: (isAsset ? this.#reasonOf(place, id) : (explainCare(state, place)[0] ?? '')).slice(0, LONGEST_REASON),
      isSample: node.isSample,
    };
    return createFact('risk.changed', { key: id, time: clock.now(), source: SERVICE, data });
  }

  /** The likeliest threat, with what speaks for it most. */
  #reasonOf(place: number, id: string): string {
    const { risk: desk } = this.#parts;
    const { knowledge, compromise } = desk.state();
    let likeliest = 0;
    knowledge.threats.forEach((_, index) => {
      if (compromise.probability(place, index) > compromise.probability(place, likeliest)) likeliest = index;
    });
    const title = knowledge.threats[likeliest]?.title ?? '';
    const [sign] = desk
      .evidenceOf(id)
      .toSorted((a, b) => (b.logFactors[likeliest] ?? 0) - (a.logFactors[likeliest] ?? 0));
    return sign === undefined ? title : `${title}: ${sign.text}`;
  }
}
