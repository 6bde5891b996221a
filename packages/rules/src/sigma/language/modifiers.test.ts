import { describe, expect, it } from 'vitest';
import { compile, matches, rejection, rule } from '../test-rules.ts';

/** Whether `field: value` with modifiers matches an event whose `f` holds this. */
const fits = (key: string, value: string, held: unknown) =>
  matches(`s: { '${key}': ${value} }\ncondition: s`, { f: held });

describe('a value of a rule', () => {
  it.each<[string, string, unknown, boolean]>([
    ['f', "'Cmd.exe'", 'cmd.EXE', true],
    ['f', "'cmd.exe'", 'cmd.exe ', false],
    ['f', "'*\\cmd.exe'", 'C:\\Windows\\cmd.exe', true],
    ['f', "'prog?.exe'", 'progA.exe', true],
    ['f', "'prog?.exe'", 'prog.exe', false],
    ['f', "'a*b*c'", 'a1b2c', true],
    ['f', "'a*b*c'", 'acb', false],
    ['f', "'100\\*'", '100*', true],
    ['f', "'100\\*'", '1000', false],
    ['f', "'C:\\\\*'", 'C:\\x', true],
    ['f', "'a\\b'", 'a\\b', true],
    ['f', "'a\\\\b'", 'a\\b', true],
    ['f', "'a\\\\\\*'", 'a\\*', true],
    ['f', "'\\\\\\\\srv'", '\\\\srv', true],
    ['f', "'*'", 'anything', true],
    ['f', "''", '', true],
    ['f', "''", 'x', false],
    ['f', 'null', null, true],
    ['f', 'null', '', false],
    ['f', '4624', '4624', true],
    ['f', '4624', 4624, true],
    ['f', '999', '0x3e7', true],
    ['f', 'true', true, true],
    ['f', 'true', 'True', true],
    ['f', '[a, b]', 'b', true],
    ['f', "'ä*'", 'ÄRZTE', true],
  ])('`%s: %s` on %j: %s', (key, value, held, expected) => expect(fits(key, value, held)).toBe(expected));

  it('fits when one of several values of a field does', () => {
    expect(fits('f', 'b', ['a', 'b'])).toBe(true);
    expect(fits('f|contains|all', '[a, b]', ['a', 'b'])).toBe(true);
  });
});

