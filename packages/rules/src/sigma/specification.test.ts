import { describe, expect, it } from 'vitest';
import { compileSigma } from './compile.ts';
import { SigmaDetector } from './detector.ts';
import { compile, matches, rejection, rule } from './test-rules.ts';

/* Statements of the Sigma specification 2.1 and 2.2 that no other test of this folder plays, by its documents and headings. */

const LOGSOURCE = { product: 'test' };
const failed = (head: string) => rule('s: { what: failed }\ncondition: s', head);
const worked = (head: string) => rule('s: { what: worked }\ncondition: s', head);
const together = (body: string) => `title: Together\nid: together\ncorrelation:\n${body.trim().replace(/^/gm, '  ')}\n`;

/** @returns ids told by events `[seconds, what, more fields]` in the order of their arrival */
function tell(files: readonly string[], events: readonly (readonly [number, string, object?])[]): readonly string[] {
  const compiled = compile(files);
  expect(compiled.report.rejected).toEqual([]);
  const detector = new SigmaDetector(compiled);
  return events.flatMap(([seconds, what, more = {}]) =>
    detector
      .detect({ what, user: 'anna', ...more }, seconds * 1000, LOGSOURCE)
      .map(({ rule: { id }, correlation }) => (correlation === undefined ? id : `${seconds} ${correlation.count}`)),
  );
}

describe('rules: "Escape Character"', () => {
  it.each([
    ['a\\\\\\b', 'a\\\\b'],
    ['a\\\\\\\\b', 'a\\\\b'],
    ['a\\\\b', 'a\\b'],
    ['a\\b', 'a\\b'],
    ['a\\\\\\*', 'a\\*'],
  ])('%s is the text %s', (written, text) => {
    expect(matches(`s: { f: '${written}' }\ncondition: s`, { f: text })).toBe(true);
  });

  it('two backslashes before a wildcard are a backslash and a wildcard', () => {
    expect(matches("s: { f: 'a\\\\*' }\ncondition: s", { f: 'a\\xyz' })).toBe(true);
    expect(matches("s: { f: 'a\\\\*' }\ncondition: s", { f: 'a*' })).toBe(false);
  });
});

describe('rules: "Lists", "Maps", "Field Usage", "Special Field Values"', () => {
  it('maps of a list are joined with or, elements of a map with and', () => {
    const detection = "s:\n  - { a: 1, b: 2 }\n  - 'c|contains': x\ncondition: s";
    expect(matches(detection, { a: 1, b: 2 })).toBe(true);
    expect(matches(detection, { c: 'axb' })).toBe(true);
    expect(matches(detection, { a: 1 })).toBe(false);
  });

  it('blanks of names of fields are taken out', () => {
    expect(matches('s: { SAMUserAccount: x }\ncondition: s', { 'SAM User Account': 'x' })).toBe(true);
  });

  it('null is a field that is not there, and not is its opposite', () => {
    const detection = 's: { id: 1 }\nfilter: { set: null }\ncondition: s and not filter';
    expect(matches(detection, { id: 1 })).toBe(false);
    expect(matches(detection, { id: 1, set: 'x' })).toBe(true);
  });
});

describe('rules: "Taxonomy"', () => {
  const head = (taxonomy: string, category: string) =>
    `title: T\ntaxonomy: ${taxonomy}\nlogsource: { category: ${category}, service: dns }\ndetection: { s: { dns.question.name: sigmahq }, condition: s }\n`;

  it('`ecs` is known of the category network, and of correlations over it', () => {
    const zeek = {
      title: 'Zeek',
      sources: [
        {
          logsource: { category: 'network', service: 'dns' },
          when: { _path: 'dns' },
          fields: { 'dns.question.name': 'query' },
        },
      ],
    };
    const { matcher, report } = compile([head('ecs', 'network')], [zeek]);
    expect(report.rejected).toEqual([]);
    expect(matcher.match({ _path: 'dns', query: 'sigmahq' })).toHaveLength(1);
    const counted = `title: Many\nid: many\ntaxonomy: ecs\ncorrelation: { type: event_count, rules: [q], group-by: [dns.question.name], timespan: 1h, condition: { gte: 100 } }\n`;
    expect(compile([`${head('ecs', 'network')}name: q\n`, counted]).report.rejected).toEqual([]);
  });

  it('any other that no pipeline turns into `sigma` rejects the rule', () => {
    expect(compile([head('ecs', 'process_creation')]).report.rejected[0]?.reason).toContain("taxonomy: 'ecs'");
    expect(compile([head('ours', 'network')]).report.rejected[0]?.reason).toContain("taxonomy: 'ours'");
  });
});

