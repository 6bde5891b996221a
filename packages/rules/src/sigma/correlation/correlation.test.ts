import { describe, expect, it } from 'vitest';
import { SigmaDetector } from '../detector.ts';
import { compile, rule } from '../test-rules.ts';

const LOGSOURCE = { product: 'test' };
const FAILED = rule('s: { what: failed }\ncondition: s', 'name: failed_login\nid: f1');
const WORKED = rule('s: { what: worked }\ncondition: s', 'name: successful_login\nid: w1');
const LEFT = rule('s: { what: left }\ncondition: s', 'name: left\nid: l1');

function correlation(body: string, head = 'title: Together\nid: together'): string {
  return `${head}\ncorrelation:\n${body.trim().replace(/^/gm, '  ')}\n`;
}

/** @returns what a sequence of `[seconds, what, user]` makes the rules tell: `seconds id count` */
function tell(
  files: readonly string[],
  events: readonly (readonly [number, string, string?, object?])[],
  until?: number,
): readonly string[] {
  const compiled = compile(files);
  expect(compiled.report.rejected).toEqual([]);
  const detector = new SigmaDetector(compiled);
  const told = events.flatMap(([seconds, what, user = 'anna', more = {}]) =>
    detector
      .detect({ what, user, ...more }, seconds * 1000, LOGSOURCE)
      .map(({ rule: each, correlation: of }) => `${seconds} ${each.id}${of === undefined ? '' : ` ${of.count}`}`),
  );
  const ended =
    until === undefined
      ? []
      : detector.advance(until * 1000).map((each) => `end ${each.rule.id} ${each.correlation?.count}`);
  return [...told, ...ended];
}

describe('event_count', () => {
  const many = correlation(
    'type: event_count\nrules: [failed_login]\ngroup-by: [user]\ntimespan: 1m\ncondition: { gte: 3 }',
  );

  it('tells when enough events of one group come within the timespan, and then begins anew', () => {
    const events = [0, 10, 20, 30, 40, 50].map((seconds) => [seconds, 'failed'] as const);
    expect(tell([FAILED, many], events)).toEqual(['20 together 3', '50 together 3']);
  });

  it('does not count across groups, nor what is too old', () => {
    expect(
      tell(
        [FAILED, many],
        [
          [0, 'failed', 'anna'],
          [1, 'failed', 'berta'],
          [2, 'failed', 'carl'],
        ],
      ),
    ).toEqual([]);
    expect(
      tell(
        [FAILED, many],
        [
          [0, 'failed'],
          [40, 'failed'],
          [80, 'failed'],
          [160, 'failed'],
        ],
      ),
    ).toEqual([]);
  });

  it('leaves out events without a value to group by', () => {
    const compiled = compile([FAILED, many]);
    const detector = new SigmaDetector(compiled);
    for (let second = 0; second < 5; second++)
      expect(detector.detect({ what: 'failed' }, second * 1000, LOGSOURCE)).toEqual([]);
  });

  it('also tells of single events where it says so', () => {
    expect(tell([FAILED, many.replace('type:', 'generate: true\n  type:')], [[0, 'failed']])).toEqual(['0 f1']);
  });

  it('with an upper bound is judged when the timespan is over', () => {
    const few = many.replace('{ gte: 3 }', '{ gte: 1, lt: 3 }');
    expect(
      tell(
        [FAILED, few],
        [
          [0, 'failed'],
          [10, 'failed'],
        ],
        120,
      ),
    ).toEqual(['end together 2']);
    expect(
      tell(
        [FAILED, few],
        [
          [0, 'failed'],
          [10, 'failed'],
          [20, 'failed'],
        ],
        120,
      ),
    ).toEqual([]);
  });
});

