import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGrok } from './grok.ts';
import { GrokError } from './parse-pattern.ts';

const match = (pattern: string, line: string, named: Record<string, string> = {}) => {
  const found = compileGrok(pattern, new Map(Object.entries(named))).match(line);
  return found === undefined ? undefined : { ...found };
};

describe('A pattern', () => {
  it('gives its fields of a line that fits from beginning to end', () => {
    expect(match('%{WORD:verb} %{IP:ip}:%{INT:port}', 'from 10.1.2.3:443')).toEqual({
      verb: 'from',
      ip: '10.1.2.3',
      port: '443',
    });
    expect(match('%{WORD:verb}', 'from here')).toBeUndefined();
  });

  it('takes text up to what follows, first or last, and any number of blanks for one', () => {
    expect(match('for %{TEXT:user} from %{REST:ip}', 'for  a from b from c')).toEqual({ user: 'a', ip: 'b from c' });
    expect(match('for %{LASTTEXT:user} from %{REST:ip}', 'for a from b from c')).toEqual({ user: 'a from b', ip: 'c' });
  });

  it('takes what may be missing where it is there, and the first of several that fits', () => {
    const pattern = '%{WORD:a}( \\[%{INT:n}\\])?( (up|down %{WORD:why}))?';
    expect(match(pattern, 'x')).toEqual({ a: 'x' });
    expect(match(pattern, 'x [7] down fire')).toEqual({ a: 'x', n: '7', why: 'fire' });
    expect(match(pattern, 'x up')).toEqual({ a: 'x' });
    expect(match(pattern, 'x [y]')).toBeUndefined();
  });

  it('forgets the fields of a way that did not fit', () => {
    expect(match('(%{WORD:a} %{INT:b}|%{WORD:c} %{WORD:d})', 'x y')).toEqual({ c: 'x', d: 'y' });
  });

  it('reads addresses with what stands behind them, quotes without theirs, and named patterns', () => {
    expect(match('%{IP:ip}: %{QUOTED:q}', '2001:db8::1: "a \\"b\\" c"')).toEqual({ ip: '2001:db8::1', q: 'a "b" c' });
    expect(match('%{IP:ip}.', '10.0.0.1.')).toEqual({ ip: '10.0.0.1' });
    expect(match('%{IP:ip}', '10.0.0.999')).toBeUndefined();
    expect(match('%{END:all} %{INT}', '10.0.0.1/80 5', { END: '%{IP:ip}/%{INT:port}' })).toEqual({
      all: '10.0.0.1/80',
      ip: '10.0.0.1',
      port: '80',
    });
  });

  it.each([
    ['%{NOTHING:x}', /no type or pattern NOTHING/],
    ['%{WORD', /is no %\{TYPE:field\}/],
    ['(a', /never closes/],
    ['a)', /never opened/],
    ['%{TEXT:a}%{WORD:b}', /Put a text behind %\{TEXT\}/],
    ['a\\', /ends with a backslash/],
  ])('that is "%s" is refused with its reason', (pattern, reason) => {
    expect(() => compileGrok(pattern)).toThrow(reason);
  });

  it('that names itself, or more than there is room for, is refused', () => {
    expect(() => match('%{A}', '', { A: '%{B}', B: '%{A}' })).toThrow(/names itself/);
    const bombs = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`P${n}`, n === 9 ? 'x' : `%{P${n + 1}}`.repeat(10)]),
    );
    expect(() => match('%{P0}', '', bombs)).toThrow(/too large/);
  });

  it('ends whatever pattern and line say', () => {
    const piece = fc.constantFrom(
      '%{TEXT:a}',
      '%{WORD:b}',
      '%{NOTSPACE:c}',
      '(',
      ')',
      ')?',
      '|',
      ' ',
      'x',
      '%{IP:d}',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.string({ maxLength: 300 }), (pieces, line) => {
        try {
          compileGrok(pieces.join('')).match(line);
        } catch (error) {
          if (!(error instanceof GrokError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('looks at a line that would drive expressions mad once', () => {
    const pattern = compileGrok(`${'(%{NOTSPACE:a} )?'.repeat(30)}%{TEXT:b} end%{INT:c}`);
    expect(pattern.match(`${'a '.repeat(100_000)}end`)).toBeUndefined();
  });
});
