import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory } from '../advisory.ts';
import { isInRange } from '../versions/range.ts';
import { readCveRecord } from './read-cve-record.ts';
import { readCveStream, type StreamedRecord } from './read-cve-stream.ts';
import { readVersionWords } from './version-words.ts';

const record = (cna: object, metadata: object = {}, adp: readonly object[] = []) => ({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: 'CVE-2024-0001', state: 'PUBLISHED', datePublished: '2024-01-02T00:00:00', ...metadata },
  containers: { cna: { providerMetadata: { shortName: 'maker' }, ...cna }, adp },
});

function read(value: unknown): Advisory {
  const reading = readCveRecord(value);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.advisory;
}

/** Status of a version by the first entry that contains it, as `AffectedProduct` says. */
function statusOf(product: object, version: string): string {
  const [entry] = read(record({ affected: [{ vendor: 'v', product: 'p', ...product }] })).affected;
  const found = entry?.versions.find(({ range }) => isInRange(range, version).isIn === 'yes');
  return found?.status ?? `other: ${entry?.otherVersions}`;
}

describe('a CVE record', () => {
  it('is read with text, dates, scores, weaknesses, references, remedies and what CISA adds', () => {
    const advisory = read(
      record(
        {
          descriptions: [
            { lang: 'de', value: 'Deutsch' },
            { lang: 'en', value: 'A flaw. It is bad.' },
          ],
          metrics: [{ cvssV3_1: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', baseScore: 9.8 } }],
          problemTypes: [
            { descriptions: [{ cweId: 'CWE-79' }, { description: 'CWE-20 Input' }, { description: 'n/a' }] },
          ],
          references: [{ url: 'https://github.com/a/b/security/advisories/GHSA-aaaa-bbbb-cccc' }],
          solutions: [{ lang: 'en', value: 'Update.' }],
        },
        {},
        [
          {
            metrics: [
              {
                other: {
                  type: 'ssvc',
                  content: {
                    options: [{ Exploitation: 'active' }, { Automatable: 'yes' }, { 'Technical Impact': 'total' }],
                  },
                },
              },
              { other: { type: 'kev', content: { dateAdded: '2024-02-03' } } },
            ],
          },
        ],
      ),
    );
    expect(advisory).toMatchObject({
      id: 'CVE-2024-0001',
      aliases: ['GHSA-aaaa-bbbb-cccc'],
      title: 'A flaw.',
      publishedMs: Date.UTC(2024, 0, 2),
      isWithdrawn: false,
      severities: [{ version: '3.1', score: 9.8, source: 'maker' }],
      weaknesses: ['CWE-79', 'CWE-20'],
      remedies: [{ kind: 'fix', text: 'Update.' }],
      exploitation: {
        maturity: 'active',
        isAutomatable: true,
        technicalImpact: 'total',
        knownSinceMs: Date.UTC(2024, 1, 3),
      },
    });
  });

  it('that was rejected concerns nobody', () => {
    const advisory = read(record({ rejectedReasons: [{ lang: 'en', value: 'Not used.' }] }, { state: 'REJECTED' }));
    expect(advisory).toMatchObject({ isWithdrawn: true, affected: [], description: 'Not used.' });
  });

  it('names packages by their collection, and packages of a distribution apart from it', () => {
    const { affected } = read(
      record({
        affected: [
          { vendor: 'x', product: 'Y', packageName: '@x/y', collectionURL: 'https://registry.npmjs.org' },
          { packageName: 'a.b:c', collectionURL: 'https://repo.maven.apache.org/maven2' },
          {
            vendor: 'Red Hat',
            product: 'Red Hat Enterprise Linux 9',
            packageName: 'glib2',
            collectionURL: 'https://access.redhat.com/downloads/content/package-browser/',
            cpes: ['cpe:/o:redhat:enterprise_linux:9'],
            defaultStatus: 'affected',
            versions: [{ version: '0:2.68.4-7.el9', lessThan: '*', versionType: 'rpm', status: 'unaffected' }],
          },
          { vendor: 'n/a', product: 'n/a', versions: [{ version: 'n/a', status: 'affected' }] },
        ],
      }),
    );
    expect(affected.map(({ product }) => [product.name, ...product.purls])).toEqual([
      ['Y', 'pkg:npm/%40x/y'],
      ['a.b:c', 'pkg:maven/a.b/c'],
      ['glib2', 'pkg:rpm/redhat/glib2'],
    ]);
    expect(affected[2]?.product.platforms).toEqual(['Red Hat Enterprise Linux 9', 'cpe:/o:redhat:enterprise_linux:9']);
    expect(affected[2]?.versions).toMatchObject([{ status: 'fixed', range: { scheme: 'rpm' } }]);
  });

  it('keeps what the CNA says of versions, with the CPEs that others add', () => {
    const { affected } = read(
      record(
        { affected: [{ vendor: 'Node.js', product: 'Node.js', versions: [{ version: '1.2', status: 'affected' }] }] },
        {},
        [
          {
            affected: [
              { vendor: 'nodejs', product: 'nodejs', cpes: ['cpe:2.3:a:nodejs:node.js:1.2:*:*:*:*:*:*:*'] },
              { vendor: 'other', product: 'thing' },
            ],
          },
        ],
      ),
    );
    expect(affected.map(({ product }) => product.name)).toEqual(['Node.js', 'thing']);
    expect(affected[0]?.product.cpes).toEqual(['cpe:2.3:a:nodejs:node.js:*:*:*:*:*:*:*:*']);
  });

  it('that is none is told with the place of what is wrong', () => {
    for (const value of [
      null,
      [],
      {},
      { ...record({}), dataVersion: '4.0' },
      record({}, { cveId: 'CVE-1' }),
      record({}, { state: '' }),
    ]) {
      expect(readCveRecord(value)).toHaveProperty('problem');
    }
    expect(readCveRecord({ ...record({}), containers: {} })).toEqual({ problem: 'containers.cna: is missing' });
  });

  it('never makes the reader throw, whatever its members are', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (part, other) => {
        readCveRecord(part);
        readCveRecord(
          record({ affected: part, metrics: other, descriptions: part, references: other, problemTypes: part }),
        );
        readCveRecord(record({ affected: [{ product: 'x', versions: part, cpes: other, platforms: part }] }));
        readCveRecord(
          record({ affected: [{ product: 'x', versions: [{ version: part, lessThan: other, changes: part }] }] }),
        );
      }),
    );
  });
});

