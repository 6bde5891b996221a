import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEpss } from '../exploitation/read-epss.ts';
import { readKev } from '../exploitation/read-kev.ts';
import { describeProblems, type Reading } from '../reading/reading.ts';
import { EXAMPLES } from './examples.ts';
import { ADVISORY_FORMATS, readAdvisories } from './read-advisories.ts';
import { readSoftwareList, SOFTWARE_LIST_FORMATS } from './read-software-list.ts';

function valueIn<T>(reading: Reading<T>): T {
  if (reading.isRead) return reading.value;
  throw new Error(describeProblems(reading.problems));
}
const advisories = (document: unknown) => valueIn(readAdvisories(JSON.stringify(document)));
const list = (document: unknown) => valueIn(readSoftwareList(JSON.stringify(document)));

describe('OSV', () => {
  it('gives intervals of each package, the other versions being clean', () => {
    const [advisory] = advisories(EXAMPLES.osv);
    expect(advisory).toMatchObject({ id: 'GHSA-xxxx-1111-2222', aliases: ['CVE-2026-2000'], weaknesses: ['CWE-22'] });
    expect(advisory?.affected[0]).toMatchObject({
      product: { name: '@scope/viewer', purls: ['pkg:npm/%40scope/viewer'] },
      versions: [
        {
          status: 'affected',
          range: {
            scheme: 'semver',
            intervals: [
              { to: { version: '1.2.0', isInclusive: false } },
              { from: { version: '2.0.0', isInclusive: true }, to: { version: '2.3.1', isInclusive: true } },
            ],
          },
        },
      ],
      otherVersions: 'not-affected',
    });
    expect(advisory?.affected[1]).toMatchObject({
      product: { name: 'dcmtk', platforms: ['Debian 12'], purls: ['pkg:deb/debian/dcmtk'] },
      versions: [{ range: { scheme: 'debian' } }],
    });
    expect(advisory?.remedies[0]).toMatchObject({ kind: 'fix', text: 'Update to 1.2.0' });
  });

  it('of commits alone says nothing of versions', () => {
    const [advisory] = advisories({
      ...EXAMPLES.osv,
      affected: [
        { package: { ecosystem: 'npm', name: 'x' }, ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
      ],
    });
    expect(advisory?.affected[0]).toMatchObject({ otherVersions: 'unknown', versions: [{ range: { intervals: [] } }] });
  });
});

describe('OpenVEX', () => {
  it('lets the later of two statements about one product hold', () => {
    const [advisory] = advisories(EXAMPLES.openvex);
    expect(advisory).toMatchObject({ id: 'CVE-2026-2001', source: { name: 'Example Imaging' } });
    expect(advisory?.affected).toHaveLength(1);
    expect(advisory?.affected[0]).toMatchObject({
      product: { name: 'viewer', purls: ['pkg:npm/viewer'] },
      versions: [{ status: 'not-affected', range: { scheme: 'semver', intervals: [{ from: { version: '3.1.0' } }] } }],
      otherVersions: 'unknown',
      note: 'vulnerable code not in execute path',
    });
  });
});

describe('a weakness in OpenVEX', () => {
  it('has the first sentence about it as title, else its name', () => {
    const [statement] = EXAMPLES.openvex.statements;
    const titleWith = (description: string) => {
      const vulnerability = { name: 'CVE-2026-2001', description };
      return advisories({ ...EXAMPLES.openvex, statements: [{ ...statement, vulnerability }] })[0]?.title;
    };
    expect(titleWith('The viewer reads past the end. An image can end it.')).toBe('The viewer reads past the end.');
    expect(titleWith('')).toBe('CVE-2026-2001');
  });
});

describe('CycloneDX', () => {
  it('gives the components with those inside them and what they need', () => {
    const { format, subjects, items } = list(EXAMPLES.cyclonedx);
    expect(format).toBe('CycloneDX 1.6');
    expect(subjects).toEqual(['pump']);
    expect(items.map(({ id, name, version, dependsOn }) => [id, name, version, dependsOn])).toEqual([
      ['pump', 'Infusion Pump', '2.0', ['openssl']],
      ['openssl', 'openssl', '3.0.1', ['/components/0/components/0']],
      ['/components/0/components/0', 'zlib', '', []],
    ]);
    expect(items[1]).toMatchObject({ purls: ['pkg:generic/openssl@3.0.1'], licences: ['Apache-2.0'] });
  });

  it('gives its vulnerabilities with the state of their analysis', () => {
    const [advisory] = advisories(EXAMPLES.cyclonedx);
    expect(advisory).toMatchObject({
      id: 'CVE-2026-2002',
      severities: [{ version: '3.1', score: 7.5 }],
      weaknesses: ['CWE-787'],
      affected: [
        {
          product: { name: 'openssl', purls: ['pkg:generic/openssl'] },
          versions: [{ status: 'not-affected' }],
          note: 'code not reachable',
        },
      ],
    });
  });

  it('of another version than 1.4 to 1.7 is refused', () => {
    const reading = readSoftwareList(JSON.stringify({ ...EXAMPLES.cyclonedx, specVersion: '1.2' }));
    expect(reading.isRead ? '' : describeProblems(reading.problems)).toContain('/specVersion: is none of the versions');
  });
});

describe('SPDX', () => {
  it('2.3 gives packages with supplier, identifiers, licences and what they need', () => {
    const { format, subjects, items } = list(EXAMPLES.spdx2);
    expect([format, subjects]).toEqual(['SPDX 2.3', ['SPDXRef-app']]);
    expect(items[0]).toMatchObject({ vendor: 'Example Imaging', version: '1.0', dependsOn: ['SPDXRef-lib'] });
    expect(items[1]).toMatchObject({ purls: ['pkg:pypi/pydicom@2.4.0'], licences: ['MIT'], kind: 'library' });
  });

  it('3.0 gives the same from its graph', () => {
    const { format, subjects, items } = list(EXAMPLES.spdx3);
    expect([format, subjects]).toEqual(['SPDX 3.0', ['urn:app']]);
    expect(items[0]).toMatchObject({ vendor: 'Example Imaging', version: '1.0', dependsOn: ['urn:lib'] });
    expect(items[1]).toMatchObject({ purls: ['pkg:pypi/pydicom@2.4.0'], licences: ['MIT'] });
  });

  it('3.0 says where in its graph something is wrong', () => {
    const spoiled = { ...EXAMPLES.spdx3, '@graph': [{ type: 'Relationship', from: 'urn:app' }] };
    const reading = readSoftwareList(JSON.stringify(spoiled));
    expect(reading.isRead ? [] : reading.problems.map(({ where }) => where)).toContain('/@graph/0/to');
  });
});

describe('NVD', () => {
  it('gives products by CPE with their intervals and that on which they run', () => {
    const [advisory, rejected] = advisories(EXAMPLES.nvd);
    expect(advisory).toMatchObject({
      id: 'CVE-2026-2003',
      isWithdrawn: false,
      publishedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    expect(advisory?.affected).toEqual([
      {
        product: {
          vendor: 'example',
          name: 'pump_firmware',
          cpes: ['cpe:2.3:o:example:pump_firmware:*:*:*:*:*:*:*:*'],
          purls: [],
          platforms: ['cpe:2.3:h:example:pump:*:*:*:*:*:*:*:*'],
        },
        versions: [
          {
            status: 'affected',
            range: {
              scheme: 'generic',
              intervals: [
                { to: { version: '2.0', isInclusive: false } },
                { from: { version: '3.1', isInclusive: true }, to: { version: '3.1', isInclusive: true } },
              ],
            },
          },
        ],
        otherVersions: 'not-affected',
        note: '',
      },
    ]);
    expect(rejected).toMatchObject({ isWithdrawn: true, affected: [] });
  });
});

describe('what is known of exploitation', () => {
  it('is read from the catalogue of CISA', () => {
    expect(valueIn(readKev(JSON.stringify(EXAMPLES.kev)))).toMatchObject([
      { cve: 'CVE-2026-2004', isUsedByRansomware: true, addedMs: Date.UTC(2026, 0, 5), dueMs: Date.UTC(2026, 0, 26) },
    ]);
  });

  it('is read from the scores of FIRST', () => {
    const { model, scoredMs, scores } = valueIn(readEpss(EXAMPLES.epss));
    expect([model, scoredMs]).toEqual(['v2025.03.14', Date.UTC(2026, 0, 2)]);
    expect(scores.get('CVE-2026-2004')).toEqual({ probability: 0.9431, percentile: 0.99951 });
  });

  it('is refused with the line that is wrong', () => {
    expect(readEpss(`${EXAMPLES.epss}CVE-2026-1,x,1\n`)).toMatchObject({ problems: [{ where: 'line 4' }] });
  });
});

describe('a bad document', () => {
  const readers = [
    ...ADVISORY_FORMATS,
    ...SOFTWARE_LIST_FORMATS,
    { title: 'KEV', read: readKev },
    { title: 'EPSS', read: (content: Uint8Array | string) => readEpss(String(content)) },
  ];
  const sound = Object.values(EXAMPLES).map((example) =>
    typeof example === 'string' ? example : JSON.stringify(example),
  );

  it.each(readers.map(({ title, read }) => [title, read] as const))(
    'never makes the reader of %s throw',
    (_title, read) => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => void read(JSON.stringify(value))),
        { numRuns: 50 },
      );
      fc.assert(
        fc.property(fc.constantFrom(...sound), fc.nat(), fc.jsonValue(), (text, at, value) => {
          read(withPartReplaced(text, at, value));
        }),
        { numRuns: 150 },
      );
    },
  );

  it('of no known form is refused with the forms that are known', () => {
    expect(readAdvisories('{"a":1}')).toMatchObject({ problems: [{ what: expect.stringContaining('OpenVEX') }] });
    expect(readSoftwareList('[]')).toMatchObject({ problems: [{ what: expect.stringContaining('SPDX 3') }] });
  });
});

function withPartReplaced(text: string, at: number, value: unknown): string {
  if (!text.startsWith('{')) return text.slice(0, at % text.length) + JSON.stringify(value);
  let count = 0;
  const total = text.match(/[:,[]/g)?.length ?? 1;
  return JSON.stringify(
    JSON.parse(text, (_key, member: unknown) => {
      count += 1;
      return count === at % total ? value : member;
    }),
  );
}