describe('correlations of values', () => {
  const of = (type: string, condition: string) =>
    correlation(`type: ${type}\nrules: [f1]\ngroup-by: [user]\ntimespan: 1m\ncondition: { field: n, ${condition} }`);
  const events = (...numbers: readonly unknown[]) =>
    numbers.map((n, index) => [index, 'failed', 'anna', { n }] as const);

  it.each<[string, string, readonly unknown[], string]>([
    ['value_count', 'gte: 3', ['a', 'A', 'b', 'c'], '3 together 4'],
    ['value_sum', 'gt: 100', [50, 50, '1'], '2 together 3'],
    ['value_avg', 'gt: 10', [5, 10, 30], '2 together 3'],
    ['value_max', 'gte: 9', [1, 9], '1 together 2'],
    ['value_min', 'lte: 2', [5, 2], '1 together 2'],
    ['value_median', 'gte: 5', [1, 2, 9, 9], '3 together 4'],
    ['value_percentile', 'percentile: 90, gt: 50', [1, 2, 100], '2 together 3'],
    ['value_percentile', 'lte: 25', ['a', 'a', 'a', 'b'], '3 together 4'],
  ])('%s { %s } on %j', (type, condition, numbers, expected) => {
    expect(tell([FAILED, of(type, condition)], events(...numbers))).toEqual([expected]);
  });
});

describe('temporal correlations', () => {
  const all = correlation('type: temporal\nrules: [failed_login, successful_login]\ngroup-by: [user]\ntimespan: 1m');

  it('tell when all rules have matched in any order, for the same group', () => {
    expect(
      tell(
        [FAILED, WORKED, all],
        [
          [0, 'worked'],
          [30, 'failed'],
        ],
      ),
    ).toEqual(['30 together 2']);
    expect(
      tell(
        [FAILED, WORKED, all],
        [
          [0, 'worked', 'berta'],
          [30, 'failed'],
        ],
      ),
    ).toEqual([]);
    expect(
      tell(
        [FAILED, WORKED, all],
        [
          [0, 'worked'],
          [70, 'failed'],
        ],
      ),
    ).toEqual([]);
  });

  it('in order tell only of that order', () => {
    const ordered = all.replace('temporal', 'temporal_ordered');
    expect(
      tell(
        [FAILED, WORKED, ordered],
        [
          [0, 'worked'],
          [30, 'failed'],
        ],
      ),
    ).toEqual([]);
    expect(
      tell(
        [FAILED, WORKED, ordered],
        [
          [0, 'failed'],
          [30, 'worked'],
        ],
      ),
    ).toEqual(['30 together 2']);
    expect(
      tell(
        [FAILED, WORKED, ordered],
        [
          [0, 'failed'],
          [70, 'worked'],
        ],
      ),
    ).toEqual([]);
  });

  it('take a number of rules, or an expression over them', () => {
    const some = all.replace('[failed_login, successful_login]', '[failed_login, successful_login, left]');
    expect(
      tell(
        [FAILED, WORKED, LEFT, `${some}  condition: { gte: 2 }\n`],
        [
          [0, 'left'],
          [1, 'failed'],
        ],
      ),
    ).toEqual(['1 together 2']);
    const either = `${some}  condition: failed_login and (successful_login or left)\n`;
    expect(
      tell(
        [FAILED, WORKED, LEFT, either],
        [
          [0, 'left'],
          [1, 'failed'],
        ],
      ),
    ).toEqual(['1 together 2']);
    const without = `${some}  condition: failed_login and not left\n`;
    expect(tell([FAILED, WORKED, LEFT, without], [[0, 'failed']], 120)).toEqual(['end together 1']);
    expect(
      tell(
        [FAILED, WORKED, LEFT, without],
        [
          [0, 'failed'],
          [5, 'left'],
        ],
        120,
      ),
    ).toEqual([]);
  });

  it('compare fields of different names by aliases', () => {
    const aliased = correlation(`type: temporal
rules: [failed_login, successful_login]
group-by: [address]
timespan: 1m
aliases: { address: { failed_login: src, successful_login: dst } }`);
    const [from, to] = [{ src: '10.0.0.1' }, { dst: '10.0.0.1' }];
    expect(
      tell(
        [FAILED, WORKED, aliased],
        [
          [0, 'failed', 'a', from],
          [1, 'worked', 'b', to],
        ],
      ),
    ).toEqual(['1 together 2']);
    expect(
      tell(
        [FAILED, WORKED, aliased],
        [
          [0, 'failed', 'a', from],
          [1, 'worked', 'b', { dst: '10.0.0.2' }],
        ],
      ),
    ).toEqual([]);
  });

  it('build on one another, in whatever order the file has them', () => {
    const chained = `${correlation('type: temporal_ordered\nrules: [many, successful_login]\ngroup-by: [user]\ntimespan: 10m')}---
${correlation('type: event_count\nrules: [failed_login]\ngroup-by: [user]\ntimespan: 1m\ncondition: { gte: 3 }', 'title: Many\nname: many\nid: m1')}---
${FAILED}---
${WORKED}`;
    const attempts = [0, 1, 2].map((seconds) => [seconds, 'failed'] as const);
    expect(tell([chained], [...attempts, [30, 'worked']])).toEqual(['30 together 2']);
    expect(tell([chained], [...attempts, [30, 'worked', 'berta']])).toEqual([]);
  });
});

