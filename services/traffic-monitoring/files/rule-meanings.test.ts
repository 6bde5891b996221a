import { fileURLToPath } from 'node:url';
import { readYaraSources, YaraEngine } from '@sphinx/rules/yara';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRuleMeanings } from './rule-meanings.ts';

const FOLDER = fileURLToPath(new URL('../../../knowledge/yara', import.meta.url));
const read = (text: string) => [...readRuleMeanings([{ name: 'ward', text }]).values()];

describe('what YARA rules mean', () => {
  it('is told of every own rule with a severity and the reason why it is there', async () => {
    const sources = await readYaraSources([FOLDER]);
    const meanings = [...readRuleMeanings(sources).values()];
    const names = sources.flatMap(({ text }) => [...text.matchAll(/^rule (\w+)/gm)].map(([, name]) => name));
    expect(meanings.map(({ rule }) => rule)).toEqual(names);
    for (const { rationale, title, rule } of meanings) {
      expect(rationale, rule).not.toBe('');
      expect(title, rule).not.toBe(rule);
    }
  });

  it('is what YARA-X tells of a match', async () => {
    const sources = await readYaraSources([FOLDER]);
    const content = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
    const [match] = new YaraEngine(sources).scan(Buffer.from(content));
    expect(readRuleMeanings(sources).get('EICAR_Test_File')).toMatchObject(match ?? { rule: 'none' });
  });

  it('comes through comments, tags, numbers, and texts with quotes and braces in them', () => {
    const text = `
      // rule Commented_Out { meta: description = "no" }
      /* rule Gone { condition: true } */
      import "pe"
      private rule Helper { condition: true }
      global rule Everywhere : T1486 apt {
        meta:
          score = -75
          is_old = true
          description = "says \\"pay\\" { now }"
          severity = "odd"
        strings:
          $a = /http:\\/\\/[a-z"]+/
          $b = "rule Inner { meta: description = \\"x\\" }"
        condition: any of them
      }
      rule Bare { condition: Helper }`;
    expect(read(text)).toEqual([
      {
        ...{ rule: 'Everywhere', file: 'ward', title: 'says "pay" { now }', severity: 'medium', rationale: '' },
        ...{ references: [], techniques: ['T1486'] },
      },
      {
        ...{ rule: 'Bare', file: 'ward', title: 'Bare', severity: 'medium', rationale: '' },
        ...{ references: [], techniques: [] },
      },
    ]);
  });

  it('is read from any text without fail', () => {
    const words = fc.constantFrom('rule', 'meta', ':', '{', '}', '=', '"x"', '/*', '*/', '//', '\n', 'a', '7', '"');
    fc.assert(fc.property(fc.array(words), (parts) => void read(parts.join(' '))));
    fc.assert(fc.property(fc.string(), (text) => void read(text)));
  });
});
