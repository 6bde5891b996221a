import { describe, expect, it } from 'vitest';
import { readImport } from '../read-import.ts';
import { inPieces, readExample } from '../test-import.ts';
import { makeWorkbook } from '../test-workbook.ts';

/* Forms with the numbers of the questions, but words written for these tests. */

const SECTIONS = [
  'MPII',
  'ALOF',
  'AUDT',
  'AUTH',
  'CSUP',
  'DIDT',
  'DTBK',
  'EMRG',
  'IGAU',
  'MLDP',
  'NAUT',
  'CONN',
  'PAUT',
  'PLOK',
  'RDMP',
  'SBOM',
  'SAHD',
  'SGUD',
  'STCF',
  'TXCF',
  'TXIG',
  'RMOT',
];

const FORM_2019 = [
  ['', 'Manufacturer Disclosure Statement for Medical Device Security'],
  ['Question ID', 'Question', '', 'See note', 'IEC TR 80001-2-2:2012', 'NIST SP 800-53 Rev. 4', 'ISO 27002:2013'],
  ['DOC-1', 'Manufacturer', 'Example Imaging GmbH', '__'],
  ['DOC-3', 'Model', 'Scanner One', ''],
  ['DOC-4', 'Document', 'D-4711', ''],
  ['DOC-7', 'Released', '45231', ''],
  ...SECTIONS.map((section) => [`${section}-1`, `Question of ${section}?`, 'Yes', '', section, 'AC-2', 'A.9.1']),
  ['ALOF-2', 'Is there a way out?', 'See Notes', 'Note 1', 'ALOF', 'AC-12', 'A.11.2.8'],
  ['AUTH-1.1', 'Directory?', 'No', '', 'AUTH', '', ''],
  ['AUTH-1.1.1', 'Which one?', 'N/A', '', 'AUTH', '', ''],
  ['CSUP-2.1', 'Long words?', 'Updates come with the yearly service visit', '2', '', '', ''],
  ['MLDP-2', 'Left open?', '', '', '', '', ''],
];

describe('an MDS2 form of 2019', () => {
  it('gives every answer with its note, the model and the date', async () => {
    const workbook = makeWorkbook({
      MDS2: FORM_2019,
      Notes: [['Note 1', 'Screen locks after ten minutes.'], ['Note 2: Ask the service.']],
    });
    const { tool, reports } = await readExample(workbook);
    expect(tool).toBe('MDS2 2019');
    const [report] = reports;
    expect(report?.model).toEqual({ manufacturer: 'Example Imaging GmbH', model: 'Scanner One', version: '' });
    expect(report?.form).toMatchObject({
      form: 'MDS2 2019',
      documentId: 'D-4711',
      releasedAtMs: Date.UTC(2023, 10, 1),
    });
    const answers = new Map(report?.form?.answers.map((answer) => [answer.question, answer]));
    expect(answers.get('ALOF-2')).toMatchObject({ answer: 'see-note', note: 'Screen locks after ten minutes.' });
    expect(answers.get('CSUP-2.1')).toMatchObject({ answer: 'text', note: 'Ask the service.' });
    expect(['TXCF-1', 'AUTH-1.1', 'AUTH-1.1.1', 'MLDP-2', 'DOC-1'].map((id) => answers.get(id)?.answer)).toEqual([
      'yes',
      'no',
      'not-applicable',
      'none',
      'text',
    ]);
  });

  it('is read without headings, too, and takes no reference to a standard for a note', async () => {
    const { reports } = await readExample(
      makeWorkbook({ Sheet1: FORM_2019.filter(([first]) => first !== 'Question ID') }),
    );
    const answers = new Map(reports[0]?.form?.answers.map((answer) => [answer.question, answer]));
    expect(answers.get('NAUT-1')).toMatchObject({ answer: 'yes', note: '' });
  });
});

const FORM_2013 = [
  ['', 'Manufacturer Disclosure Statement for Medical Device Security – MDS2'],
  ['', 'DEVICE DESCRIPTION'],
  ['', 'Device Category', 'Manufacturer', 'Document ID', 'Document Release Date'],
  ['', 'Infusion pump', 'Example Pumps AG', 'P-12', '2015-06-30'],
  ['', 'Device Model', 'Software Revision', 'Software Release Date'],
  ['', 'Pump Two', '3.2', '2015-05-01'],
  ['A', 'Can this device display private data?', 'Yes', '__'],
  ['B.1', 'Can it identify a person?', 'No', '__'],
  ...Array.from({ length: 20 }, (_, index) => [
    `${index + 1}-1`,
    `First question of section ${index + 1}?`,
    index === 13 ? 'See Note' : 'No',
    index === 13 ? '3' : '__',
  ]),
  ['1-1.1', 'How long?', 'N/A', '__'],
  ['3', 'Runs Windows XP Embedded SP3 and Linux 2.6.32 on the pump module.'],
];

describe('an MDS2 form of 2013', () => {
  it('gives answers, model, version and the operating systems of its road map', async () => {
    const { reports } = await readExample(makeWorkbook({ Form: FORM_2013 }));
    const [report] = reports;
    expect(report?.model).toEqual({ manufacturer: 'Example Pumps AG', model: 'Pump Two', version: '3.2' });
    expect(report?.form).toMatchObject({ form: 'MDS2 2013', documentId: 'P-12', releasedAtMs: Date.UTC(2015, 5, 30) });
    expect(report?.form?.answers).toHaveLength(23);
    expect(report?.software?.items.map(({ name, version }) => [name, version])).toEqual([
      ['Windows XP Embedded', ''],
      ['Linux', '2.6.32'],
    ]);
  });
});

describe('another workbook', () => {
  it('is refused with what is missing', async () => {
    const reading = await readImport(inPieces(makeWorkbook({ Costs: [['a', 'b']] })));
    expect(reading).toEqual({
      isRead: false,
      problems: [{ where: '', what: expect.stringContaining('Sheets: Costs') as string }],
    });
  });

  it('that claims to unpack to more than it may does not fill the memory', async () => {
    const reading = await readImport(inPieces(makeWorkbook({ Big: [['x'.repeat(70 * 1024 * 1024)]] })));
    expect(reading.isRead).toBe(false);
  });
});
