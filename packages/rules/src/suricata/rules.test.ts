import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { parseClassification } from '../index.ts';
import { KEYWORDS } from './keywords.ts';
import { defaultResources, loadRules } from './load.ts';
import { findBeside, unpackRuleFiles } from './rule-files.ts';

const load = (...rules: readonly string[]) => loadRules([{ name: 'test.rules', content: rules.join('\n') }]);
const rule = (options: string) => `alert tcp any any -> any any (msg:"test"; ${options} sid:1; rev:1;)`;
const reasonFor = (options: string) => load(rule(options)).rejected[0]?.reason;
const only = (options: string) => {
  const { rules, rejected } = load(rule(options));
  expect(rejected).toEqual([]);
  const [loaded] = rules;
  if (loaded === undefined) throw new Error('nothing was loaded');
  return loaded;
};

const ET_2019 = sharedData('et-open/et-open-2019.rules.gz');
const ET_ARCHIVE = sharedData('et-open/emerging.rules.tar.gz');
const VERIFY = sharedData('suricata-verify');

describe('a rule file', () => {
  it('has the priority of its class though no list of classes lies beside it', () => {
    expect(only('content:"a"; classtype:trojan-activity;')).toMatchObject({
      priority: 1,
      category: 'A Network Trojan was detected',
    });
    expect(only('content:"a"; classtype:own-class;').priority).toBe(3);
  });

  it('is read with comments, empty lines and rules over several lines', () => {
    const { rules, rejected } = load(
      '# a comment',
      '',
      'alert tcp any any -> any any \\',
      '  (msg:"two lines"; sid:7;)',
    );
    expect(rejected).toEqual([]);
    expect(rules.map(({ sid, message }) => [sid, message])).toEqual([[7, 'two lines']]);
  });

  it('gives of two rules with one number the newer revision, and tells of the other', () => {
    const { rules, rejected } = load(
      rule('content:"a";'),
      rule('content:"b";').replace('rev:1', 'rev:2'),
      rule('content:"c";'),
    );
    expect(rules.map(({ rev }) => rev)).toEqual([2]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[3, 'sid 1 is there already']]);
  });

  it('names line, number and reason of every rule that is not loaded', () => {
    const { rules, rejected } = load(
      rule('content:"a";'),
      'alert tcp any any -> any any (msg:"x"; teleport:9; sid:2;)',
    );
    expect(rules).toHaveLength(1);
    expect(rejected).toEqual([{ file: 'test.rules', line: 2, sid: 2, reason: 'the keyword teleport is unknown' }]);
  });
});

describe('a rule', () => {
  it.each([
    ['lua:script.lua;', 'scripts in rules are out of scope'],
    ['content:"|0|";', 'a hexadecimal part ends within a byte'],
    ['content:"abc"; within:2;', 'less than the length of its content'],
    ['nocase;', 'nocase follows no content'],
    ['pcre:"/(?R)/";', '(?R) is not matched'],
    ['pcre:"/(a/";', 'a parenthesis is not closed'],
    ['byte_test:4,~,1,0;', "operator '~' is unknown"],
    ['flow:to_server,to_client;', 'two directions contradict each other'],
    ['flow:to_client; content:"GET"; http_method;', 'its flow direction contradicts its buffers'],
    ['app-layer-event:http.never_heard_of;', 'the sensor does not give http.never_heard_of'],
    ['iprep:src,BadHosts,>,10;', 'there is no category BadHosts'],
    ['dataset:isset,bad,type string,load nowhere.lst;', 'there is no file nowhere.lst'],
    ['requires:version >= 99;', '99'],
    ['http.uri; http.user_agent; content:"x";', 'nothing is asked of the buffer http.uri'],
  ])('that cannot be kept whole is rejected with its reason: %s', (options, reason) => {
    expect(reasonFor(options)).toContain(reason);
  });

  it('says where older modifiers moved its contents', () => {
    const { transactionBuffers } = only(
      'flow:established; content:"GET"; http_method; content:"/a.exe"; http_uri; isdataat:!1,relative; nocase;',
    );
    const [method, uri] = transactionBuffers;
    expect(method?.buffer).toBe('http.method');
    expect(uri?.buffer).toBe('http.uri');
    expect(uri?.conditions).toMatchObject([{ kind: 'content', isCaseless: true, isEnd: true }]);
  });

  it('knows its class from classification.config, its own priority before that of the class', () => {
    const classes = parseClassification('config classification: trojan-activity,A Network Trojan was detected, 1');
    const { rules } = loadRules(
      [
        {
          name: 'a',
          content: `${rule('classtype:trojan-activity;')}\n${rule('classtype:trojan-activity; priority:4;').replace('sid:1', 'sid:2')}`,
        },
      ],
      defaultResources({ classes }),
    );
    expect(rules.map(({ category, priority }) => [category, priority])).toEqual([
      ['A Network Trojan was detected', 1],
      ['A Network Trojan was detected', 4],
    ]);
  });
});

