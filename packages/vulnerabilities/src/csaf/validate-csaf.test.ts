import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWeaknessNames } from '../weaknesses/weakness-names.ts';
import { exampleDocument, exampleVulnerability } from './example-document.ts';
import { CSAF_TESTS, validateCsaf } from './validate-csaf.ts';

const names = fileURLToPath(new URL('../../../../knowledge/cwe/weaknesses.json', import.meta.url));
const weaknessNames = readWeaknessNames(readFileSync(names, 'utf8'));

/** Tests that complain, `schema` among them. */
function complaints(document: unknown): readonly string[] {
  return validateCsaf(document, { weaknessNames })
    .results.filter(({ problems }) => problems.length > 0)
    .map(({ id }) => id);
}

describe('the tests of CSAF 2.0', () => {
  it('are all there, each once', () => {
    const ids = CSAF_TESTS.map(({ id }) => id);
    const numbers = (prefix: string, last: number) => Array.from({ length: last }, (_, at) => `${prefix}.${at + 1}`);
    const mandatory = numbers('6.1', 33).flatMap((id) => (id === '6.1.27' ? numbers(id, 11) : [id]));
    expect(ids).toEqual([...mandatory, ...numbers('6.2', 20), ...numbers('6.3', 11)]);
  });

  it('find no fault in a sound document, and mention that it tells a range', () => {
    expect(complaints(exampleDocument())).toEqual(['6.3.9', '6.3.10']);
    expect(validateCsaf(exampleDocument(), { weaknessNames }).isValid).toBe(true);
  });

  it.each<[string, (document: ReturnType<typeof exampleDocument>) => void]>([
    ['6.1.1', (d) => d.vulnerabilities[0]?.product_status.known_affected.push('nowhere')],
    ['6.1.6', (d) => Object.assign(d.vulnerabilities[0]?.product_status ?? {}, { fixed: ['pump-1'] })],
    ['6.1.9', (d) => Object.assign(d.vulnerabilities[0]?.scores[0]?.cvss_v3 ?? {}, { baseScore: 9.7 })],
    ['6.1.10', (d) => Object.assign(d.vulnerabilities[0]?.scores[0]?.cvss_v3 ?? {}, { attackVector: 'LOCAL' })],
    ['6.1.11', (d) => Object.assign(d.vulnerabilities[0] ?? {}, { cwe: { id: 'CWE-79', name: 'Something else' } })],
    ['6.1.12', (d) => Object.assign(d.document, { lang: 'EZ' })],
    ['6.1.16', (d) => Object.assign(d.document.tracking, { version: '3' })],
    ['6.1.23', (d) => d.vulnerabilities.push(exampleVulnerability())],
    ['6.1.26', (d) => Object.assign(d.document, { category: 'Security Advisory' })],
    ['6.1.27.5', (d) => Object.assign(d.vulnerabilities[0] ?? {}, { notes: undefined })],
    ['6.2.12', (d) => Object.assign(d.document, { lang: undefined })],
    ['6.2.20', (d) => Object.assign(d.document, { zebra: 1 })],
  ])('%s complains of what it is for', (id, spoil) => {
    const document = exampleDocument();
    spoil(document);
    expect(complaints(JSON.parse(JSON.stringify(document)))).toContain(id);
  });

  it.each([
    ['pkg:maven/org.example/viewer@1.3.4', true],
    ['pkg:npm/%40scope/viewer@1.0?arch=x64#lib', true],
    ['pkg:deb/debian/dcmtk@3.6.7-8?distro=bookworm', true],
    ['pkg:generic/openssl', true],
    ['pkg:maven/@1.3.4', false],
    ['pkg:maven/viewer@1.3.4', false],
    ['pkg:generic/openssl@', false],
    ['pkg:npm/a%ZZb@1', false],
    ['pkg:npm/viewer?1=x', false],
    ['pkg:github/owner//name', false],
  ])('6.1.13 judges %s', (purl, isValid) => {
    const document = exampleDocument();
    Object.assign(document.product_tree, {
      full_product_names: [{ name: 'Viewer', product_id: 'viewer', product_identification_helper: { purl } }],
    });
    expect(complaints(document).includes('6.1.13') || complaints(document).includes('schema')).toBe(!isValid);
  });

  it('are not run on what has not the structure of CSAF, and the schema says where', () => {
    const { isValid, results } = validateCsaf({ document: { category: 'csaf_base' } });
    expect(isValid).toBe(false);
    expect(results[0]?.problems).toContainEqual({ where: '/document/title', what: 'is missing' });
    expect(results.find(({ id }) => id === '6.1.1')?.notRun).toContain('structure');
  });

  it('tell those that need the network or a dictionary as not run', () => {
    const { results } = validateCsaf(exampleDocument(), { weaknessNames });
    const notRun = results.filter((result) => result.notRun !== undefined).map(({ id }) => id);
    expect(notRun).toEqual(['6.3.6', '6.3.7', '6.3.8']);
  });

  it('never throw, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(validateCsaf(value).results.length).toBe(CSAF_TESTS.length + 1);
      }),
      { numRuns: 200 },
    );
  });

  it('never throw on a document with any part replaced', () => {
    fc.assert(
      fc.property(fc.nat(), fc.jsonValue(), (at, value) => {
        const document = exampleDocument();
        replacePart(document, at, value);
        validateCsaf(document, { weaknessNames });
      }),
      { numRuns: 300 },
    );
  });
});

it('knows the names of weaknesses', () => {
  expect(existsSync(names)).toBe(true);
  expect(weaknessNames.get('CWE-798')?.[0]).toBe('Use of Hard-coded Credentials');
});

/** Puts a value in the place of the n-th member of a document, counted through all its depth. */
function replacePart(root: object, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (parent: unknown) => {
    if (typeof parent !== 'object' || parent === null) return;
    for (const [key, member] of Object.entries(parent)) {
      places.push([parent as Record<string, unknown>, key]);
      walk(member);
    }
  };
  walk(root);
  const [parent, key] = places[at % places.length] ?? [];
  if (parent !== undefined && key !== undefined) parent[key] = value;
}
