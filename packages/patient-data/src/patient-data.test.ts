import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sharedData } from '../../../tests/shared-data.ts';
import {
  addCounts,
  HealthTermFile,
  Identifier,
  IdentifierFile,
  PatientDataScanner,
  RecordFormatFile,
} from './index.ts';

const KNOWLEDGE = new URL('../../../knowledge/', import.meta.url);
const MEMBER_STATES = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');

function read<T>(folder: string, file: { parse(value: unknown): T }): T[] {
  const names = readdirSync(new URL(folder, KNOWLEDGE)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => file.parse(parse(readFileSync(new URL(`${folder}/${name}`, KNOWLEDGE), 'utf8'))));
}

const definitions = read('patient-identifiers', IdentifierFile).flatMap(({ identifiers }) => identifiers);
const formats = read('record-formats', RecordFormatFile).flatMap((file) => file.formats);
const scanner = new PatientDataScanner({
  identifiers: definitions,
  formats,
  terms: read('health-terms', HealthTermFile),
});
const NOTHING = { identifiers: {}, records: {}, terms: 0 };

describe('numbers that name patients', () => {
  it('are known for every member state of the EU', () => {
    const countries = new Set(definitions.map(({ country }) => country));
    expect(MEMBER_STATES.filter((country) => !countries.has(country))).toEqual([]);
  });

  it.each(definitions.map((definition) => [definition.id, definition] as const))(
    'are told from others: %s',
    (_, definition) => {
      const identifier = new Identifier(definition);
      for (const example of definition.examples.valid)
        expect([example, identifier.isValid(example)]).toEqual([example, true]);
      for (const example of definition.examples.invalid) {
        expect([example, identifier.isValid(example)]).toEqual([example, false]);
      }
    },
  );

  // Letters stay as they are in this test: what they make unlikely does not show.
  const checked = definitions.filter(({ checks, pattern }) => checks.length > 0 && !pattern.includes('[A-Z]{6}'));
  it.each(checked.map((each) => [each.id, each] as const))(
    'are valid by chance about as rarely as is reckoned with: %s',
    (_, definition) => {
      const identifier = new Identifier(definition);
      const [example = ''] = definition.examples.valid;
      let valid = 0;
      const tries = 4000;
      const digits = fc.sample(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 }), {
        numRuns: tries,
        seed: 7,
      });
      for (const random of digits) {
        let at = 0;
        if (identifier.isValid(example.replace(/\d/g, () => String(random[at++] ?? 0)))) valid += 1;
      }
      expect(valid / tries).toBeLessThan(Math.max(0.004, identifier.chance * 3));
    },
  );
});

