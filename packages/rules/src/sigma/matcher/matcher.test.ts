import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSigma } from '../compile.ts';
import { loadSigmaRules } from '../language/load.ts';
import { readRegex } from '../language/regex-syntax.ts';
import { compileRegex } from '../language/sigma-regex.ts';
import { describePattern, parseTextPattern } from '../language/text-pattern.ts';
import { loadPipelines } from '../pipelines/load-pipelines.ts';
import { readPipeline } from '../pipelines/pipeline.ts';
import { compile, rule } from '../test-rules.ts';
import { Automaton } from './automaton.ts';
import { DenseAutomaton } from './dense-automaton.ts';
import type { SigmaEvent } from './event-leaves.ts';
import { FewTexts } from './few-texts.ts';
import { ANYWHERE, AT_END, AT_START, type Place, type PlacedText, type TextSearch } from './placed-text.ts';
import { SHORTEST, SkippingSearch } from './skipping-search.ts';
import { matchPlainly } from './test-plain-matcher.ts';
import { createSearches } from './text-search.ts';
import { buildTrie } from './trie.ts';

const signs = ['a', 'b', 'c', '\\', 'é', '語'] as const;
const texts = (minLength: number, maxLength: number, ...places: Place[]) =>
  fc.array(
    fc.tuple(fc.string({ unit: fc.constantFrom(...signs), minLength, maxLength }), fc.constantFrom<Place>(...places)),
    { minLength: 1, maxLength: 30 },
  );
const LONG = SHORTEST + 40;

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\\', 'é'), maxLength: 6 });

