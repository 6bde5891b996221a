import type { Clock } from '@sphinx/platform';
import {
  combineEvidence,
  effectProbabilities,
  exploitabilityOf,
  noisyOr,
  type RiskKnowledge,
  RiskState,
  type WeighedEvidence,
  weighEvidence,
} from '@sphinx/risk';
import type { CareDesk } from '../care-map/care-desk.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import type { ControlStore } from './control-store.ts';

/** Weaknesses of one asset beyond these change nothing any more. */
const MOST_WEAKNESSES = 200;

/** What the desk works with. */
export interface RiskDeskParts {
  readonly care: CareDesk;
  readonly book: EvidenceBook;
  readonly controls: ControlStore;
  readonly knowledge: RiskKnowledge;
  readonly bits: { readonly v4: number; readonly v6: number };
  readonly clock: Clock;
}

/** Keeps the risk of the hospital: made anew when the map changes, brought up to date when something is found. */
export class RiskDesk {
  readonly #parts: RiskDeskParts;
  #state: RiskState | undefined;
  #isMade = false;
  #points = new Float64Array(0);
  #ranked: readonly number[] | undefined;
  #revision = 0;

  constructor(parts: RiskDeskParts) {
    this.#parts = parts;
  }

  get knowledge(): RiskKnowledge {
    return this.#parts.knowledge;
  }

  /** Grows with every change of what is known. */
  get revision(): number {
    return this.#revision;
  }

  /** Risk as it is now. */
  state(): RiskState {
    const { map, assets } = this.#parts.care.snapshot();
    if (this.#state !== undefined && this.#isMade && this.#state.map === map) return this.#state;
    const { knowledge, controls, care, bits, book } = this.#parts;
    const effects = effectProbabilities(care.knowledge.dependencies);
    const state = new RiskState({ assets, map, knowledge, controls: controls.states(), effects, bits });
    const detected = book.detected();
    assets.forEach(({ id }, place) => {
      this.#setTraits(state, id, place);
      if (detected.has(id)) this.#setEvidence(state, id, place);
    });
    this.#state = state;
    this.#isMade = true;
    this.#points = new Float64Array(assets.length);
    this.#take(state.update());
    return state;
  }

  /** Reckons with what was found out about these assets. @returns places of what changed by it */
  note(ids: Iterable<string>): ReadonlySet<number> {
    const state = this.state();
    this.#revision += 1;
    for (const id of ids) {
      const place = state.compromise.placeOf(id);
      if (place === undefined) continue;
      this.#setTraits(state, id, place);
      this.#setEvidence(state, id, place);
    }
    const changed = state.update();
    this.#take(changed);
    return changed;
  }

  /** What was detected fades: reckons it again. */
  refresh(): ReadonlySet<number> {
    return this.note(this.#parts.book.detected());
  }

  /** A control was stated: everything is reckoned again. */
  controlsChanged(): void {
    this.#isMade = false;
  }

  /** Places of all assets, the greatest risk first. */
  ranked(): readonly number[] {
    const state = this.state();
    this.#ranked ??= Array.from(state.assets.keys()).sort(
      (a, b) => (this.#points[b] ?? 0) - (this.#points[a] ?? 0) || a - b,
    );
    return this.#ranked;
  }

  /** What speaks for a compromise of an asset. */
  evidenceOf(id: string): readonly WeighedEvidence[] {
    const { book, knowledge, clock } = this.#parts;
    return weighEvidence(id, book.signalsOf(id), book.incidentsOf(id), knowledge, clock.now());
  }

  #take(changed: ReadonlySet<number>): void {
    const state = this.#state;
    if (state === undefined || changed.size === 0) return;
    for (const place of changed) {
      if (place < state.assets.length) this.#points[place] = state.pointsOf(place);
    }
    this.#ranked = undefined;
  }

  #setTraits(state: RiskState, id: string, place: number): void {
    const { book, knowledge } = this.#parts;
    const causes = book
      .weaknessesOf(id)
      .map((weakness) => exploitabilityOf(weakness, knowledge.parameters))
      .sort((a, b) => b - a);
    state.compromise.setSusceptibility(place, {
      weaknesses: noisyOr(causes.slice(0, MOST_WEAKNESSES)),
      faults: noisyOr(book.faultsOf(id).map(({ severity }) => knowledge.parameters.faults[severity])),
    });
  }

  #setEvidence(state: RiskState, id: string, place: number): void {
    const { threats, parameters } = this.#parts.knowledge;
    state.compromise.setEvidence(place, combineEvidence(this.evidenceOf(id), threats.length, parameters));
  }
}