describe('a correlator', () => {
  it('forgets the groups that were quiet longest when there are too many, and counts them', () => {
    const many = correlation('type: event_count\nrules: [f1]\ngroup-by: [user]\ntimespan: 1h\ncondition: { gte: 2 }');
    const detector = new SigmaDetector(compile([FAILED, many]), { maximumGroups: 10, maximumOccurrences: 5 });
    for (let user = 0; user < 100; user++) detector.detect({ what: 'failed', user }, 0, LOGSOURCE);
    expect(detector.forgottenGroups).toBe(90);
    expect(detector.detect({ what: 'failed', user: 99 }, 1, LOGSOURCE)).toHaveLength(1);
    expect(detector.detect({ what: 'failed', user: 0 }, 1, LOGSOURCE)).toHaveLength(0);
  });
});

describe('a correlation rule that cannot match', () => {
  it.each([
    ['type: event_count\nrules: [nobody]\ntimespan: 1m\ncondition: { gte: 3 }', 'nobody'],
    ['type: event_count\nrules: [f1]\ntimespan: 1w\ncondition: { gte: 3 }', 'timespan'],
    ['type: event_count\nrules: [f1]\ntimespan: 1m', 'condition'],
    ['type: event_count\nrules: [f1]\ntimespan: 1m\ncondition: { more: 3 }', 'more'],
    ['type: value_count\nrules: [f1]\ntimespan: 1m\ncondition: { gte: 3 }', 'field'],
    ['type: sometimes\nrules: [f1]\ntimespan: 1m', 'sometimes'],
    ['type: temporal\nrules: [together]\ntimespan: 1m', 'refers back'],
    ['type: temporal_ordered\nrules: [f1, w1]\ntimespan: 1m\ncondition: f1 or w1', 'order'],
  ])('is rejected with its reason (%#)', (body, reason) => {
    const { report } = compile([FAILED, WORKED, correlation(body)]);
    expect(report.rejected[0]?.reason).toContain(reason);
  });
});

describe('a filter', () => {
  const filter = (rules: string, condition: string) =>
    `title: Ours\nid: filter\nlogsource: { product: test }\nfilter:\n  rules: ${rules}\n  selection: { 'user|startswith': adm_ }\n  condition: ${condition}\n`;

  it.each(['selection', 'not selection'])('takes events out of the rules that it names (`%s`)', (condition) => {
    const files = [FAILED, WORKED, filter('[f1]', condition)];
    expect(
      tell(files, [
        [0, 'failed', 'adm_a'],
        [1, 'failed', 'anna'],
        [2, 'worked', 'adm_a'],
      ]),
    ).toEqual(['1 f1', '2 w1']);
  });

  it('may concern every rule of its log source', () => {
    expect(
      tell(
        [FAILED, WORKED, filter('any', 'selection')],
        [
          [0, 'failed', 'adm_a'],
          [2, 'worked', 'adm_a'],
        ],
      ),
    ).toEqual([]);
  });

  it('that concerns no rule is told', () => {
    expect(compile([FAILED, filter('[other]', 'selection')]).report.rejected[0]?.reason).toContain('no rule');
  });
});
