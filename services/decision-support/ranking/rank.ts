import { type Course, NOTHING } from '../courses/course.ts';
import { CRITERIA, CRITERION_TITLES, type Criterion, type Weights } from './weights.ts';

/** A course of action in its place, with where its points come from. */
export interface RankedCourse {
  readonly course: Course;
  /** 0 to 100. */
  readonly points: number;
  /** Points when least, and when most, of its effect comes true. */
  readonly range: readonly [number, number];
  readonly contributions: readonly Contribution[];
  /** Sentences that say why it stands where it stands. */
  readonly explanation: readonly string[];
  /** It comes after all that endanger no life, whatever its points. */
  readonly isPutBack: boolean;
}

export interface Contribution {
  readonly criterion: Criterion;
  readonly title: string;
  /** 0 to 1. */
  readonly value: number;
  /** Per cent of all weights. */
  readonly weight: number;
  readonly points: number;
}

/** A change of one weight that would put another course first. */
export interface Tipping {
  readonly criterion: Criterion;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly course: string;
}

export interface Ranking {
  readonly courses: readonly RankedCourse[];
  readonly tippings: readonly Tipping[];
  /** How sure the first place is, in words. */
  readonly verdict: string;
}

/** Contributions that a sentence names. */
const MOST_NAMED = 2;
const MOST_TIPPINGS = 3;

/**
 * Ranks courses of action by a weighted sum of their values (additive value model; Keeney and Raiffa, Decisions with Multiple
 * Objectives, 1976, §3.6). A veto comes before it: what restarts, replaces or cuts off a life-sustaining device stands after all
 * that does not. The same input gives the same order.
 */
export function rank(courses: readonly Course[], weights: Weights): Ranking {
  const shares = sharesOf(weights);
  const nothing = courses.find(({ id }) => id === NOTHING);
  const ranked = courses
    .map((course) => ({ course, points: pointsOf(course.values, shares) }))
    .toSorted(
      (a, b) =>
        Number(a.course.care.endangersLife) - Number(b.course.care.endangersLife) ||
        b.points - a.points ||
        a.course.id.localeCompare(b.course.id, 'en'),
    )
    .map(({ course, points }) => describe(course, points, shares, nothing));
  return { courses: ranked, tippings: tippingsOf(ranked, weights), verdict: verdictOf(ranked) };
}

function describe(
  course: Course,
  points: number,
  shares: Readonly<Record<Criterion, number>>,
  nothing: Course | undefined,
): RankedCourse {
  const contributions = CRITERIA.map((criterion) => ({
    criterion,
    title: CRITERION_TITLES[criterion],
    value: round(course.values[criterion], 3),
    weight: round(shares[criterion] * 100, 1),
    points: round(course.values[criterion] * shares[criterion] * 100, 1),
  }));
  const [low, high] = course.riskRange.map((risk) => pointsOf({ ...course.values, risk }, shares));
  return {
    course,
    points: round(points, 1),
    range: [round(low ?? points, 1), round(high ?? points, 1)],
    contributions,
    explanation: explain(course, contributions, nothing, shares),
    isPutBack: course.care.endangersLife,
  };
}

function explain(
  course: Course,
  contributions: readonly Contribution[],
  nothing: Course | undefined,
  shares: Readonly<Record<Criterion, number>>,
): readonly string[] {
  const sentences: string[] = [];
  const best = contributions.toSorted((a, b) => b.points - a.points).slice(0, MOST_NAMED);
  sentences.push(
    `Most of its points come from ${best.map(({ title, points }) => `"${title.toLowerCase()}" (${points})`).join(' and ')}.`,
  );
  if (nothing !== undefined && course.id !== NOTHING) {
    const gains = CRITERIA.map((criterion) => ({
      title: CRITERION_TITLES[criterion],
      points: round((course.values[criterion] - nothing.values[criterion]) * shares[criterion] * 100, 1),
    }));
    const won = gains.toSorted((a, b) => b.points - a.points)[0];
    const lost = gains.toSorted((a, b) => a.points - b.points)[0];
    if (won !== undefined && won.points > 0)
      sentences.push(`Against doing nothing it wins ${won.points} points for "${won.title.toLowerCase()}".`);
    if (lost !== undefined && lost.points < 0)
      sentences.push(`It loses ${-lost.points} for "${lost.title.toLowerCase()}".`);
  }
  if (course.learnt !== null) {
    const { cases, worked } = course.learnt;
    sentences.push(
      `Here it was carried out ${cases} ${cases === 1 ? 'time' : 'times'} and worked ${worked} ${worked === 1 ? 'time' : 'times'}; that corrects the figures.`,
    );
  }
  if (course.care.endangersLife) {
    sentences.push(
      'It would restart, replace or cut off a life-sustaining device: it stands after everything that does not, and the clinical lead must agree.',
    );
  }
  if (course.care.unknownAssets > 0) {
    const count = course.care.unknownAssets;
    sentences.push(`Of ${count} ${count === 1 ? 'device' : 'devices'} it is unknown what care loses.`);
  }
  return sentences;
}

/** For each weight: what it would have to be, the others as they are, until another course has more points than the first. */
function tippingsOf(ranked: readonly RankedCourse[], weights: Weights): readonly Tipping[] {
  const first = ranked[0];
  if (first === undefined) return [];
  const rivals = ranked.slice(1).filter(({ isPutBack }) => isPutBack === first.isPutBack);
  const tippings = rivals.flatMap(({ course }) => {
    // By how much the first is ahead, in weights; linear in each of them.
    const leads = CRITERIA.map((each) => weights[each] * (first.course.values[each] - course.values[each]));
    const lead = leads.reduce((sum, part) => sum + part, 0);
    return CRITERIA.flatMap((criterion) => {
      const better = course.values[criterion] - first.course.values[criterion];
      const to = weights[criterion] + lead / better;
      if (better === 0 || to < 0 || to > 100) return [];
      return {
        criterion,
        title: CRITERION_TITLES[criterion],
        from: weights[criterion],
        to: round(to, 1),
        course: course.title,
      };
    });
  });
  return tippings.toSorted((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from)).slice(0, MOST_TIPPINGS);
}

function verdictOf([first, second]: readonly RankedCourse[]): string {
  if (first === undefined) return 'Nothing is proposed.';
  const start =
    first.course.id === NOTHING
      ? 'Nothing that is known is better than waiting'
      : `"${first.course.title}" comes first`;
  if (second === undefined) return `${start}.`;
  const isClose = second.range[1] >= first.range[0] && first.isPutBack === second.isPutBack;
  return isClose
    ? `${start}, but "${second.course.title}" is close: with other luck, or other weights, it would be better.`
    : `${start}, even if only the least of its effect comes true.`;
}

/** Weights as parts of one. */
function sharesOf(weights: Weights): Readonly<Record<Criterion, number>> {
  const total = CRITERIA.reduce((sum, criterion) => sum + weights[criterion], 0);
  return Object.fromEntries(CRITERIA.map((criterion) => [criterion, weights[criterion] / total])) as Record<
    Criterion,
    number
  >;
}

/** @returns 0 to 100 */
function pointsOf(values: Readonly<Record<Criterion, number>>, shares: Readonly<Record<Criterion, number>>): number {
  return CRITERIA.reduce((sum, criterion) => sum + values[criterion] * shares[criterion] * 100, 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
