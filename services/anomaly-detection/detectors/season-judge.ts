import { limitOf, rarityOf } from '@sphinx/learning';
import type { AssetPlace } from '@sphinx/platform';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import { isDayOfRest, SEASONAL_MEASURES, type SeasonalMeasure, type Seasons } from '../baselines/seasons.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import { MEASURE_AT, MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';
import { HOUR_MS } from '../traffic/window-book.ts';
import type { Moment } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';
import { detailSubjects } from './subjects.ts';
import { actorSubject } from './users.ts';
import { amountWords, comparedWords, seenWords } from './words.ts';

const DETECTOR = 'unusual-for-hour';
/** Told again of the same only when it is so much more. */
const GROWTH = 1.5;
const HOURS_OF_DAY = 24;
/** What a device is called in words of its forecast: so many spreads above it is seldom. */
const SELDOM_SPREADS = 2;

export interface SeasonJudgeParts {
  readonly library: BaselineLibrary;
  readonly placeOf: (ip: string) => AssetPlace | undefined;
  /** Least amounts that anybody is told of. */
  readonly floors: Readonly<Partial<Record<MeasureId, number>>>;
  readonly acceptedOf: (detector: string, actor: string, measure: MeasureId) => number;
  readonly rarity: () => number;
}

/** Compares what a device does with what it does at this hour of such a day: much by night may be little by day. */
export class SeasonJudge {
  readonly #parts: SeasonJudgeParts;
  /** By place of the measure: its place among the seasonal ones, -1 for others. */
  readonly #places: Int8Array;
  readonly #floors: Float64Array;

  constructor(parts: SeasonJudgeParts) {
    this.#parts = parts;
    this.#places = Int8Array.from(MEASURE_IDS, (id) => (SEASONAL_MEASURES as readonly MeasureId[]).indexOf(id));
    this.#floors = Float64Array.from(MEASURE_IDS, (id) => parts.floors[id] ?? Number.POSITIVE_INFINITY);
  }

  /** @returns what somebody should be told of, where the amount has become unusual for the hour by now */
  judge(window: HostWindow, id: MeasureId, moment: Moment): Sighting | undefined {
    const at = MEASURE_AT[id];
    const place = this.#places[at] ?? -1;
    const value = window.values[at] ?? 0;
    if (place < 0 || value < (this.#floors[at] ?? 0) || window.told.has(id)) return undefined;
    window.seasonLimits ??= new Float64Array(SEASONAL_MEASURES.length).fill(Number.NaN);
    const known = window.seasonLimits[place] ?? Number.NaN;
    if (value < known) return undefined;
    const measure = SEASONAL_MEASURES[place];
    if (measure === undefined) return undefined;
    const where = this.#parts.placeOf(window.ip);
    const device = this.#parts.library.device(where?.asset ?? window.ip);
    const hour = moment.endTime - (moment.endTime % HOUR_MS);
    const kind = where?.kind ?? '';
    const tail = this.#parts.library.tailOfSurprises(kind);
    const spreads = tail === undefined ? undefined : limitOf(tail, this.#parts.rarity());
    const usual = spreads === undefined ? undefined : device?.seasons.limit(measure, hour, spreads);
    const limit = Math.max(usual ?? Number.POSITIVE_INFINITY, this.#parts.acceptedOf(DETECTOR, window.ip, measure));
    if (value < limit || device === undefined || tail === undefined) {
      window.seasonLimits[place] = limit;
      return undefined;
    }
    window.seasonLimits[place] = value * GROWTH;
    window.told.add(id);
    const rarity = rarityOf(tail, device.seasons.surprise(measure, hour, value) ?? 0);
    return describe(window, measure, { moment, hour, limit, rarity, seasons: device.seasons, kind });
  }
}

function describe(
  window: HostWindow,
  measure: SeasonalMeasure,
  about: {
    readonly moment: Moment;
    readonly hour: number;
    readonly limit: number;
    readonly rarity: number;
    readonly seasons: Seasons;
    readonly kind: string;
  },
): Sighting {
  const { moment, hour, limit, rarity, seasons, kind } = about;
  const value = window.valueOf(measure);
  const detail = window.detailOf(measure);
  const usual = amountWords(measure, seasons.limit(measure, hour, 0) ?? 0);
  const seldom = amountWords(measure, seasons.limit(measure, hour, SELDOM_SPREADS) ?? 0);
  const compared = comparedWords({ basis: 'itself', hours: seasons.hoursOf(measure) }, kind);
  return {
    detector: DETECTOR,
    actor: window.ip,
    about: measure,
    subjects: [actorSubject(window.ip), ...detailSubjects(measure, detail)],
    expected: `About ${usual} ${hourWords(hour)}, seldom more than ${seldom} (${compared.replace(' of activity', '')})`,
    seen: `${seenWords(measure, value, detail)}, ${hourWords(hour)}`,
    rarity,
    basis: 'itself',
    measure: { id: measure, value, limit },
    ...moment,
  };
}

/** @returns for example `between 3:00 and 4:00 UTC on a working day` */
function hourWords(hour: number): string {
  const ofDay = Math.floor(hour / HOUR_MS) % HOURS_OF_DAY;
  return `between ${ofDay}:00 and ${ofDay + 1}:00 UTC on a ${isDayOfRest(hour) ? 'Saturday or Sunday' : 'working day'}`;
}