describe('published rules', () => {
  it.skipIf(ET_2019 === undefined)('of Emerging Threats 2019 are all loaded', () => {
    const files = unpackRuleFiles('et-open-2019.rules.gz', readFileSync(ET_2019 ?? ''));
    const { rules, rejected } = loadRules(files);
    expect(rejected).toEqual([]);
    expect(rules).toHaveLength(18_220);
  });

  it.skipIf(ET_ARCHIVE === undefined)('are read from the archive that they are published in', () => {
    const files = unpackRuleFiles('emerging.rules.tar.gz', readFileSync(ET_ARCHIVE ?? ''));
    expect(parseClassification(findBeside(files, 'classification.config') ?? '').size).toBeGreaterThan(30);
    const { rules, rejected } = loadRules(files.filter(({ name }) => name.endsWith('.rules')));
    expect(rejected).toEqual([]);
    expect(rules.length).toBeGreaterThan(19_000);
  });

  it.skipIf(VERIFY === undefined)('never stop the loading when they are damaged', () => {
    const text = readFileSync(`${VERIFY}/test-bad-byte-extract-rule-1/test.rules`, 'utf8');
    const lines = text.split('\n').filter((line) => line.startsWith('alert'));
    const damaged = fc
      .tuple(fc.constantFrom(...lines), fc.nat(), fc.string({ maxLength: 12 }))
      .map(([line, at, inserted]) => line.slice(0, at % line.length) + inserted + line.slice(at % (line.length + 3)));
    fc.assert(
      fc.property(damaged, (line) => {
        const { rules, rejected } = load(line.replaceAll('\n', ' '));
        expect(rules.length + rejected.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile rule text', () => {
  const option = fc.oneof(
    fc.constantFrom(...Object.keys(KEYWORDS)),
    fc
      .tuple(fc.constantFrom(...Object.keys(KEYWORDS)), fc.string({ maxLength: 24 }))
      .map(([name, value]) => `${name}:${value}`),
    fc.tuple(fc.constantFrom(...Object.keys(KEYWORDS)), fc.integer()).map(([name, value]) => `${name}:${value}`),
  );

  it('is loaded or rejected, whatever its options say', () => {
    fc.assert(
      fc.property(fc.array(option, { maxLength: 6 }), (options) => {
        const { rules, rejected } = load(rule(`${options.join(';').replaceAll('\n', ' ')};`));
        expect(rules.length + rejected.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 3000 },
    );
  });

  it('never passes an archive that is damaged', () => {
    const archive = fc.uint8Array({ maxLength: 2000 });
    fc.assert(
      fc.property(archive, (bytes) => {
        expect(unpackRuleFiles('x.rules', bytes)).toHaveLength(1);
      }),
    );
    expect(() => unpackRuleFiles('x.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 1))).toThrow('cannot be unpacked');
  });
});

describe('a rule that requires something', () => {
  it('is loaded only where the version, the features and the keywords are there', () => {
    expect(reasonFor('requires:version >= 7, keyword dns.query;')).toBeUndefined();
    expect(reasonFor('requires:keyword no.such;')).toBe('requires: there is no keyword no.such');
    expect(reasonFor('requires:version >= 99;')).toContain('version >= 99');
  });
});

describe('a number that a protocol room gives', () => {
  const numbers = (options: string) => only(options).numbers[0];

  it('is compared negated, by name, by its place among several, or with a list', () => {
    expect(numbers('dns.opcode:!0;')?.test(4)).toBe(true);
    expect(numbers('dns.opcode:!0;')?.test(0)).toBe(false);
    expect(numbers('ldap.request.operation:search_request;')?.test(3)).toBe(true);
    expect(numbers('tls.cert_chain_len:3,-1;')).toMatchObject({ place: -1 });
    expect(numbers('dcerpc.opnum:3,5;')?.test(5)).toBe(true);
    expect(reasonFor('dns.opcode:3,x;')).toContain('is not a comparison');
  });
});

describe('docs/rules.md', () => {
  it('has every keyword with what the code says of it', () => {
    const text = readFileSync(fileURLToPath(new URL('../../../../docs/rules.md', import.meta.url)), 'utf8');
    const rows = new Map(
      [...text.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, name, summary]) => [name, summary]),
    );
    const keywords = Object.entries(KEYWORDS).map(([name, keyword]) => [name, keyword?.summary] as const);
    expect(rows).toEqual(new Map(keywords));
  });
});
