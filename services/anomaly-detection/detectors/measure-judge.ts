import type { AssetPlace } from '@sphinx/platform';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import { limitOfNorm, type Norm, rarityOfNorm } from '../baselines/norm.ts';
import type { Detector, DetectorMeasure } from '../knowledge/detector.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import { MEASURE_AT, MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';
import type { Sighting } from './sighting.ts';
import { detailSubjects } from './subjects.ts';
import { actorSubject } from './users.ts';
import { expectedWords, seenWords } from './words.ts';

/** Told again of the same only when it is so much more. */
const GROWTH = 1.2;
const SCANS: ReadonlySet<MeasureId> = new Set(['peers', 'failed-peers-on-port', 'failed-ports-on-peer']);
const PEERS_OF_FILE_SHARING = 5;
/** What is done to the host, not by it. */
const FLOODS: ReadonlySet<string> = new Set(['flood', 'half-open-flood']);

/** What a sighting needs of its moment. */
export interface Moment {
  readonly time: number;
  readonly endTime: number;
  readonly source: string;
  readonly isSample: boolean;
  readonly packetNumber: number;
}

interface Judged {
  readonly detector: Detector;
  readonly measure: DetectorMeasure;
}

/** Compares the numbers of an hour with what is usual, while the hour goes on. */
export class MeasureJudge {
  readonly #library: BaselineLibrary;
  readonly #placeOf: (ip: string) => AssetPlace | undefined;
  readonly #acceptedOf: (detector: string, actor: string, measure: MeasureId) => number;
  readonly #rarity: () => number;
  /** By place of the measure. */
  readonly #judged: readonly (readonly Judged[])[];
  readonly #floors: Float64Array;

  /**
   * @param options.rarity share of hours that may be told of by chance
   * @param options.acceptedOf value up to which somebody said that it is normal; 0 where nobody has
   */
  constructor(options: {
    readonly detectors: readonly Detector[];
    readonly library: BaselineLibrary;
    readonly placeOf: (ip: string) => AssetPlace | undefined;
    readonly acceptedOf: (detector: string, actor: string, measure: MeasureId) => number;
    readonly rarity: () => number;
  }) {
    this.#library = options.library;
    this.#placeOf = options.placeOf;
    this.#acceptedOf = options.acceptedOf;
    this.#rarity = options.rarity;
    this.#judged = MEASURE_IDS.map((id) =>
      options.detectors.flatMap((detector) =>
        (detector.measures ?? []).filter((measure) => measure.id === id).map((measure) => ({ detector, measure })),
      ),
    );
    this.#floors = Float64Array.from(this.#judged, (judged) => Math.min(...judged.map(({ measure }) => measure.floor)));
  }

  /** @returns what somebody should be told of, where the value has become unusual by now */
  judge(window: HostWindow, measure: MeasureId, moment: Moment): Sighting | undefined {
    const at = MEASURE_AT[measure];
    const value = window.values[at] ?? 0;
    // Most values are small, and cost this comparison only.
    if (value < (this.#floors[at] ?? 0) || value <= (window.limits[at] ?? 0)) return undefined;
    const judged = this.#judged[at]?.find(({ detector }) => isActor(detector, window.isInternal));
    if (judged === undefined || isFileSharing(window, measure)) return undefined;
    const place = this.#placeOf(window.ip);
    const norm = this.#library.norm(place?.asset ?? window.ip, place?.kind ?? '', measure, judged.measure);
    const limit = Math.max(
      limitOfNorm(norm, this.#rarity(), judged.measure.floor),
      this.#acceptedOf(judged.detector.id, window.ip, measure),
    );
    if (value < limit) {
      window.limits[at] = limit;
      return undefined;
    }
    window.limits[at] = value * GROWTH;
    window.told.add(measure);
    return describe(judged, window, norm, { limit, kind: place?.kind ?? '', moment });
  }

  /** What an hour counts at most that somebody was told of: as much as one hour in a hundred has. */
  mostLearnt(window: HostWindow, measure: MeasureId): number {
    const judged = this.#judged[MEASURE_AT[measure]]?.find(({ detector }) => isActor(detector, window.isInternal));
    if (judged === undefined) return Number.POSITIVE_INFINITY;
    const place = this.#placeOf(window.ip);
    return this.#library.norm(place?.asset ?? window.ip, place?.kind ?? '', measure, judged.measure).high;
  }
}

/** Programs that share files call strangers by the dozen: that they run is told once, as in the original. */
function isFileSharing(window: HostWindow, measure: MeasureId): boolean {
  return SCANS.has(measure) && window.valueOf('peer-to-peer-peers') >= PEERS_OF_FILE_SHARING;
}

function isActor({ actors }: Detector, isInternal: boolean): boolean {
  return actors === 'any' || (actors === 'internal') === isInternal;
}

function describe(
  { detector, measure }: Judged,
  window: HostWindow,
  norm: Norm,
  about: { readonly limit: number; readonly kind: string; readonly moment: Moment },
): Sighting {
  const value = window.valueOf(measure.id);
  const detail = window.detailOf(measure.id);
  const actor = actorSubject(window.ip, FLOODS.has(detector.id) ? 'target' : 'actor');
  return {
    detector: detector.id,
    actor: window.ip,
    about: aboutOf(measure.id, detail),
    subjects: [actor, ...detailSubjects(measure.id, detail)],
    expected: expectedWords(measure.id, norm, about.kind),
    seen: seenWords(measure.id, value, detail),
    rarity: rarityOfNorm(norm, value),
    basis: norm.basis,
    measure: { id: measure.id, value, limit: about.limit },
    ...about.moment,
  };
}

/** A volume is one anomaly whomever it goes to; a scan of another port is another one. */
function aboutOf(measure: MeasureId, detail: string): string {
  const isVolume = measure === 'bytes-to-internet' || measure === 'bytes-fetched' || measure === 'half-open-requests';
  return isVolume ? measure : `${measure} ${detail}`.trim();
}