describe('a modifier', () => {
  it.each<[string, string, unknown, boolean]>([
    ['f|contains', "'user'", 'net USER x', true],
    ['f|startswith', "'net'", 'net user', true],
    ['f|startswith', "'net'", 'inet', false],
    ['f|endswith', "'.exe'", 'a.EXE', true],
    ['f|endswith', "'.exe'", 'a.exe.txt', false],
    ['f|contains', "'a?c'", 'xxabcxx', true],
    ['f|contains|all', '[user, add]', 'net user x /add', true],
    ['f|contains|all', '[user, add]', 'net user x', false],
    ['f|cased', "'Cmd'", 'cmd', false],
    ['f|contains|cased', "'Cmd'", 'a Cmd', true],
    ['f|neq', '5', 6, true],
    ['f|neq', '5', 5, false],
    ['f|exists', 'true', '', true],
    ['f|exists', 'false', '', false],
    ['f|base64', "'foobar'", 'Zm9vYmFy', true],
    ['f|base64offset|contains', "'http://'", `x ${Buffer.from('12http://a').toString('base64')}`, true],
    ['f|base64offset|contains', "'http://'", `x ${Buffer.from('1http://a').toString('base64')}`, true],
    ['f|base64offset|contains', "'http://'", 'aHR0cDovL', true],
    ['f|wide|base64offset|contains', "'ping'", Buffer.from('a ping b', 'utf16le').toString('base64'), true],
    ['f|utf16le|base64', "'cmd'", 'YwBtAGQA', true],
    ['f|utf16be|base64', "'cmd'", 'AGMAbQBk', true],
    ['f|utf16|base64', "'cmd'", '//5jAG0AZAA=', true],
    ['f|windash|contains', "' -f '", 'x /f y', true],
    ['f|windash|contains', "' /f '", 'x –f y', true],
    ['f|contains|windash', "' -f '", 'x —f y', true],
    ['f|windash|contains', "'a-b'", 'a/b', false],
    ['f|re', "'a+b$'", 'xxaab', true],
    ['f|re', "'a+b$'", 'xxaaB', false],
    ['f|re|i', "'A+b'", 'xxaaB', true],
    ['f|re', "'(?i)a[b-d]'", 'AC', true],
    ['f|re', "'a.b'", 'a\nb', false],
    ['f|re|s', "'a.b'", 'a\nb', true],
    ['f|re|m', "'^b$'", 'a\nb\nc', true],
    ['f|re', "'^b$'", 'a\nb\nc', false],
    ['f|cidr', "'10.20.0.0/16'", '10.20.3.4', true],
    ['f|cidr', "'10.20.0.0/16'", '10.21.3.4', false],
    ['f|cidr', "'2001:db8::/32'", '2001:db8:1::5', true],
    ['f|cidr', "'2001:db8::/32'", 'no address', false],
    ['f|gt', '5', '6', true],
    ['f|gt', '5', 5, false],
    ['f|gte', '5', 5, true],
    ['f|lt', '5', '0x4', true],
    ['f|lte', '5', 'five', false],
    ['f|hour', '3', '2026-11-30T03:20:00Z', true],
    ['f|minute', '20', '2026-11-30 03:20', true],
    ['f|day', '30', '2026-11-30', true],
    ['f|week', '49', '2026-11-30', true],
    ['f|month', '11', '2026/11/30', true],
    ['f|year', '2026', 1_796_000_000, true],
    ['f|hour|gte', '22', '2026-11-30T23:20:00Z', true],
  ])('`%s: %s` on %j: %s', (key, value, held, expected) => expect(fits(key, value, held)).toBe(expected));

  it('`fieldref` compares with another field of the event', () => {
    const detection = (modifiers: string) => `s: { 'f|fieldref${modifiers}': g }\ncondition: s`;
    expect(matches(detection(''), { f: 'Anna', g: 'anna' })).toBe(true);
    expect(matches(detection('|neq'), { f: 'Anna', g: 'Berta' })).toBe(true);
    expect(matches(detection('|startswith'), { f: 'anna.x', g: 'anna' })).toBe(true);
    expect(matches(detection(''), { f: 'Anna' })).toBe(false);
  });

  it('`expand` puts in what a pipeline says, and rejects a rule of which none says it', () => {
    const pipeline = { title: 'Ours', placeholders: { Administrators: ['adm_*', 'root'] } };
    const detection = "s: { 'f|expand': '%Administrators%' }\ncondition: s";
    expect(matches(detection, { f: 'adm_anna' }, [pipeline])).toBe(true);
    expect(matches(detection, { f: 'anna' }, [pipeline])).toBe(false);
    expect(rejection(detection)).toContain('%Administrators%');
    expect(matches("s: { f: '%Administrators%' }\ncondition: s", { f: '%administrators%' })).toBe(true);
    expect(matches("s: { 'f|expand': '\\%Administrators' }\ncondition: s", { f: '%Administrators' })).toBe(true);
  });

  it.each([
    ['f|conntains', "'x'", "modifier 'conntains' is unknown"],
    ['f|contains|base64', "'x'", 'does not go with'],
    ['f|base64', "'x*'", 'without wildcards'],
    ['f|re', "'(a'", 'bracket'],
    ['f|re', "'a(?>b)'", 'not supported'],
    ['f|re', "'(a)\\1'", 'not supported'],
    ['f|cidr', "'10.0.0.0/40'", 'no network'],
    ['f|gt', "'many'", 'needs a number'],
    ['f|exists', "'maybe'", 'true or false'],
    ['f|i', "'x'", "only for 're'"],
    ['|cidr', "'10.0.0.0/8'", 'needs a field'],
  ])('that does not fit rejects its rule: `%s: %s`', (key, value, reason) => {
    expect(rejection(`s: { '${key}': ${value} }\ncondition: s`)).toContain(reason);
  });
});

describe('keywords', () => {
  it('are looked for in the whole event', () => {
    const detection = 'keywords:\n  - mimikatz\n  - sekurlsa*logon\ncondition: keywords';
    expect(matches(detection, { message: 'ran Mimikatz.exe' })).toBe(true);
    expect(matches(detection, { a: { b: ['x', 'sekurlsa::logonpasswords'] } })).toBe(true);
    expect(matches(detection, { message: 'nothing' })).toBe(false);
  });

  it("must all be there with '|all'", () => {
    const detection = "keywords:\n  '|all': [one, two]\ncondition: keywords";
    expect(matches(detection, { a: 'one', b: 'two' })).toBe(true);
    expect(matches(detection, { a: 'one' })).toBe(false);
  });

  it('may be a single value, a number or an expression', () => {
    expect(matches('k: evil\ncondition: k', { a: 'an evil thing' })).toBe(true);
    expect(matches('k: [4711]\ncondition: k', { a: 'id 4711' })).toBe(true);
    expect(matches("k: { '|re': 'ev.l' }\ncondition: k", { a: 'evil' })).toBe(true);
  });
});