describe('the search for texts', () => {
  const ways: readonly (readonly [
    string,
    ReturnType<typeof texts>,
    (all: readonly PlacedText[]) => readonly TextSearch[],
  ])[] = [
    ['automaton', texts(1, 6, ANYWHERE), (all) => [new Automaton(buildTrie(all))]],
    ['automaton with a full table', texts(1, 6, ANYWHERE), (all) => [new DenseAutomaton(buildTrie(all))]],
    ['one by one', texts(1, 6, ANYWHERE), (all) => [new FewTexts(all)]],
    ['with a window that moves', texts(SHORTEST, LONG, ANYWHERE), (all) => [new SkippingSearch(all)]],
    ['of short texts by what suits them', texts(1, 3, ANYWHERE, AT_START, AT_END), createSearches],
    ['of all texts by what suits them', texts(1, LONG, ANYWHERE, AT_START, AT_END), createSearches],
  ];

  it.each(ways)('finds every text at its place, and no other: %s', (_, placed, search) => {
    const value = fc.string({ unit: fc.constantFrom(...signs, 'z'), maxLength: 60 });
    fc.assert(
      fc.property(placed, fc.array(fc.oneof(value, fc.nat()), { maxLength: 5 }), (chosen, parts) => {
        // Values of which parts are texts that are looked for.
        const text = parts
          .map((part) => (typeof part === 'string' ? part : chosen[part % chosen.length]?.[0]))
          .join('');
        const found = new Set<number>();
        const searches = search(chosen.map(([each, place], atom) => ({ text: each, place, atom })));
        for (const each of searches) each.scan(text, { mark: (atom) => found.add(atom) });
        const expected = chosen.flatMap(([each, place], atom) => (stands(text, each, place) ? [atom] : []));
        expect([...found].sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

function stands(value: string, text: string, place: Place): boolean {
  if (place === AT_START) return value.startsWith(text);
  return place === AT_END ? value.endsWith(text) : value.includes(text);
}

describe('a pattern', () => {
  it('is read again as what it was written from', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '*', '?', '\\'), maxLength: 12 }), (text) => {
        const pattern = parseTextPattern(text);
        expect(parseTextPattern(describePattern(pattern))).toEqual(pattern);
      }),
    );
  });
});

describe('the shared matcher', () => {
  const value = fc.oneof(
    letters,
    letters.map((text) => `*${text}*`),
    letters.map((text) => `${text}*b?`),
    fc.constantFrom(null, 5, true, ''),
  );
  const key = fc.constantFrom(
    'f',
    'g',
    'f|contains',
    'g|startswith',
    'f|endswith',
    'g|re',
    'f|exists',
    'g|gt',
    'f|cased',
    'g|contains|all',
    'f|fieldref',
    'h|neq',
    '|all',
  );
  const selection = fc.dictionary(key, fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 })), {
    minKeys: 1,
    maxKeys: 3,
  });
  const detection = fc.record({
    s1: fc.oneof(selection, fc.array(fc.oneof(selection, letters), { minLength: 1, maxLength: 3 })),
    s2: selection,
    condition: fc.constantFrom('s1', 's1 and s2', 's1 or s2', 's1 and not s2', 'not s1', '1 of s*', 'not (s1 or s2)'),
  });
  const fieldValue = fc.oneof(
    letters,
    fc.constantFrom(null, 5, 7, true, 'ab', ''),
    fc.array(letters, { maxLength: 2 }),
  );
  const event = fc.dictionary(fc.constantFrom('f', 'g', 'h', 'F', 'x'), fieldValue);

  it('finds what one rule after another finds, for any rules and events', () => {
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 1, maxLength: 8 }),
        fc.array(event, { minLength: 1, maxLength: 5 }),
        (detections, events) => {
          const files = detections.map((each, index) => ({
            name: `${index}.yml`,
            content: JSON.stringify({ title: 'x', id: `r${index}`, logsource: { product: 'test' }, detection: each }),
          }));
          const { rules } = loadSigmaRules(files, new Map());
          const { matcher } = compileSigma(files, []);
          for (const each of events) {
            const found = matcher.match(each as SigmaEvent, { product: 'test' }).map((hit) => hit.rule.id);
            expect(found.sort()).toEqual(matchPlainly(rules, [], each as SigmaEvent, { product: 'test' }));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('tells a backslash anywhere from an asterisk at the end', () => {
    const { matcher } = compile([
      rule("s: { 'f|contains': '\\' }\ncondition: s", 'id: backslash'),
      rule("s: { f: '*\\*' }\ncondition: s", 'id: asterisk'),
    ]);
    const found = (f: string) => matcher.match({ f }, { product: 'test' }).map((hit) => hit.rule.id);
    expect(found('C:\\Windows')).toEqual(['backslash']);
    expect(found('all*')).toEqual(['asterisk']);
  });

  it('reads fields inside of JSON, whole objects as their text, and names in any case', () => {
    const { matcher } = compile([
      rule('s: { userIdentity.type: Root }\ncondition: s', 'id: inner'),
      rule("s: { 'requestParameters|contains': 'secret' }\ncondition: s", 'id: text'),
      rule('s: { target.displayname: Okta Admin Console }\ncondition: s', 'id: list'),
    ]);
    const tree = {
      userIdentity: { type: 'Root' },
      requestParameters: { a: ['the secret'] },
      target: [{ displayName: 'Okta Admin Console' }],
    };
    expect(
      matcher
        .match(tree, { product: 'test' })
        .map(({ rule: each }) => each.id)
        .sort(),
    ).toEqual(['inner', 'list', 'text']);
  });

  it('looks only at rules for the log that an event is from', () => {
    const { matcher } = compile([
      'title: a\nid: a\nlogsource: { product: linux, service: sshd }\ndetection: { k: [x], condition: k }',
      'title: b\nid: b\nlogsource: { product: linux }\ndetection: { k: [x], condition: k }',
      'title: c\nid: c\nlogsource: { category: webserver }\ndetection: { k: [x], condition: k }',
    ]);
    const ids = (origin: Record<string, string>) =>
      matcher
        .match({ message: 'x' }, origin)
        .map((hit) => hit.rule.id)
        .sort();
    expect(ids({ product: 'linux', service: 'sshd' })).toEqual(['a', 'b']);
    expect(ids({ product: 'linux' })).toEqual(['b']);
    expect(ids({ product: 'apache', category: 'webserver' })).toEqual(['c']);
    expect(matcher.match({ message: 'x' })).toEqual([]);
  });

  it('knows fields by name when more names were invented than it remembers', () => {
    const { matcher } = compile(rule('selection: { f: x }\ncondition: selection'));
    const invented = (from: number) =>
      Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`n${from + n}`, 'x']));
    for (let from = 0; from < 24_000; from += 4000)
      expect(matcher.match(invented(from), { product: 'test' })).toEqual([]);
    expect(matcher.match({ F: 'y', f: 'x' }, { product: 'test' })).toHaveLength(1);
  });

  it('never throws, whatever an event holds, and never mixes up events', () => {
    const { matcher } = compile(rule("s: { 'f|contains': abc }\ncondition: s"));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (json) => {
        const hostile = { ...(json as object), f: json } as SigmaEvent;
        matcher.match(hostile, { product: 'test' });
        expect(matcher.match({ f: 'x abc' }, { product: 'test' })).toHaveLength(1);
        expect(matcher.match({ f: 'x' }, { product: 'test' })).toHaveLength(0);
      }),
    );
  });
});

