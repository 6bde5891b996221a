import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleError } from '../rule-error.ts';
import { parsePcre } from './pcre.ts';

const find = (expression: string, text: string) => {
  const match = parsePcre(`"${expression}"`).find(text, 0);
  return match === undefined ? undefined : text.slice(match.start, match.end);
};

describe('an expression of PCRE', () => {
  it.each([
    ['/a.c/', 'a\nc', undefined],
    ['/a.c/s', 'a\nc', 'a\nc'],
    ['/^b/m', 'a\nb', 'b'],
    ['/a$/', 'a\n', 'a'],
    ['/a$/E', 'a\n', undefined],
    ['/A b/xi', 'ab', 'ab'],
    ['/\\x2f\\d+\\.(?:exe|dll)/', '/12.dll', '/12.dll'],
    ['/[[:upper:]\\]-]+/', 'xA]-', 'A]-'],
    ['/\\Qa.b\\E+/', 'a.bb', 'a.bb'],
    ['/a+?b??/', 'aab', 'a'],
    ['/a+b/G', 'aaab', 'aaab'],
    ['/(?i)ab(?-i)c/', 'ABc', 'ABc'],
    ['/a(?i:b)c/', 'aBc', 'aBc'],
    ['/\\bfoo\\b/', 'a foo.', 'foo'],
    ['/(?<=x)y(?!z)/', 'yxyz xy', 'y'],
    ['/x{2,3}/', 'xxxx', 'xxx'],
    ['/x{,3}/', 'x{,3}', 'x{,3}'],
    ['/\\xe9/i', '\u00c9', undefined],
  ])('means what pcre2pattern says: %s', (expression, text, expected) => {
    expect(find(expression, text)).toBe(expected);
  });

  it.each([
    ['/(["\\x27])a\\1/', '"a\x27 \x27a\x27', '\x27a\x27'],
    ['/(?P<q>["])?a(?P=q)b/', 'ab', undefined],
    ['/(?P<q>["])?a(?P=q)b/', '"a"b', '"a"b'],
    ['/(a)?(?(1)b|c)/', 'ab', 'ab'],
    ['/(a)?(?(1)b|c)/', 'c', 'c'],
    ['/(?>a+)ab/', 'aaab', undefined],
    ['/a++b/', 'aab', 'aab'],
    ['/(?:(a)|b)*\\1/', 'aba', 'aba'],
    ['/(ab?)\\g{-1}/', 'abab', 'abab'],
    ['/(.)\\1/i', 'xyZz', 'Zz'],
  ])('has references, conditions and atomic groups as PCRE has them: %s on %s', (expression, text, expected) => {
    expect(find(expression, text)).toBe(expected);
  });

  it.each(['/(a+)+$/', '/(?=a)(a+)+\\x0a/', '/(a|aa)+\\1c/', '/((a*)*)*b/'])(
    'ends soon on bytes made against it: %s',
    (expression) => {
      expect(find(expression, `${'a'.repeat(3000)}!`)).toBeUndefined();
    },
  );

  it('is compiled or refused with a reason, whatever is written', () => {
    const piece = fc.constantFrom(
      ...'abc.*+?()[]{}|^$\\1-,x<>=!:P&#',
      '(?',
      '(?:',
      '\\x',
      '[^',
      '{2,}',
      '(?P<a>',
      '\\b',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.string({ maxLength: 30 }), (pieces, text) => {
        let pattern: ReturnType<typeof parsePcre>;
        try {
          pattern = parsePcre(`"/${pieces.join('')}/"`);
        } catch (error) {
          expect(error).toBeInstanceOf(RuleError);
          return;
        }
        const match = pattern.find(Buffer.from(text).toString('latin1'), 0);
        if (match !== undefined) expect(match.end).toBeGreaterThanOrEqual(match.start);
      }),
      { numRuns: 5000 },
    );
  });

  it('finds the same on both engines', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '[ab]',
      '(a|b)',
      'a*',
      'b+?',
      '(?:ab)?',
      '^',
      '$',
      '\\b',
      '(?=b)',
      '.{1,2}',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.stringMatching(/^[ab\n]{0,8}$/),
        (pieces, text) => {
          const source = pieces.join('');
          // An atomic group of nothing moves the expression to the engine that backtracks by itself.
          expect(find(`/${source}(?>)/`, text)).toBe(find(`/${source}/`, text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
