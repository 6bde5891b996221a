import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsCondition } from './condition.ts';
import { type ColumnKinds, compileQuery } from './log-query.ts';
import { LogQueryError, parseQuery } from './parse-query.ts';

const COLUMNS: ColumnKinds = new Map([
  ...['raw', 'message', 'fields', 'actor_user', 'target_user', 'src_ip', 'src_ip_key', 'dst_ip', 'dst_ip_key'].map(
    (name) => [name, 'text'] as const,
  ),
  ...['status', 'device_ip', 'device_host', 'src_host', 'dst_host', 'service'].map((name) => [name, 'text'] as const),
  ...['dst_port', 'src_port', 'time'].map((name) => [name, 'integer'] as const),
  ['is_parsed', 'boolean'],
]);
const NOW = 1_790_000_000_000;
const ROW = {
  raw: 'Failed password for root from 10.1.2.3',
  message: 'Failed password',
  fields: '{"EventID":4625,"tags":["a","b"],"x.y":"Z"}',
  actor_user: 'k.wolf',
  target_user: '',
  src_ip: '10.1.2.3',
  src_ip_key: '00000000000000000000ffff0a010203',
  dst_ip: '',
  dst_ip_key: '',
  status: 'failure',
  dst_port: 443,
  time: NOW - 60_000,
  is_parsed: true,
};
const fits = (query: string) => {
  const condition = compileQuery(query, COLUMNS, NOW);
  return condition === undefined || fitsCondition(condition, ROW);
};

describe('A query', () => {
  it.each([
    ['', true],
    ['failed', true],
    ['FAILED root', true],
    ['"password for"', true],
    ['"password root"', false],
    ['pass*root', true],
    ['user:k.wolf', true],
    ['user:K.W*', true],
    ['user:wolf', false],
    ['status:failure AND NOT user:root', true],
    ['status:success OR dst_port:443', true],
    ['status:(success OR failure)', true],
    ['-status:failure', false],
    ['!status:success', true],
    ['NOT (status:failure dst_port:443)', false],
    ['dst_port>=443', true],
    ['dst_port:>443', false],
    ['dst_port:[400 TO 500]', true],
    ['dst_port:{443 TO 500}', false],
    ['dst_port:[* TO 443]', true],
    ['src_ip:10.0.0.0/8', true],
    ['ip:192.168.0.0/16', false],
    ['EventID:4625', true],
    ['EventID:>4624 x.y:z', true],
    ['tags:b', true],
    ['tags:c', false],
    ['target_user:*', false],
    ['actor_user:*', true],
    ['nothing:*', false],
    ['NOT nothing:here', true],
    ['is_parsed:true', true],
    ['time:>now-2m', true],
    ['time:<now-2m', false],
    ['time:[now-1h TO now]', true],
    ['and', false],
    ['raw:*from\\ 10*', true],
    ['status=failure', true],
  ])('"%s" fits the event: %s', (query, expected) => {
    expect(fits(query)).toBe(expected);
  });

  it.each([
    ['(status:x', 'This bracket never closes', 1],
    ['status:x)', 'A bracket closes that never opened', 9],
    ['"open', 'These quotes never close', 1],
    ['status:', 'Say a value behind status', 8],
    ['dst_port:[1 5]', 'Write a range as [1 TO 5]', 10],
    ['()', 'There is nothing between these brackets', 1],
    ['time:yesterday', '"yesterday" is no time', 1],
    ['src_ip:10.0.0.0/99', '10.0.0.0/99 is no network', 1],
    ['status:10.0.0.0/8', 'Networks are looked for in', 1],
  ])('"%s" is refused: %s, at character %d', (query, message, character) => {
    expect(() => fits(query)).toThrow(LogQueryError);
    expect(() => fits(query)).toThrow(new RegExp(`^${message.replace(/[()[\]]/g, '\\$&')}.*character ${character}\\)`));
  });

  it('may be anything: it is read or refused', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '"',
      ':',
      '*',
      'AND',
      'OR',
      'NOT',
      '-',
      ' ',
      'a',
      '[',
      'TO',
      ']',
      '>',
      '=',
      '\\',
      '!',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (query) => {
          try {
            fits(query);
          } catch (error) {
            if (!(error instanceof LogQueryError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds any text that is put into quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
        const node = parseQuery(`message:${quoted}`);
        expect(node).toMatchObject({ kind: 'term', value: { text, isExact: true } });
      }),
    );
  });

  it('nested without end is refused, not followed', () => {
    for (const query of ['('.repeat(5000), 'NOT '.repeat(2000), '-'.repeat(5000), 'a '.repeat(4000)]) {
      expect(() => fits(query)).toThrow(LogQueryError);
    }
  });
});