describe('a rule file of any content', () => {
  it('is loaded or rejected, without an exception', () => {
    const valid = rule("s: { 'f|contains|all': [a, 'b*'] }\ncondition: s and not 1 of s*");
    const change = fc.record({
      at: fc.nat(valid.length),
      text: fc.constantFrom('', ':', '|', '- ', '{', "'", '*', '&a', '*a', '\n', '%'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const content = changes.reduce(
          (text, { at, text: put }) => text.slice(0, at) + put + text.slice(at + 1),
          valid,
        );
        const { report } = compile(content);
        for (const { reason } of report.rejected) expect(reason).not.toBe('');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.jsonValue(), (detection, correlation) => {
        compile([
          JSON.stringify({ title: 'x', logsource: { product: 'test' }, detection }),
          JSON.stringify({ title: 'y', correlation }),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an expression of a rule', () => {
  const piece = fc.constantFrom(
    'a',
    'bc',
    '\\.',
    '[a-c]',
    '(a|bc)',
    'a?',
    'b*',
    '(ab)+',
    '\\d',
    '.',
    'c{2,3}',
    '(?:a|b){2}',
    '|',
    '^',
    '$',
  );
  const plain = { isCaseless: false, isMultiline: false, isDotAll: false };

  it('means what JavaScript means by it, and what it is sought by stands in all that it matches', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '1'), maxLength: 12 }),
        (pieces, text) => {
          const source = pieces.join('');
          fc.pre(!/\|\||(?:^|\|)[?*+{]|[$^|][?*+{]|[?*+}]\{/.test(source));
          const found = compileRegex(source, plain).test(text);
          expect(found).toBe(new RegExp(source).test(text));
          if (found) expect(text.toLowerCase()).toContain(readRegex(source, plain).literal);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('that would make a search run away ends in good time', () => {
    const { matcher } = compile([
      rule("s: { 'f|re': '(a+)+$' }\ncondition: s"),
      rule("s: { 'f|re|i': '(x.*){20}y' }\ncondition: s", 'id: b'),
      rule("s: { 'f|re': '\\+.*\\+.*\\+.*\\+.*\\+.*\\+.*\\+.*\\+.*-' }\ncondition: s", 'id: c'),
    ]);
    const hostile = `${'a'.repeat(3000)}${'x+'.repeat(3000)}!`;
    expect(matcher.match({ f: hostile }, { product: 'test' })).toEqual([]);
  });
});

describe('pipelines', () => {
  const pipeline = {
    title: 'Ours',
    sources: [
      {
        logsource: { product: 'windows', category: 'process_creation' },
        when: { Channel: 'Security', EventID: [4688, 4696] },
        fields: { Image: ['NewProcessName', 'Process'], ProcessId: 'NewProcessId', ParentProcessId: 'ProcessId' },
        values: { IntegrityLevel: {} },
      },
      {
        logsource: { product: 'ehr' },
        from: { product: 'ours' },
        fields: { Purpose: 'p' },
        values: { Purpose: { '7': 'Emergency' } },
      },
    ],
  };
  const process = (detection: string) =>
    `title: x\nlogsource: { product: windows, category: process_creation }\ndetection: ${detection}`;

  it('find log sources by what an event says, and fields under their other names', () => {
    const { matcher } = compile(process("{ s: { 'Image|endswith': '\\cmd.exe' }, condition: s }"), [pipeline]);
    const event = { Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\cmd.exe' };
    const [hit] = matcher.match(event);
    expect(hit?.valueOf('Image')).toBe('C:\\cmd.exe');
    expect(matcher.match({ ...event, EventID: 4624 })).toEqual([]);
    expect(matcher.match({ ...event, NewProcessName: undefined, Process: 'c:\\CMD.exe' })).toHaveLength(1);
  });

  it('tell apart what an event and Sigma both call so', () => {
    const { matcher } = compile(process('{ s: { ProcessId: 5 }, condition: s }'), [pipeline]);
    expect(matcher.match({ Channel: 'Security', EventID: 4688, ProcessId: 5, NewProcessId: 6 })).toEqual([]);
    expect(matcher.match({ Channel: 'Security', EventID: 4688, ProcessId: 6, NewProcessId: 5 })).toHaveLength(1);
  });

  it('translate values', () => {
    const text = 'title: x\nlogsource: { product: ehr }\ndetection: { s: { Purpose: emergency }, condition: s }';
    const { matcher } = compile(text, [pipeline]);
    expect(matcher.match({ p: 7 }, { product: 'ours' })).toHaveLength(1);
    expect(matcher.match({ p: 8 }, { product: 'ours' })).toHaveLength(0);
  });

  it("put in the text of Windows' message codes, and leave the codes too", () => {
    const codes = {
      title: 'Codes',
      sources: [
        {
          logsource: { product: 'windows' },
          when: { EventID: '*' },
          values: { AccessList: { '%%4417': 'WriteData' } },
        },
      ],
    };
    const text = (value: string) =>
      `title: x\nlogsource: { product: windows }\ndetection: { s: { 'AccessList|contains': '${value}' }, condition: s }`;
    const event = { EventID: 5145, AccessList: '%%1538\n%%4417\n' };
    for (const value of ['WriteData', '%%4417', '%%1538'])
      expect(compile(text(value), [codes]).matcher.match(event)).toHaveLength(1);
    expect(compile(text('ReadData'), [codes]).matcher.match(event)).toHaveLength(0);
  });

  it('that do not fit say why', () => {
    expect(() => readPipeline({ title: 'x', sources: [{ logsource: { prodct: 'a' } }] })).toThrow('prodct');
  });

  it('of knowledge/sigma-pipelines fit, and know the channels of Windows', async () => {
    const folder = new URL('../../../../../knowledge/sigma-pipelines', import.meta.url).pathname;
    const own = await loadPipelines(folder);
    const rules = ['security', 'windefend', 'applocker', 'taskscheduler'].map((service) => {
      return {
        name: service,
        content: `title: ${service}\nlogsource: { product: windows, service: ${service} }\ndetection: { s: { EventID: 1 }, condition: s }`,
      };
    });
    const { matcher } = compileSigma(rules, own);
    const titles = (channel: string) => matcher.match({ Channel: channel, EventID: 1 }).map((hit) => hit.rule.title);
    expect(titles('Security')).toEqual(['security']);
    expect(titles('Microsoft-Windows-Windows Defender/Operational')).toEqual(['windefend']);
    expect(titles('Microsoft-Windows-AppLocker/EXE and DLL')).toEqual(['applocker']);
    expect(readFileSync(`${folder}/windows-sysmon.yaml`, 'utf8')).toContain('process_creation');
  });
});