describe('versions of a CVE record', () => {
  it('end before lessThan, with lessThanOrEqual, and at a wildcard with all that it stands for', () => {
    const status = 'affected';
    expect(statusOf({ versions: [{ status, version: '0', lessThan: '2.0', versionType: 'semver' }] }, '1.9.9')).toBe(
      status,
    );
    expect(statusOf({ versions: [{ status, version: '0', lessThan: '2.0' }] }, '2.0')).toBe('other: unknown');
    expect(statusOf({ versions: [{ status, version: '1', lessThanOrEqual: '2.0' }] }, '2.0')).toBe(status);
    expect(statusOf({ versions: [{ status, version: '6.1.5', lessThanOrEqual: '6.1.*' }] }, '6.1.99')).toBe(status);
    expect(statusOf({ versions: [{ status, version: '6.1.5', lessThanOrEqual: '6.1.*' }] }, '6.2')).toBe(
      'other: unknown',
    );
    expect(statusOf({ versions: [{ status, version: '3', lessThan: '*' }] }, '99')).toBe(status);
  });

  it('change within their range, in order of version', () => {
    const changes = [
      { at: '1.5', status: 'affected' },
      { at: '1.2', status: 'unaffected' },
    ];
    const versions = [{ status: 'affected', version: '1.0', lessThan: '2.0', changes }];
    const statuses = ['0.9', '1.1', '1.3', '1.6', '2.0'].map((version) => statusOf({ versions }, version));
    expect(statuses).toEqual(['other: unknown', 'affected', 'fixed', 'affected', 'other: unknown']);
  });

  it('are mended where a change lies past the end', () => {
    const versions = [
      { status: 'affected', version: 'n/a', lessThanOrEqual: '3.1', changes: [{ at: '3.4', status: 'unaffected' }] },
    ];
    const statuses = ['3.1', '3.2', '3.4'].map((version) =>
      statusOf({ versions, defaultStatus: 'unaffected' }, version),
    );
    expect(statuses).toEqual(['affected', 'other: not-affected', 'fixed']);
  });

  it('that end where they begin are all before, the narrower first', () => {
    const versions = [
      { status: 'affected', version: '8.4.0', lessThan: '8.4.0' },
      { status: 'unaffected', version: '7.69.0', lessThan: '7.69.0' },
    ];
    expect(['7.60', '7.70', '8.4.0'].map((version) => statusOf({ versions }, version))).toEqual([
      'not-affected',
      'affected',
      'other: unknown',
    ]);
  });

  it('before those that Red Hat names as mended are affected, line by line', () => {
    const statusBy = (shortName: string, versions: readonly string[], version: string, vendor = 'n/a') => {
      const affected = [
        { vendor, product: 'p', versions: versions.map((each) => ({ version: each, status: 'unaffected' })) },
      ];
      const [entry] = read(record({ providerMetadata: { shortName }, affected })).affected;
      return (
        entry?.versions.find(({ range }) => isInRange(range, version).isIn === 'yes')?.status ?? entry?.otherVersions
      );
    };
    expect(['2.37', '2.39', '2.40'].map((version) => statusBy('redhat', ['2.39'], version))).toEqual([
      'affected',
      'fixed',
      'fixed',
    ]);
    const lines = ['4.19.1', '4.18.8', '4.17.12'];
    const told = ['4.16.9', '4.17.12', '4.18.3', '4.18.8', '4.19.0', '4.19.1', '4.20.0'];
    expect(told.map((version) => statusBy('redhat', lines, version))).toEqual([
      ...['affected', 'fixed', 'affected', 'fixed', 'affected', 'fixed', 'fixed'],
    ]);
    const same = ['3.4.2', '3.4.9'];
    expect(['3.4.1', '3.4.5', '3.4.9'].map((version) => statusBy('redhat', same, version))).toEqual([
      ...['affected', 'unknown', 'fixed'],
    ]);
    expect(statusBy('maker', ['2.39'], '2.37')).toBe('unknown');
    expect(statusBy('redhat', ['2.39'], '2.37', 'Red Hat')).toBe('unknown');
    expect(statusBy('redhat', ['3badecfc675f63d7f497c4d86c296a0b9ac267e7'], '2.37')).toBe('unknown');
  });

  it('of Java are affected with the updates before, as Oracle means them', () => {
    const product = { vendor: 'Oracle Corporation', product: 'Java SE JDK and JRE' };
    const versions = [{ status: 'affected', version: 'Java SE:8u301' }];
    expect(statusOf({ ...product, versions }, '8u282')).toBe('affected');
    expect(statusOf({ ...product, versions }, '7u300')).toBe('other: unknown');
  });

  it('that are commits or words are not told', () => {
    const versions = [{ status: 'affected', version: '1da177e4c3f4', lessThan: 'deadbeef0001', versionType: 'git' }];
    expect(statusOf({ versions }, '5.10')).toBe('other: unknown');
  });
});

