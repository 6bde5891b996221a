import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCondition } from './condition.ts';

const VALUES = { __is_medical__: 'true', __beds__: '12', __kind__: 'infusion pump' };
const judge = (text: string) => judgeCondition(text, VALUES);

describe('A condition', () => {
  it('compares variables with texts and numbers', () => {
    expect(judge("__is_medical__:value = 'true'")).toEqual({ value: true });
    expect(judge("__is_medical__:value != 'true'")).toEqual({ value: false });
    expect(judge('__beds__:value > 9')).toEqual({ value: true });
    expect(judge("__beds__:value <= '11'")).toEqual({ value: false });
    expect(judge("__kind__:value LIKE 'infusion%'")).toEqual({ value: true });
    expect(judge("__kind__:value IN ('ventilator', 'infusion pump')")).toEqual({ value: true });
    expect(judge("__unknown__:value = ''")).toEqual({ value: true });
  });

  it('joins comparisons, AND before OR, and takes brackets', () => {
    expect(judge("__beds__ = 1 AND __beds__ = 2 OR __is_medical__ = 'true'")).toEqual({ value: true });
    expect(judge("__beds__ = 1 AND (__beds__ = 2 OR __is_medical__ = 'true')")).toEqual({ value: false });
    expect(judge('NOT __beds__ = 1')).toEqual({ value: true });
    expect(judge("[__is_medical__:value = 'true']")).toEqual({ value: true });
  });

  it('says what cannot be read instead of guessing', () => {
    expect(judge('__beds__ = ')).toHaveProperty('problem');
    expect(judge('(__beds__ = 1')).toHaveProperty('problem');
    expect(judge('__beds__ = 1 __kind__ = 2')).toHaveProperty('problem');
    expect(judge("'never closed")).toHaveProperty('problem');
  });

  it('never throws, whatever the text', () => {
    const token = fc.constantFrom(
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'IN',
      'LIKE',
      '=',
      '<',
      "'a'",
      '__beds__:value',
      ',',
      '[',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token, { maxLength: 200 }).map((all) => all.join(' ')),
        ),
        (text) => {
          const result = judge(text);
          expect('value' in result ? typeof result.value : typeof result.problem).toMatch(/boolean|string/);
        },
      ),
    );
  });
});
