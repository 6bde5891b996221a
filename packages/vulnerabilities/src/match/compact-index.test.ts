import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import type { Advisory } from '../advisory.ts';
import { readCveRecord } from '../cve/read-cve-record.ts';
import { CompactAdvisoryIndex } from './compact-index.ts';
import { readJudgement } from './judgement.ts';
import { AdvisoryIndex, SoftwareIndex } from './match-index.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

function advise(id: string, below: string, more: Partial<Advisory> = {}): Advisory {
  const reading = readCveRecord({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: id, state: 'PUBLISHED' },
    containers: {
      cna: {
        descriptions: [{ lang: 'en', value: 'long words' }],
        affected: [
          {
            vendor: 'OpenSSL',
            product: 'OpenSSL',
            versions: [{ status: 'affected', version: '3.0.0', lessThan: below, versionType: 'semver' }],
          },
        ],
      },
    },
  });
  if ('problem' in reading) throw new Error(reading.problem);
  return { ...reading.advisory, ...more };
}

const OPENSSL: SoftwareItem = { vendor: 'OpenSSL', name: 'OpenSSL', version: '3.0.5' };
const matchAll = (index: CompactAdvisoryIndex, list: SoftwareIndex) => {
  const matches: SoftwareMatch[] = [];
  for (const key of index.keys()) {
    index.judgeList(key, list, (software, judgement) => {
      const match = index.matchKey(key, software);
      if (match !== undefined) matches.push({ ...match, ...readJudgement(judgement) });
    });
  }
  return matches;
};
const told = (matches: readonly SoftwareMatch[]) =>
  matches.map(({ advisory, status, quality, identity, reason }) => [advisory.id, status, quality, identity, reason]);

describe('the compact index', () => {
  it('says of an advisory that came again whether it changed, and goes by the newest', () => {
    const index = new CompactAdvisoryIndex();
    expect(index.add('a', advise('CVE-2024-0001', '3.0.7'))).toEqual({ number: 0, isChanged: true });
    expect(index.add('a', advise('CVE-2024-0001', '3.0.7', { description: 'other words' }))).toEqual({
      number: 0,
      isChanged: false,
    });
    expect(index.match(OPENSSL)).toMatchObject([{ status: 'affected' }]);
    expect(index.add('a', advise('CVE-2024-0001', '3.0.4'))).toEqual({ number: 1, isChanged: true });
    expect(index.match(OPENSSL)).toMatchObject([{ status: 'fixed' }]);
    expect(matchAll(index, new SoftwareIndex([OPENSSL]))).toMatchObject([{ status: 'fixed' }]);
    expect(index.size).toBe(1);
  });

  it('finds nothing of what was removed or taken back', () => {
    const index = new CompactAdvisoryIndex();
    index.add('a', advise('CVE-2024-0001', '3.0.7'));
    index.add('b', advise('CVE-2024-0002', '3.0.7', { isWithdrawn: true }));
    expect([index.remove('a'), index.remove('a')]).toEqual([true, false]);
    expect(index.match(OPENSSL)).toEqual([]);
    expect(matchAll(index, new SoftwareIndex([OPENSSL]))).toEqual([]);
    expect(index.get('b')?.isWithdrawn).toBe(true);
  });

  it('forgets software that was taken out of a list', () => {
    const list = new SoftwareIndex([OPENSSL, { ...OPENSSL, version: '3.0.6' }]);
    list.remove(OPENSSL);
    expect(list.match(advise('CVE-2024-0001', '3.0.7')).map(({ item }) => item.version)).toEqual(['3.0.6']);
  });
});

const folder = sharedData('cve5');

describe.skipIf(folder === undefined)('the compact index over published records', () => {
  it('says of software what the plain index says', () => {
    const lines = gunzipSync(readFileSync(`${folder}/vulnrichment.jsonl.gz`))
      .toString('utf8')
      .split('\n');
    const advisories = lines.slice(0, 3000).flatMap((line) => {
      const reading = readCveRecord(JSON.parse(line));
      return 'problem' in reading ? [] : [reading.advisory];
    });
    const plain = new AdvisoryIndex(advisories);
    const compact = new CompactAdvisoryIndex();
    for (const advisory of advisories) compact.add(advisory.id, advisory);
    const products = advisories.flatMap(({ affected }) => affected.map(({ product }) => product)).slice(0, 400);
    const items = products.map(({ vendor, name }, index) => ({
      vendor,
      name,
      version: ['1.0', '', '12.3.1'][index % 3] ?? '',
    }));
    const sorted = (matches: readonly SoftwareMatch[]) => told(matches).map(String).sort();
    for (const item of items) expect(sorted(compact.match(item))).toEqual(sorted(plain.match(item)));
    expect(sorted(matchAll(compact, new SoftwareIndex(items)))).toEqual(
      sorted(items.flatMap((item) => plain.match(item))),
    );
  });
});

describe('a device', () => {
  const pump = (vendor: string, name: string, version: string) => ({ vendor, name, version });
  const medfusion = advise('CVE-2017-12718', '', {
    affected: [
      {
        product: {
          vendor: 'Smiths Medical',
          name: 'Medfusion 4000 Wireless Syringe Infusion Pump',
          cpes: [],
          purls: [],
          platforms: [],
          marks: [{ kind: 'model', text: 'MF-4000W' }],
        },
        versions: [
          {
            range: { scheme: 'generic', intervals: [{ to: { version: '1.6', isInclusive: true } }] },
            status: 'affected',
          },
        ],
        otherVersions: 'not-affected',
        note: '',
      },
    ],
  });

  it('is found by maker and model, without the words for what it is, and by its model number', () => {
    const statusOf = (item: SoftwareItem) => new AdvisoryIndex([medfusion]).match(item)[0]?.status;
    expect(statusOf(pump('Smiths Medical', 'Medfusion 4000', '1.5'))).toBe('affected');
    expect(statusOf(pump('Smiths', 'MF-4000W', '1.7'))).toBe('not-affected');
    expect(statusOf(pump('Smiths Medical', 'Medfusion 4000 Pump', ''))).toBe('unknown');
    expect(statusOf(pump('Baxter', 'Medfusion 4000', '1.5'))).toBeUndefined();
    expect(statusOf(pump('Smiths Medical', 'Syringe Pump', '1.5'))).toBeUndefined();
  });
});
