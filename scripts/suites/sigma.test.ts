import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { Suite, SuiteCase } from '../suite.ts';
import { suite as logs } from './evtx.ts';
import { suite } from './sigma.ts';

const RULE = `title: Found\nid: found\nlogsource: { product: windows, service: security }
detection: { s: { EventID: 1 }, condition: s }\n`;

async function run(one: Suite, folder: string): Promise<readonly SuiteCase[]> {
  const cases: SuiteCase[] = [];
  for await (const each of one.run(folder)) cases.push(each);
  return cases;
}

describe('the suite of Sigma', () => {
  let folder: string;
  const write = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigma-suite-'));
    write('rules/a.yml', RULE);
    write('rules-more/b.yml', RULE.replaceAll('found', 'other').replace('Found', 'Other'));
    write('rules/c.yml', RULE.replace('id: found', 'id: bad').replace('condition: s', 'condition: t'));
    const info = (path: string, count: number, rule = 'found') =>
      `rule_metadata: [{ id: ${rule}, title: x }]\nregression_tests_info: [{ type: json, match_count: ${count}, path: ${path} }]\n`;
    write('regression_data/once/info.yml', info('regression_data/once/e.json', 1));
    write('regression_data/once/e.json', '{"EventID":1,"Channel":"Security"}');
    write('regression_data/twice/info.yml', info('regression_data/twice/e.json', 2));
    write('regression_data/twice/e.json', '{"EventID":1,"Channel":"Security"}');
    write('regression_data/bad/info.yml', info('regression_data/bad/e.json', 1, 'bad'));
    write('regression_data/gone/info.yml', info('regression_data/gone/e.json', 1));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells of rules that load, of those rejected with the reason, and of what events fire', async () => {
    const outcomes = Object.fromEntries(
      (await run(suite, folder)).map(({ id, outcome, reason }) => [id, [outcome, reason]]),
    );
    expect(outcomes).toEqual({
      'rules/a.yml found': ['passed', 'loaded'],
      'rules-more/b.yml other': ['passed', 'loaded'],
      'rules/c.yml#1': ['unsupported', "rejected: condition: there is no 't' in the detection"],
      'regression_data/once/e.json': ['passed', 'fired 1 times, expected 1; also fired: Other (1)'],
      'regression_data/twice/e.json': ['failed', 'fired 1 times, expected 2; also fired: Other (1)'],
      'regression_data/bad/e.json': ['unsupported', expect.stringContaining('its rule is rejected')],
      'regression_data/gone/e.json': ['failed', expect.stringContaining('cannot be read')],
    });
  });
});

const RULES = sharedData('sigma');
const LOGS = sharedData('evtx');

describe.skipIf(RULES === undefined || LOGS === undefined)(
  "SigmaHQ's rules (skipped where shared/data is absent)",
  () => {
    it('load but for those with placeholders of a site, and each regression case fires its rule', {
      timeout: 240_000,
    }, async () => {
      const cases = await run(suite, RULES ?? '');
      expect(cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      const rejected = cases.filter(({ outcome }) => outcome === 'unsupported');
      expect(rejected.every(({ reason }) => reason.includes('placeholder'))).toBe(true);
      expect(cases.length).toBeGreaterThan(3900);
    });

    it('fire on most event logs of attacks, all of which are read whole', { timeout: 240_000 }, async () => {
      const cases = await run(logs, LOGS ?? '');
      expect(cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      expect(cases.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThanOrEqual(121);
    });
  },
);
