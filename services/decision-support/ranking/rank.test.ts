import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Course, NOTHING } from '../courses/course.ts';
import { rank } from './rank.ts';
import { CRITERIA, type Criterion, DEFAULT_WEIGHTS, type Weights } from './weights.ts';

const VALUES: Readonly<Record<Criterion, number>> = {
  risk: 0.5,
  care: 0.5,
  time: 0.5,
  reversibility: 0.5,
  effort: 0.5,
  confidence: 0.5,
};

function course(id: string, values: Partial<Record<Criterion, number>> = {}, changes: Partial<Course> = {}): Course {
  const all = { ...VALUES, ...values };
  return {
    id,
    title: id,
    description: '',
    playbook: id,
    measures: [],
    values: all,
    likelihoodText: '',
    riskRange: [all.risk, all.risk],
    interference: 'none',
    care: { disturbance: 0, endangersLife: false, areas: [], unknownAssets: 0 },
    careText: '',
    careMinutes: null,
    minutesToEffect: null,
    workHours: [0, 0],
    costEuro: null,
    reversibility: 'at-once',
    approvers: [],
    cautions: [],
    reasons: [],
    learnt: null,
    basis: '',
    sources: [],
    ...changes,
  };
}

const order = (courses: readonly Course[], weights: Weights = DEFAULT_WEIGHTS) =>
  rank(courses, weights).courses.map(({ course: { id } }) => id);
const ENDANGERING = { disturbance: 0.8, endangersLife: true, areas: [], unknownAssets: 0 };

describe('The ranking of courses of action', () => {
  it('puts what averts more first, and follows the weights of the hospital', () => {
    const [bold, gentle] = [course('bold', { risk: 0.9, care: 0.3 }), course('gentle', { risk: 0.5, care: 0.9 })];
    expect(order([gentle, bold], { ...DEFAULT_WEIGHTS, risk: 80, care: 10 })).toEqual(['bold', 'gentle']);
    expect(order([bold, gentle], { ...DEFAULT_WEIGHTS, risk: 10, care: 80 })).toEqual(['gentle', 'bold']);
  });

  it('puts what endangers life after everything else, whatever its points', () => {
    const ranking = rank(
      [course('cut', { risk: 1, care: 1, time: 1 }, { care: ENDANGERING }), course(NOTHING, { risk: 0 })],
      DEFAULT_WEIGHTS,
    );
    expect(ranking.courses.map(({ course: { id } }) => id)).toEqual([NOTHING, 'cut']);
    expect(ranking.courses[1]?.explanation.join(' ')).toMatch(/life-sustaining.*clinical lead must agree/);
  });

  it('explains points by contributions that add up to them', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const valuesOf = fc.record({
      risk: value,
      care: value,
      time: value,
      reversibility: value,
      effort: value,
      confidence: value,
    });
    const weight = fc.integer({ min: 1, max: 100 });
    const weightsOf = fc.record({
      risk: weight,
      care: weight,
      time: weight,
      reversibility: weight,
      effort: weight,
      confidence: weight,
    });
    fc.assert(
      fc.property(fc.array(valuesOf, { minLength: 1, maxLength: 8 }), weightsOf, (all, weights) => {
        const { courses } = rank(
          all.map((values, index) => course(`c${index}`, values)),
          weights,
        );
        for (const { points, contributions } of courses) {
          const sum = contributions.reduce((total, each) => total + each.points, 0);
          expect(Math.abs(sum - points)).toBeLessThan(0.5);
          expect(points).toBeGreaterThanOrEqual(0);
          expect(points).toBeLessThanOrEqual(100);
        }
        expect(courses.map(({ points }) => points)).toEqual(
          courses.map(({ points }) => points).toSorted((a, b) => b - a),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('says which change of a weight would put another course level, and it would', () => {
    const courses = [course('bold', { risk: 0.9, care: 0.4 }), course('gentle', { risk: 0.6, care: 0.7 })];
    const { tippings, courses: ranked } = rank(courses, DEFAULT_WEIGHTS);
    expect(ranked[0]?.course.id).toBe('bold');
    const tipping = tippings.find(({ criterion }) => criterion === 'care');
    expect(tipping).toMatchObject({ from: 30, course: 'gentle' });
    const level = rank(courses, { ...DEFAULT_WEIGHTS, care: tipping?.to ?? 0 }).courses.map(({ points }) => points);
    expect(Math.abs((level[0] ?? 0) - (level[1] ?? 0))).toBeLessThan(0.1);
  });

  it('calls a first place close when the second may be better with other luck', () => {
    const sure = course('a', { risk: 0.6 }, { riskRange: [0.55, 0.65] });
    expect(rank([sure, course('b', { risk: 0.59 }, { riskRange: [0.3, 0.9] })], DEFAULT_WEIGHTS).verdict).toMatch(
      /is close/,
    );
    expect(rank([sure, course('b', { risk: 0.1 }, { riskRange: [0.05, 0.1] })], DEFAULT_WEIGHTS).verdict).toMatch(
      /least of its effect/,
    );
  });

  it('does not depend on the order in which courses come', () => {
    const courses = CRITERIA.map((criterion) => course(criterion, { [criterion]: 0.9 }));
    expect(order(courses.toReversed())).toEqual(order(courses));
  });
});
