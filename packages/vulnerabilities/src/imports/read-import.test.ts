import { EVIDENCE_ATTRIBUTES, ListedSoftwareItem, ReportedWeakness, SecurityFormAnswer } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as agents from './examples-agents.ts';
import * as scanners from './examples-scanners.ts';
import { IMPORT_FORMATS, readImport } from './read-import.ts';
import type { ImportedReport } from './report.ts';
import { inPieces } from './test-import.ts';
import { makeArchive, makeWorkbook } from './test-workbook.ts';

const EXAMPLES: readonly Uint8Array[] = [
  ...Object.values(scanners).map((text) => Buffer.from(text)),
  ...Object.values(agents).map((text) => Buffer.from(text)),
  makeWorkbook({ Form: Array.from({ length: 25 }, (_, index) => [`AUTH-${index + 1}`, 'Question', 'Yes', 'Note 1']) }),
];

/** What is read must fit the facts that carry it. */
function expectFits(reports: readonly ImportedReport[]): void {
  for (const { software, weaknesses, form, evidence, device } of reports) {
    for (const item of software?.items ?? []) expect(ListedSoftwareItem.safeParse(item).error).toBeUndefined();
    for (const weakness of weaknesses ?? []) expect(ReportedWeakness.safeParse(weakness).error).toBeUndefined();
    for (const answer of form?.answers ?? []) expect(SecurityFormAnswer.safeParse(answer).error).toBeUndefined();
    for (const { attribute, value } of evidence) {
      expect(Object.keys(EVIDENCE_ATTRIBUTES)).toContain(attribute);
      expect(value.length).toBeLessThanOrEqual(1024);
    }
    expect(device.ips.length + device.hostnames.length).toBeLessThanOrEqual(80);
  }
}

describe('a file of another program', () => {
  it('is refused with a reason that says what is known', async () => {
    const refused = async (content: string, formatId?: string) => {
      const reading = await readImport(inPieces(content), formatId);
      return reading.isRead ? 'read' : reading.problems[0]?.what;
    };
    expect(await refused('')).toBe('is empty');
    expect(await refused('Dear colleagues, the pump is well.')).toMatch(/^is not any known format \(nmap, greenbone/);
    expect(await refused('<html><body/></html>')).toMatch(/root element is html/);
    expect(await refused('{"a":1}')).toMatch(/^is not any known format/);
    expect(await refused('{"ArtifactType":"x","SchemaVersion":2')).toMatch(/^is not JSON/);
    expect(await refused('<nmaprun><host></nmaprun>')).toMatch(/^is not well-formed XML/);
    expect(await refused(scanners.NMAP_EXAMPLE, 'nessus')).toMatch(/^is not Nessus report/);
    expect(await refused(scanners.NMAP_EXAMPLE, 'word')).toMatch(/^there is no format word/);
    expect(await refused('<nmaprun/>')).toMatch(/says nothing about any device/);
  });

  it('never has an entity of a document type expanded', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><nmaprun><host><status state="up"/><address addr="&b;" addrtype="ipv4"/></host></nmaprun>`;
    const reading = await readImport(inPieces(bomb));
    expect(reading).toMatchObject({ isRead: false });
  });

  it('fits the facts that carry it, and has a format that can be chosen by hand', async () => {
    for (const example of EXAMPLES) {
      const reading = await readImport(inPieces(example));
      if (!reading.isRead) throw new Error(JSON.stringify(reading.problems));
      expectFits(reading.value.reports);
      expect(await readImport(inPieces(example), reading.value.format.id)).toEqual(reading);
    }
    expect(new Set(IMPORT_FORMATS.map(({ id }) => id)).size).toBe(IMPORT_FORMATS.length);
  });
});

describe('a hostile file', () => {
  it('that was spoiled anywhere is read or refused, and never ends the program', async () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ maxLength: 12 }),
      cut: fc.nat(40),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...EXAMPLES),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (example, changes) => {
          let content = Buffer.from(example);
          for (const { at, bytes, cut } of changes) {
            const place = Math.floor(at * content.length);
            content = Buffer.concat([content.subarray(0, place), bytes, content.subarray(place + cut)]);
          }
          const reading = await readImport(inPieces(content));
          if (reading.isRead) expectFits(reading.value.reports);
          else expect(reading.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of any bytes or any text is refused in any format', async () => {
    const ids = fc.constantFrom(undefined, ...IMPORT_FORMATS.map(({ id }) => id));
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(content, ids, async (bytes, id) => {
        const reading = await readImport([bytes], id);
        if (reading.isRead) expectFits(reading.value.reports);
      }),
      { numRuns: 300 },
    );
  });

  it('may be an archive with any files inside', async () => {
    const xml = fc.constantFrom(
      '',
      '<a/>',
      '<workbook/>',
      '<sst><si><t>AUTH-1</t></si></sst>',
      '<worksheet><sheetData><row r="x"><c r="ZZZ9" t="s"><v>9</v></c></row></sheetData></worksheet>',
    );
    const name = fc.constantFrom('xl/workbook.xml', 'xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml', '../x');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, xml), fc.nat(300), async (files, cut) => {
        const archive = makeArchive(files);
        expect((await readImport([archive])).isRead).toBe(false);
        await readImport([archive.subarray(0, archive.length - Math.min(cut, archive.length - 1))]);
      }),
      { numRuns: 200 },
    );
  });
});