describe('a condition', () => {
  const detection = (condition: string) =>
    `sel_a: { a: 1 }\nsel_b: { b: 1 }\nfilter_x: { x: 1 }\n_hidden: { h: 1 }\ncondition: ${condition}`;

  it.each<[string, object, boolean]>([
    ['sel_a and sel_b', { a: 1, b: 1 }, true],
    ['sel_a and sel_b', { a: 1 }, false],
    ['sel_a or sel_b and filter_x', { a: 1 }, true],
    ['(sel_a or sel_b) and filter_x', { a: 1 }, false],
    ['not sel_a', { b: 1 }, true],
    ['not not sel_a', { a: 1 }, true],
    ['sel_a and not 1 of filter_*', { a: 1, x: 1 }, false],
    ['1 of sel_*', { b: 1 }, true],
    ['all of sel_*', { b: 1 }, false],
    ['all of sel_* AND NOT filter_x', { a: 1, b: 1 }, true],
    ['all of them', { a: 1, b: 1, x: 1 }, true],
    ['1 of them', { h: 1 }, false],
    ['any of them', { x: 1 }, true],
    ['[sel_a, sel_b]', { b: 1 }, true],
  ])('`%s` on %j: %s', (condition, event, expected) => {
    expect(matches(detection(condition), event as Record<string, unknown>)).toBe(expected);
  });

  it.each([
    ['sel_a | count() > 5', 'correlation rule'],
    ['sel_c', "there is no 'sel_c'"],
    ['1 of nothing*', "named 'nothing*'"],
    ['2 of sel_*', 'not supported'],
    ['sel_a and', 'ends too early'],
    ['(sel_a', 'not closed'],
    ['sel_a sel_b', 'not expected'],
  ])('`%s` rejects its rule', (condition, reason) => {
    expect(rejection(detection(`'${condition}'`))).toContain(reason);
  });
});

describe('a rule file', () => {
  const good = rule('s: { a: 1 }\ncondition: s');

  it('may hold several rules, and parts that all of them share', () => {
    const text = `action: global\ntitle: Shared\nlogsource: { product: test }\n---\nid: one\ndetection: { s: { a: 1 }, condition: s }\n---\nid: two\ndetection: { s: { a: 2 }, condition: s }\n`;
    const { report, matcher } = compile(text);
    expect(report.loaded.map(({ id, title }) => [id, title])).toEqual([
      ['one', 'Shared'],
      ['two', 'Shared'],
    ]);
    expect(matcher.match({ a: 2 }, { product: 'test' }).map((hit) => hit.rule.id)).toEqual(['two']);
  });

  it.each([
    ['title: a\n  b: c', 'YAML'],
    ['- a', 'no map'],
    [good.replace('title: Test', 'x: y'), 'title'],
    [good.replace('logsource: { product: test }', ''), 'logsource'],
    [`${good}level: urgent\n`, 'level'],
    [`${good}taxonomy: ours\n`, 'taxonomy'],
    [`${good}status: unsupported\n`, 'status'],
    ['title: Nothing\nlogsource: { product: test }\n', 'no detection'],
    [rule('s: { a: { b: c } }\ncondition: s'), 'a value must be'],
    [rule('s: { a: 1 }'), 'condition'],
    [rule('s: []\ncondition: s'), 'empty'],
  ])('that does not fit is rejected with its reason (%#)', (text, reason) => {
    const { report } = compile(text);
    expect(report.loaded).toEqual([]);
    expect(report.rejected[0]?.reason).toContain(reason);
    expect(report.rejected[0]).toMatchObject({ file: 'rule-1.yml', document: 1 });
  });

  it('does not take an id that another has', () => {
    const { report } = compile([`${good}id: same\n`, `${good}id: same\n`]);
    expect(report.loaded).toHaveLength(1);
    expect(report.rejected[0]?.reason).toContain('rule-1.yml has the same');
  });
});
