import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeProblems } from '../reading/reading.ts';
import { readWeaknessNames } from '../weaknesses/weakness-names.ts';
import { readCurated } from './read-curated.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../../knowledge/', import.meta.url));
const weaknessNames = readWeaknessNames(readFileSync(join(KNOWLEDGE, 'cwe', 'weaknesses.json'), 'utf8'));
const FILES = readdirSync(join(KNOWLEDGE, 'advisories')).filter((name) => name.endsWith('.yaml'));
const readPack = (file: string) =>
  readCurated(parse(readFileSync(join(KNOWLEDGE, 'advisories', file), 'utf8')), weaknessNames);

describe('the curated pack of advisories', () => {
  it.each(FILES)('%s is of its form, named as it is, and tells products', (file) => {
    const reading = readPack(file);
    expect(reading.isRead ? '' : describeProblems(reading.problems)).toBe('');
    if (!reading.isRead) return;
    for (const { source, affected, title, severities } of reading.value) {
      expect(`${source.document.toLowerCase()}.yaml`).toBe(file);
      expect(affected.length).toBeGreaterThan(0);
      expect(title).not.toContain('undefined');
      expect(severities.every(({ score = -1 }) => score >= 0)).toBe(true);
    }
  });

  it('holds at least 150 weaknesses of many vendors', () => {
    const advisories = FILES.flatMap((file) => {
      const reading = readPack(file);
      return reading.isRead ? reading.value : [];
    });
    expect(new Set(advisories.map(({ id }) => id)).size).toBeGreaterThanOrEqual(150);
    expect(
      new Set(advisories.flatMap(({ affected }) => affected.map(({ product }) => product.vendor))).size,
    ).toBeGreaterThan(30);
  });
});

describe('a weakness of hospital IT in the pack', () => {
  it('tells CPE names, versions, and since when it is exploited', () => {
    const reading = readPack('cve-fortinet.yaml');
    const advisory = reading.isRead ? reading.value.find(({ id }) => id === 'CVE-2024-21762') : undefined;
    expect(advisory).toMatchObject({
      source: { name: 'SPHINX, from the CVE List and CISA', url: 'https://www.cve.org/CVERecord?id=CVE-2024-21762' },
      exploitation: { maturity: 'active', knownSinceMs: Date.UTC(2024, 1, 9) },
      publishedMs: Date.UTC(2024, 1, 9),
    });
    const cpes = advisory?.affected.map(({ product }) => product.cpes[0]);
    expect(cpes).toContain('cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*');
  });
});

const FILE = {
  id: 'EX-1',
  vendor: 'Example',
  published: '2026-01-01',
  modified: '2026-01-02',
  url: 'https://example.org/ex-1',
  products: [{ name: 'Pump', versions: [{ from: '1.0', below: '2.0' }, { is: '3.1' }, { words: 'early ones' }] }],
  weaknesses: [{ cve: 'CVE-2026-1000', cwe: 'CWE-798' }],
};

describe('a curated file', () => {
  it('gives intervals, single versions and words', () => {
    const reading = readCurated(FILE, weaknessNames);
    const [advisory] = reading.isRead ? reading.value : [];
    expect(advisory?.title).toBe('Use of Hard-coded Credentials in Example Pump');
    expect(advisory?.affected[0]).toMatchObject({
      versions: [
        {
          range: {
            intervals: [
              { from: { version: '1.0', isInclusive: true }, to: { version: '2.0', isInclusive: false } },
              { from: { version: '3.1', isInclusive: true }, to: { version: '3.1', isInclusive: true } },
            ],
          },
        },
        { range: { unclear: 'early ones' } },
      ],
      otherVersions: 'unknown',
    });
  });

  it.each([
    ['/products/0/versions/0', { ...FILE, products: [{ name: 'Pump', versions: [{}] }] }],
    ['/products/0/versions/0', { ...FILE, products: [{ name: 'Pump', versions: [{ is: '1', below: '2' }] }] }],
    ['/weaknesses/0/cve', { ...FILE, weaknesses: [{ cve: 'CVE-1' }] }],
    ['/products/0/cpe', { ...FILE, products: [{ name: 'Pump', cpe: 'pump', versions: [{ all: true }] }] }],
    ['/weaknesses/0/exploitedSince', { ...FILE, weaknesses: [{ cve: 'CVE-2026-1000', exploitedSince: 'May' }] }],
    ['', { ...FILE, products: undefined }],
  ])('is refused with the place of what is wrong: %s', (where, value) => {
    const reading = readCurated(value, weaknessNames);
    expect(reading.isRead ? undefined : reading.problems[0]?.where).toBe(where);
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readCurated(value, weaknessNames)));
  });
});