describe('rules: "Name", correlations: "Related rules", "Aliases"', () => {
  const counts = together('type: event_count\nrules: [login]\ngroup-by: [user]\ntimespan: 1m\ncondition: { gte: 2 }');

  it('a name means the rule of the same file, whatever other packs call so', () => {
    const files = [
      { name: 'one.yml', content: `${failed('name: login\nid: f1')}---\n${counts}` },
      { name: 'two.yml', content: worked('name: login\nid: w1') },
    ];
    const compiled = compileSigma(files, []);
    expect(compiled.report.rejected).toEqual([]);
    const detector = new SigmaDetector(compiled);
    const ids = ['worked', 'failed', 'worked', 'failed'].flatMap((what, second) =>
      detector.detect({ what, user: 'anna' }, second * 1000, LOGSOURCE).map((each) => each.rule.id),
    );
    expect(ids).toEqual(['w1', 'w1', 'together']);
  });

  it('a name that several rules of other files have is refused', () => {
    const { report } = compile([failed('name: login\nid: f1'), worked('name: login\nid: w1'), counts]);
    expect(report.rejected[0]?.reason).toContain("several rules have the name 'login'");
  });

  it('rules named by id may be named by name in aliases and in the condition, and the other way round', () => {
    const rules = [failed('name: fail\nid: f1'), worked('name: work\nid: w1')];
    const body = (names: string, condition: string, [a, b]: readonly [string, string]) =>
      together(
        `type: temporal\nrules: ${names}\ngroup-by: [address]\ntimespan: 1m\ncondition: ${condition}\naliases: { address: { ${a}: src, ${b}: dst } }`,
      );
    const events = [
      [0, 'failed', { src: '10.0.0.1' }],
      [1, 'worked', { dst: '10.0.0.1' }],
    ] as const;
    expect(tell([...rules, body('[f1, w1]', 'fail and work', ['fail', 'work'])], events)).toEqual(['1 2']);
    expect(tell([...rules, body('[fail, work]', 'f1 and w1', ['f1', 'w1'])], events)).toEqual(['1 2']);
    const { report } = compile([...rules, body('[f1]', 'fail', ['fail', 'work'])]);
    expect(report.rejected[0]?.reason).toContain("alias 'address' names 'work', which 'rules' does not");
    const wrong = compile([...rules, together('type: temporal\nrules: [f1]\ntimespan: 1m\ncondition: work')]);
    expect(wrong.report.rejected[0]?.reason).toContain("the condition names 'work'");
  });
});

