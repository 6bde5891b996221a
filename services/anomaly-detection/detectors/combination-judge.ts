import type { AssetPlace } from '@sphinx/platform';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import type { JointScore } from '../baselines/joint-sample.ts';
import type { Detector } from '../knowledge/detector.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import { MEASURE_AT, MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';
import type { Moment } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';
import { detailSubjects } from './subjects.ts';
import { actorSubject } from './users.ts';
import { amountWords, comparedWords, wordsOf } from './words.ts';

const DETECTOR = 'unusual-combination';
/** Part of the score that a measure has to have before it is named, and measures that make a combination. */
const LEAST_SHARE = 0.12;
const LEAST_MEASURES = 2;
const MOST_NAMED = 5;
/** What follows from the others is no thing of its own. */
const FOLLOWS: ReadonlySet<MeasureId> = new Set(['bytes-moved', 'peers', 'requests']);
/** A measure counts by how near it comes to what is told of it alone: a tenth of it is a step of about 0.7. */
const STEPS_OF_FLOOR = 10;

export interface CombinationJudgeParts {
  readonly library: BaselineLibrary;
  readonly detectors: readonly Detector[];
  readonly placeOf: (ip: string) => AssetPlace | undefined;
  readonly rarity: () => number;
}

/** What a whole hour was compared with, and what it teaches. */
export interface JudgedHour {
  readonly point: Float64Array;
  readonly score: number | undefined;
  readonly sighting: Sighting | undefined;
}

/** Compares a whole hour with hours of the kind: what is unusual together, though no number is by itself. */
export class CombinationJudge {
  readonly #parts: CombinationJudgeParts;
  readonly #floors: Float64Array;

  constructor(parts: CombinationJudgeParts) {
    this.#parts = parts;
    const measures = parts.detectors.flatMap((detector) => detector.measures ?? []);
    this.#floors = Float64Array.from(MEASURE_IDS, (id) =>
      FOLLOWS.has(id)
        ? Number.POSITIVE_INFINITY
        : Math.min(...measures.filter((each) => each.id === id).map(({ floor }) => floor)),
    );
  }

  /** @param moment that of the hour that has ended */
  judge(window: HostWindow, moment: Moment): JudgedHour {
    const { library, placeOf, rarity } = this.#parts;
    const place = placeOf(window.ip);
    const kind = place?.kind ?? '';
    const point = this.#pointOf(window);
    const sample = library.jointSample(kind);
    const joint = sample?.judge(point);
    if (joint === undefined || joint.rarity > rarity()) return { point, score: joint?.score, sighting: undefined };
    const named = this.#namedOf(window, kind, joint);
    // What a single number was told of needs no second word.
    if (named.length < LEAST_MEASURES || window.told.size > 0)
      return { point, score: joint.score, sighting: undefined };
    const about = named
      .map(({ id }) => id)
      .sort()
      .join(' + ');
    const habit = `does together: ${about}`;
    window.addHabit(habit);
    const device = library.device(place?.asset ?? window.ip);
    if (device?.baseline.habits.isKnown(habit) === true) return { point, score: joint.score, sighting: undefined };
    const compared = comparedWords({ basis: kind === '' ? 'site' : 'kind', hours: sample?.hours ?? 0 }, kind);
    const sighting: Sighting = {
      detector: DETECTOR,
      actor: window.ip,
      about,
      subjects: [actorSubject(window.ip), ...named.flatMap(({ id }) => detailSubjects(id, window.detailOf(id)))],
      expected: `Each of these may happen by itself; together they do not (${compared}). Usual are ${named.map(({ usual }) => usual).join(', ')}`,
      seen: `In one hour together: ${named.map(({ seen }) => seen).join('; ')}`,
      rarity: joint.rarity,
      basis: kind === '' ? 'site' : 'kind',
      habit,
      ...moment,
    };
    return { point, score: joint.score, sighting };
  }

  #pointOf({ values }: HostWindow): Float64Array {
    return values.map((value, at) => Math.log1p((STEPS_OF_FLOOR * value) / (this.#floors[at] ?? 1)));
  }

  /** Measures that set the hour apart by being high, the one with the largest part first. */
  #namedOf(window: HostWindow, kind: string, { score, shares }: JointScore) {
    const { library } = this.#parts;
    const ofKind = library.kind(kind)?.baseline ?? library.site;
    const usualOf = (id: MeasureId) => ofKind.sketchOf(id)?.quantile(0.5) ?? 0;
    return MEASURE_IDS.filter(
      (id) => (shares[MEASURE_AT[id]] ?? 0) >= LEAST_SHARE * score && window.valueOf(id) > usualOf(id),
    )
      .sort((a, b) => (shares[MEASURE_AT[b]] ?? 0) - (shares[MEASURE_AT[a]] ?? 0))
      .slice(0, MOST_NAMED)
      .map((id) => ({
        id,
        seen: `${amountWords(id, window.valueOf(id))} ${wordsOf(id, window.detailOf(id))}`,
        usual: amountWords(id, usualOf(id)),
      }));
  }
}
