import type { ImportContent, WorkbookFormat } from '../format.ts';
import { Unreadable } from '../source/unreadable.ts';
import { readWorkbook, type Worksheet } from '../source/workbook.ts';
import { readMds2Of2013 } from './mds2-2013.ts';
import { readMds2Of2019 } from './mds2-2019.ts';

/* Manufacturer Disclosure Statement for Medical Device Security: ANSI/NEMA HN 1-2019 and HIMSS/NEMA HN 1-2013, as workbooks. */

export const MDS2: WorkbookFormat = {
  kind: 'workbook',
  id: 'mds2',
  title: 'MDS2 form (2013 or 2019) as workbook (.xlsx)',
  async read(bytes): Promise<ImportContent> {
    const sheets = await readWorkbook(bytes);
    const report = readMds2Of2019(sheets) ?? readMds2Of2013(sheets);
    if (report === undefined) throw new Unreadable('', whyNot(sheets));
    return { tool: report.form?.form ?? 'MDS2', reports: [report], problems: [] };
  },
};

function whyNot(sheets: readonly Worksheet[]): string {
  const names = sheets.map(({ name }) => name).slice(0, 5);
  return `is a workbook, but no MDS2 form: no column holds question numbers such as AUTH-1 (2019) or 3-1 (2013). Sheets: ${names.join(', ') || 'none'}`;
}