describe('versions in words', () => {
  const bound = (version: string, isInclusive: boolean) => ({ version, isInclusive });
  it.each([
    ['< 5.26.2', [{ to: bound('5.26.2', false) }]],
    ['>= 8.0.0, < 8.18.10', [{ from: bound('8.0.0', true), to: bound('8.18.10', false) }]],
    ['All versions < V2.1', [{ to: bound('2.1', false) }]],
    ['5.7.34 and prior', [{ to: bound('5.7.34', true) }]],
    ['before 3.1', [{ to: bound('3.1', false) }]],
    ['1.0 through 1.4', [{ from: bound('1.0', true), to: bound('1.4', true) }]],
    ['Fixed in curl 7.87.0', [{ to: bound('7.87.0', false) }]],
    ['Fixed in OpenSSL 1.1.1m (Affected 1.1.1-1.1.1l)', [{ from: bound('1.1.1', true), to: bound('1.1.1l', true) }]],
    ['7.0.2, 7.0.3', ['7.0.2', '7.0.3'].map((one) => ({ from: bound(one, true), to: bound(one, true) }))],
    ['15.2(7)E3', [{ from: bound('15.2(7)E3', true), to: bound('15.2(7)E3', true) }]],
    ['all versions', [{}]],
    ['current (At least as of 2018-02-16)', undefined],
    ['See references', undefined],
    ['not 3.1', undefined],
  ])('%s', (words, intervals) => {
    expect(readVersionWords(words)).toEqual(intervals);
  });
});

describe('a stream of records', () => {
  const one = JSON.stringify(record({}));
  const collect = async (content: Uint8Array, size = 7): Promise<readonly StreamedRecord[]> => {
    const records: StreamedRecord[] = [];
    const chunks = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
      content.subarray(at * size, (at + 1) * size),
    );
    for await (const each of readCveStream(chunks)) records.push(each);
    return records;
  };
  const idsOf = (records: readonly StreamedRecord[]) =>
    records.map((each) => ('advisory' in each ? each.advisory.id : `${each.place}: ${each.problem}`));
  const id = 'CVE-2024-0001';

  it('is read from lines, an array, one record over many lines, and gzip', async () => {
    const pretty = JSON.stringify(record({}), null, 2);
    for (const text of [`${one}\n${one}\n`, `[${one},\n${one}]`, `[${pretty}, ${pretty}]`]) {
      expect(idsOf(await collect(Buffer.from(text)))).toEqual([id, id]);
      expect(idsOf(await collect(gzipSync(text)))).toEqual([id, id]);
    }
    expect(idsOf(await collect(Buffer.from(pretty), 100))).toEqual([id]);
  });

  it('tells a bad record with its place, and reads the others', async () => {
    expect(idsOf(await collect(Buffer.from(`${one}\n{"dataType":\n${one}`)))).toEqual([id, 'line 2: is not JSON', id]);
    expect(idsOf(await collect(Buffer.from(`[{}, ${one}`)))).toEqual(['record 1: dataType: is not CVE_RECORD', id]);
    expect(idsOf(await collect(Buffer.from(`[${one}, {"a"`)))).toEqual([id, 'record 2: breaks off']);
  });

  it('that breaks off in gzip ends with a problem', async () => {
    const records = await collect(gzipSync(`${one}\n`.repeat(50)).subarray(0, -12));
    expect(records.at(-1)).toHaveProperty('problem');
  });

  it('never makes the reader throw', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array(), async (content) => void (await collect(content))));
  });
});
