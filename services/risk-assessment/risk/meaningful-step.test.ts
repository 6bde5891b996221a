import type { RiskFigures } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { isMeaningfulStep, mayBeMeaningful } from './meaningful-step.ts';

const of = (points: number, level: RiskFigures['level'] = 'low'): RiskFigures => ({ probability: 0.1, level, points });

describe('a step of risk that others hear of', () => {
  it.each([
    ['the first that says something', undefined, of(1.2), true],
    ['no first that says nothing', undefined, of(0.2, 'very-low'), false],
    ['another level', of(9), of(10.5, 'moderate'), true],
    ['no flicker across the border of a level', of(9.6), of(10.1, 'moderate'), false],
    ['much more', of(20), of(26), true],
    ['half as much again', of(3), of(4.6), true],
    ['much less, as when evidence is gone', of(40, 'high'), of(0.1, 'very-low'), true],
    ['no fading within a level', of(20), of(18.4), false],
  ])('is %s', (_name, before, now, isStep) => {
    expect(isMeaningfulStep(before, now)).toBe(isStep);
    if (isStep) expect(mayBeMeaningful(before, now.points)).toBe(true);
  });
});