describe('a text', () => {
  it('with a number and a word for it holds one, with the number alone nothing is said of a short one', () => {
    expect(scanner.scan('Bitte faxen: BSN 111222333, danke.').identifiers).toEqual({ 'nl-bsn': 1 });
    expect(scanner.scan('Order 111222333 shipped.')).toEqual(NOTHING);
    expect(scanner.scan('patient_bsn=1112.22.333').identifiers).toEqual({ 'nl-bsn': 1 });
  });

  it('with a number that is hardly ever valid by chance holds one without any word', () => {
    expect(scanner.scan('RCCMNL83S18D969H').identifiers).toEqual({ 'it-codice-fiscale': 1 });
    expect(scanner.scan('85.07.30-033 28').identifiers).toEqual({ 'be-nn': 1 });
  });

  it('with a column of numbers that are nearly all valid holds as many, one of order numbers holds none', () => {
    const peselOf = (first: string) => {
      const sum = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3].reduce((total, weight, at) => total + weight * Number(first[at]), 0);
      return `${first}${(10 - (sum % 10)) % 10}`;
    };
    const column = Array.from({ length: 40 }, (_, index) =>
      peselOf(`4405${String(1 + (index % 28)).padStart(2, '0')}${1000 + index * 7}`),
    );
    expect(scanner.scan(column.join('\n')).identifiers).toMatchObject({ 'pl-pesel': new Set(column).size });
    const orders = Array.from({ length: 400 }, (_, index) => String(70_000_000_000 + index * 9973));
    expect(scanner.scan(orders.join('\n')).identifiers).toEqual({});
  });

  it('with zeros or ones where a number belongs holds none', () => {
    expect(scanner.scan('BSN 000000000, PESEL 00000000000, AMKA 11111111111').identifiers).toEqual({});
  });

  it('that is a message of HL7 tells of as many persons as it has PID segments', () => {
    const message = 'MSH|^~\\&|HIS|KH|LIS|KH|20260401||ADT^A01|1|P|2.5\rPID|1||4711^^^KH||X^Y\rPID|2||4712^^^KH||Z^Y\r';
    expect(scanner.scan(message).records).toEqual({ hl7v2: 2 });
    expect(scanner.scan('MSH|^~\\&|HIS|KH|LIS|KH|20260401||ACK|1|P|2.5\rMSA|AA|1\r').records).toEqual({});
  });

  it.each([
    [
      'cda',
      '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole/></recordTarget></ClinicalDocument>',
    ],
    ['xdt', '01380006310\r\n0143101Muster\r\n'],
    ['patient-table', 'Patient;Name;Geburtsdatum\n1;Muster;01.04.1950\n2;Beispiel;13.12.1961\n'],
    ['astm-patient', '1H|\\^&|||ABL90\r2P|1||4711\r3O|1|22\r'],
    ['x12-health', 'ST*837*0021*005010X222A1~NM1*IL*1*DOE*JOHN****MI*11122333301~'],
    ['dicom-json', '[{"00100020":{"vr":"LO","Value":["4711"]},"00100010":{"vr":"PN"}}]'],
  ])('that is a record is told by its form: %s', (format, text) => {
    expect(Object.keys(scanner.scan(text).records)).toEqual([format]);
  });

  it.each([
    [
      'de',
      'Entlassungsbrief: Diagnose Herzinfarkt, Zustand nach Pneumonie. Medikation: Antibiotika intravenös, Blutdruck stabil.',
    ],
    [
      'fr',
      'Compte-rendu: diagnostic de pneumopathie, antécédents de diabète, traitement par antibiotiques, cardiologie.',
    ],
    ['pl', 'Wypis ze szpitala: rozpoznanie zapalenie płuc, nadciśnienie, leczenie antybiotykami, kardiologia.'],
    ['el', 'Εξιτήριο: διάγνωση πνευμονία, ιστορικό υπέρταση, θεραπεία με αντιβιοτικά, νοσηλεία.'],
  ])('of medicine has many of its words: %s', (_, text) => {
    expect(scanner.scan(text).terms).toBeGreaterThanOrEqual(5);
  });

  it('of other things has few', () => {
    const licence = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8');
    const source = readFileSync(new URL('./scan/patient-data-scanner.ts', import.meta.url), 'utf8');
    expect(scanner.scan(licence)).toMatchObject({ identifiers: {}, records: {} });
    expect(scanner.scan(licence).terms).toBeLessThan(5);
    expect(scanner.scan(source).records).toEqual({});
  });

  it('is never kept: only kinds and counts come out', () => {
    const text = 'Patient: Codice fiscale RCCMNL83S18D969H, BSN 111222333';
    expect(JSON.stringify(scanner.scan(text))).not.toMatch(/RCCMNL|111222333/);
  });

  it('of any bytes does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const { terms } = scanner.scan(Buffer.from(bytes).toString('latin1'));
        expect(terms).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is added to another', () => {
    const one = { identifiers: { 'nl-bsn': 1 }, records: { hl7v2: 1 }, terms: 3 };
    const other = { identifiers: { 'nl-bsn': 2, 'dk-cpr': 1 }, records: {}, terms: 7 };
    expect(addCounts(one, other)).toEqual({
      identifiers: { 'nl-bsn': 3, 'dk-cpr': 1 },
      records: { hl7v2: 1 },
      terms: 7,
    });
  });
});

const BUNDLES = sharedData('deid/fhir');
describe('bundles of FHIR', () => {
  it.skipIf(BUNDLES === undefined)('are records of patients', () => {
    for (const name of readdirSync(BUNDLES ?? '')) {
      const text = gunzipSync(readFileSync(`${BUNDLES}/${name}`))
        .toString('utf8')
        .slice(0, 60_000);
      expect(scanner.scan(text).records).toHaveProperty('fhir-json');
    }
  });
});
