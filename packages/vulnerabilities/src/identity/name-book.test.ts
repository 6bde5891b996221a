import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCveRecord } from '../cve/read-cve-record.ts';
import { AdvisoryIndex } from '../match/match-index.ts';
import { readNameBook } from './name-book.ts';
import { plainVendor } from './plain-name.ts';

const FOLDER = fileURLToPath(new URL('../../../../knowledge/software-aliases/', import.meta.url));
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, content: parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as unknown }));

function book() {
  const reading = readNameBook(files);
  if (!reading.isRead) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

function advise(vendor: string, product: string) {
  const affected = [
    { vendor, product, versions: [{ status: 'affected', version: '1', lessThan: '3', versionType: 'custom' }] },
  ];
  const cveMetadata = { cveId: 'CVE-2024-0001', state: 'PUBLISHED' };
  const reading = readCveRecord({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata,
    containers: { cna: { affected } },
  });
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.advisory;
}

describe('the names of companies and products', () => {
  it('are read from knowledge: at least 200 companies, each with a reference', () => {
    expect(book().size).toBeGreaterThanOrEqual(200);
  });

  it('tell that a company is now part of another, or writes its name in another way', () => {
    const names = book();
    const isSame = (one: string, other: string) => names.namesOfVendor(one).includes(plainVendor(other));
    expect(isSame('Drägerwerk AG & Co. KGaA', 'Draeger')).toBe(true);
    expect(isSame('Welch Allyn', 'Baxter Healthcare Corporation')).toBe(true);
    expect(isSame('Respironics, Inc.', 'Philips')).toBe(true);
    expect(isSame('Becton, Dickinson and Company (BD)', 'CareFusion')).toBe(true);
    expect(isSame('Philips', 'Siemens')).toBe(false);
    expect(names.namesOfVendor('Nobody Ltd.')).toEqual(['nobody', 'nobodyltd']);
  });

  it('bridge between what an inventory says and a CPE name', () => {
    expect(book().cpeProductsOf('', 'IIS')).toContain('microsoft:internet_information_services');
    expect(book().cpeProductsOf('', 'DICOM Viewer')).toEqual([]);
    expect(book().cpeProductsOf('MicroDicom', 'DICOM Viewer')).toEqual(['microdicom:dicom_viewer']);
  });

  it('find an advisory of the company that a device was made by, under its name of today', () => {
    const index = new AdvisoryIndex(
      [advise('Philips', 'Trilogy Evo'), advise('Microsoft', 'Internet Information Services')],
      book(),
    );
    const status = (vendor: string, name: string) =>
      index.match({ vendor, name, version: '2' }).map((match) => match.status);
    expect(status('Respironics', 'Trilogy Evo')).toEqual(['affected']);
    expect(status('ResMed', 'Trilogy Evo')).toEqual([]);
    expect(status('', 'Microsoft-IIS')).toEqual(['affected']);
    expect(status('Apache', 'Microsoft-IIS')).toEqual([]);
  });
});

describe('a file of names that is wrong', () => {
  it('is told with its place', () => {
    const vendor = { id: 'a', name: 'A', references: ['https://example.org/'] };
    const file = (more: object) => ({ name: 'x.yaml', content: { version: '1.0.0', title: 'T', ...more } });
    expect(readNameBook([file({ vendors: [{ ...vendor, references: [] }] })])).toMatchObject({
      problems: [{ where: 'x.yaml /vendors/0/references' }],
    });
    expect(readNameBook([file({ vendors: [vendor, vendor] })])).toMatchObject({ isRead: false });
    const product = { vendor: 'b', name: 'P', references: ['https://example.org/'] };
    expect(readNameBook([file({ vendors: [vendor], products: [product] })])).toMatchObject({
      problems: [{ what: 'there is no vendor b' }],
    });
  });
});
