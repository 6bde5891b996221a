import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { describeProblems } from '../reading/reading.ts';
import { exampleDocument } from './example-document.ts';
import { readCsaf } from './read-csaf.ts';

function advisoriesOf(document: unknown) {
  const reading = readCsaf(JSON.stringify(document));
  if (!reading.isRead) throw new Error(describeProblems(reading.problems));
  return reading.value;
}

describe('a CSAF document', () => {
  it('is read into one advisory for each vulnerability, with source, severity, products and remedies', () => {
    const [advisory] = advisoriesOf(exampleDocument());
    expect(advisory).toMatchObject({
      id: 'CVE-2026-1001',
      source: { name: 'Example Pumps', document: 'EP-2026-01', url: 'https://pumps.example/csaf/ep-2026-01.json' },
      title: 'Password in the firmware of infusion pumps',
      description: 'A service account has the same password in every pump.',
      publishedMs: Date.UTC(2026, 2, 1, 10),
      weaknesses: ['CWE-798'],
      severities: [{ version: '3.1', score: 9.8, source: 'Example Pumps' }],
      remedies: [{ kind: 'fix', products: ['Infusion Pump'], url: 'https://pumps.example/update' }],
    });
  });

  it('says of one product what holds for each of its versions, narrow statements first', () => {
    const [advisory] = advisoriesOf(exampleDocument());
    expect(advisory?.affected).toHaveLength(1);
    const [pump] = advisory?.affected ?? [];
    expect(pump?.product).toMatchObject({
      vendor: 'Example Pumps',
      name: 'Infusion Pump',
      marks: [{ kind: 'model', text: 'IP-100*' }],
    });
    expect(pump?.versions.map(({ status }) => status)).toEqual(['fixed', 'affected', 'affected']);
    expect(pump?.versions[2]?.range.intervals).toEqual([
      { from: { version: '1.0', isInclusive: true }, to: { version: '1.4', isInclusive: false } },
    ]);
    expect(pump?.otherVersions).toBe('not-affected');
    expect(pump?.versions[0]?.range.intervals).toEqual([
      { from: { version: '2.0.0', isInclusive: true }, to: { version: '2.0.0', isInclusive: true } },
    ]);
  });

  it('joins the first and the last affected version to what lies between, before what is fixed upward', () => {
    const document = exampleDocument();
    document.vulnerabilities = [
      {
        ...document.vulnerabilities[0],
        remediations: [],
        scores: [],
        product_status: { first_affected: ['pump-1'], last_affected: ['pump-2'] },
      },
    ] as unknown as typeof document.vulnerabilities;
    const spoiled = JSON.parse(
      JSON.stringify(document)
        .replace(/"(remediations|scores)":\[\],?/g, '')
        .replace(/,}/g, '}'),
    );
    const [pump] = advisoriesOf(spoiled)[0]?.affected ?? [];
    expect(pump?.versions).toEqual([
      {
        status: 'affected',
        range: {
          scheme: 'generic',
          intervals: [{ from: { version: '1.4.2', isInclusive: true }, to: { version: '2.0.0', isInclusive: true } }],
        },
      },
    ]);
  });

  it('places a component on the product that it is part of', () => {
    const document = exampleDocument();
    Object.assign(document.product_tree, {
      relationships: [
        {
          category: 'installed_on',
          full_product_name: { name: 'Pump on Gateway', product_id: 'pump-on-gateway' },
          product_reference: 'pump-1',
          relates_to_product_reference: 'gateway',
        },
      ],
      full_product_names: [{ name: 'Gateway', product_id: 'gateway' }],
    });
    document.vulnerabilities[0]?.product_status.known_affected.push('pump-on-gateway');
    const onGateway = advisoriesOf(document)[0]?.affected.find(({ product }) => product.platforms.length > 0);
    expect(onGateway?.product).toMatchObject({ name: 'Infusion Pump', platforms: ['Gateway'] });
  });

  it('is refused as a whole where a product is named that it does not define, and says where', () => {
    const document = exampleDocument();
    document.vulnerabilities[0]?.product_status.known_affected.push('nowhere');
    expect(readCsaf(JSON.stringify(document))).toEqual({
      isRead: false,
      problems: [
        {
          where: '/vulnerabilities/0/product_status/known_affected/2',
          what: 'names product nowhere, which the product tree does not define',
        },
      ],
    });
  });

  it('is refused where it is no JSON, no UTF-8 or nested without end', () => {
    expect(readCsaf('{')).toMatchObject({ isRead: false });
    expect(readCsaf(new Uint8Array([0xff, 0xfe]))).toEqual({
      isRead: false,
      problems: [{ where: '', what: 'is not UTF-8' }],
    });
    const branch = '{"product_tree":{"branches":['.repeat(200_000);
    expect(readCsaf(branch)).toMatchObject({ problems: [{ what: 'is nested deeper than 200 levels' }] });
  });

  it('never makes the reader throw, whatever its bytes', () => {
    const sound = JSON.stringify(exampleDocument());
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.string({ maxLength: 5 }), (at, insert) => {
        readCsaf(sound.slice(0, at) + insert + sound.slice(at + insert.length));
      }),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readCsaf(bytes)));
  });
});

const ICSMA = sharedData('csaf-icsma');

it.skipIf(ICSMA === undefined)(
  'reads every medical advisory of CISA (skipped where shared/data/csaf-icsma is absent)',
  () => {
    const folder = ICSMA ?? '';
    for (const file of readdirSync(folder)) {
      const reading = readCsaf(readFileSync(join(folder, file)));
      expect(reading.isRead ? '' : `${file}: ${describeProblems(reading.problems)}`).toBe('');
      expect(reading.isRead && reading.value.every(({ affected }) => affected.length > 0)).toBe(true);
    }
  },
);
