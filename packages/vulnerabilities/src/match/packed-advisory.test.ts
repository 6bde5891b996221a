import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import type { Advisory } from '../advisory.ts';
import { readCveRecord } from '../cve/read-cve-record.ts';
import { EXAMPLES } from '../formats/examples.ts';
import { readAdvisories } from '../formats/read-advisories.ts';
import { packAdvisory, unpackAdvisory } from './packed-advisory.ts';

const leanOf = (advisory: Advisory): Advisory => {
  const remedies = new Map(advisory.remedies.map((each) => [`${each.kind} ${each.products.join()}`, each]));
  return {
    ...advisory,
    description: '',
    references: [],
    remedies: [...remedies.values()].map((remedy) => ({ ...remedy, text: '', url: '' })),
  };
};

describe('a packed advisory', () => {
  it('holds all that judging needs, of every format', () => {
    for (const example of Object.values(EXAMPLES)) {
      const reading = readAdvisories(Buffer.from(JSON.stringify(example)));
      for (const advisory of reading.isRead ? reading.value : []) {
        expect(unpackAdvisory(packAdvisory(advisory))).toEqual(leanOf(advisory));
      }
    }
  });

  const folder = sharedData('cve5');
  it.skipIf(folder === undefined)('holds it of published records, in a third of the bytes', () => {
    const lines = gunzipSync(readFileSync(`${folder}/vulnrichment.jsonl.gz`))
      .toString('utf8')
      .split('\n')
      .slice(0, 4000);
    let [whole, packed] = [0, 0];
    for (const line of lines) {
      const reading = readCveRecord(JSON.parse(line));
      if ('problem' in reading) continue;
      const text = packAdvisory(reading.advisory);
      whole += JSON.stringify(reading.advisory).length;
      packed += text.length;
      expect(unpackAdvisory(text)).toEqual(leanOf(reading.advisory));
    }
    expect(packed / whole).toBeLessThan(0.4);
  });
});