describe('correlations: "Condition", "Ordered Temporal Proximity", "Compatibility"', () => {
  const rules = [failed('id: f1'), worked('id: w1'), rule('s: { what: left }\ncondition: s', 'id: l1')];
  const ordered = (more: string) =>
    together(`type: temporal_ordered\nrules: [f1, w1, l1]\ngroup-by: [user]\ntimespan: 1m\n${more}`);

  it('a number is how many of the rules came, of an order in its order', () => {
    const two = ordered('condition: { gte: 2 }');
    expect(
      tell(
        [...rules, two],
        [
          [0, 'failed'],
          [1, 'left'],
        ],
      ),
    ).toEqual(['1 2']);
    expect(
      tell(
        [...rules, two],
        [
          [0, 'left'],
          [1, 'failed'],
          [2, 'left'],
        ],
      ),
    ).toEqual(['2 3']);
    expect(
      tell(
        [...rules, two],
        [
          [0, 'left'],
          [1, 'worked'],
          [2, 'failed'],
        ],
      ),
    ).toEqual([]);
    const any = together('type: temporal\nrules: [f1, w1, l1]\ngroup-by: [user]\ntimespan: 1m\ncondition: { gte: 2 }');
    expect(
      tell(
        [...rules, any],
        [
          [0, 'left'],
          [1, 'failed'],
        ],
      ),
    ).toEqual(['1 2']);
  });

  it('the order is that of the events, not that in which they are collected', () => {
    const all = ordered('');
    expect(
      tell(
        [...rules, all],
        [
          [20, 'left'],
          [0, 'failed'],
          [10, 'worked'],
        ],
      ),
    ).toEqual(['10 3']);
    expect(
      tell(
        [...rules, all],
        [
          [10, 'failed'],
          [5, 'worked'],
          [20, 'left'],
        ],
      ),
    ).toEqual([]);
    expect(
      tell(
        [...rules, all],
        [
          [10, 'failed'],
          [20, 'worked'],
          [15, 'failed'],
          [30, 'left'],
        ],
      ),
    ).toEqual(['30 3']);
    // An older log that is read after a newer one.
    expect(
      tell(
        [...rules, all],
        [
          [900, 'failed'],
          [0, 'failed'],
          [10, 'worked'],
          [20, 'left'],
        ],
      ),
    ).toEqual(['20 3']);
  });

  it('an event that comes late counts with those before it, not with what came long after', () => {
    const many = together('type: event_count\nrules: [f1]\ngroup-by: [user]\ntimespan: 1m\ncondition: { gte: 3 }');
    expect(
      tell(
        [...rules, many],
        [
          [900, 'failed'],
          [905, 'failed'],
          [0, 'failed'],
        ],
      ),
    ).toEqual([]);
    expect(
      tell(
        [...rules, many],
        [
          [0, 'failed'],
          [20, 'failed'],
          [10, 'failed'],
          [30, 'failed'],
        ],
      ),
    ).toEqual(['10 3']);
  });

  it('tags are read', () => {
    const tagged = `${ordered('')}tags: [attack.t1110]\n`;
    expect(compile([...rules, tagged]).report.loaded.at(-1)?.tags).toEqual(['attack.t1110']);
  });
});

describe('filters: "Relative rules"', () => {
  it('a filter that names none is refused, `any` means all', () => {
    const filter = (rules: string) =>
      `title: F\nid: f\nlogsource: { product: test }\nfilter:\n${rules}  selection: { user: anna }\n  condition: selection\n`;
    const { report } = compile([failed('id: f1'), filter('')]);
    expect(report.rejected[0]?.reason).toContain("'rules' is missing");
    expect(tell([failed('id: f1'), filter('  rules: any\n')], [[0, 'failed']])).toEqual([]);
  });

  it('a filter by a name that several rules have is refused', () => {
    const filter =
      'title: F\nid: f\nlogsource: { product: test }\nfilter: { rules: [login], selection: { user: anna }, condition: selection }\n';
    const { report } = compile([failed('name: login\nid: f1'), worked('name: login\nid: w1'), filter]);
    expect(report.rejected[0]?.reason).toContain('several rules');
  });
});

describe('modifiers', () => {
  it('`neq` is other than each of several values, and goes with `fieldref`', () => {
    const several = "s: { 'f|neq': [a, b] }\ncondition: s";
    expect(['a', 'B', 'c'].map((f) => matches(several, { f }))).toEqual([false, false, true]);
  });

  it('`exists` asks only whether the field is there, whatever its value', () => {
    for (const value of ['', null, 0, 'x']) {
      expect(matches("s: { 'f|exists': true }\ncondition: s", { f: value })).toBe(true);
    }
  });

  it('`re` sees capitals unless it is told otherwise, everything else does not', () => {
    expect(matches("s: { 'f|re': 'Ab' }\ncondition: s", { f: 'ab' })).toBe(false);
    expect(matches("s: { f: 'Ab' }\ncondition: s", { f: 'ab' })).toBe(true);
  });

  it('`expand` leaves a percent sign behind a backslash as it is', () => {
    const ours = { title: 'Ours', placeholders: { name: ['x'] } };
    const detection = "s: { 'f|expand': '\\%plain%name%' }\ncondition: s";
    expect(matches(detection, { f: '%plainx' }, [ours])).toBe(true);
    expect(rejection(detection)).toContain('%name%');
  });
});
