import { QUIET_LINES, renderPdf } from '@sphinx/platform/pdf';
import { RISK_LEVELS } from '@sphinx/risk';
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { percent } from '../risk/explain.ts';
import { type BoardReport, dayText, moneyText } from './board-report.ts';
import { LEVEL_COLOURS, LEVEL_WORDS, METHOD, REPORT_TITLE } from './report-words.ts';

/** A page is an object of its own in the file, which is written without compressing objects. */
const PAGE = /\/Type \/Page\b/g;

/** @returns the report as PDF, one page of A4: where texts are long, the last lines of its tables are left out */
export async function boardPdf(report: BoardReport): Promise<Uint8Array> {
  for (let less = 0; ; less++) {
    const shorter = {
      ...report,
      risks: report.risks.slice(0, Math.max(1, report.risks.length - less)),
      services: report.services.slice(0, Math.max(1, report.services.length - less)),
    };
    const pdf = await render(shorter);
    const pages = Buffer.from(pdf).toString('latin1').match(PAGE)?.length ?? 1;
    if (pages <= 1 || less >= Math.max(report.risks.length, report.services.length)) return pdf;
  }
}

function render(report: BoardReport): Promise<Uint8Array> {
  const { time, level, text, points, risks, openRisks, services, money, forecast, isSample, horizonDays } = report;
  const content: Content[] = [
    { text: REPORT_TITLE, style: 'title' },
    {
      text: `${dayText(time)}${isSample ? '; the sample hospital is among it, not a real one' : ''}; likelihoods within ${horizonDays} days`,
      style: 'meta',
    },
    {
      text: [{ text: `Risk of the hospital: ${LEVEL_WORDS[level]}. `, bold: true }, text],
      fontSize: 10.5,
      margin: [0, 6, 0, 0],
    },
    { text: 'To know and to decide', style: 'heading' },
    points.length === 0
      ? { text: 'Nothing is above what the hospital carries, and nothing is overdue.' }
      : { ul: points.map((each) => ({ text: each })) },
    {
      columnGap: 16,
      columns: [
        { width: 'auto', stack: [{ text: 'Open risks by likelihood and harm', style: 'heading' }, matrix(report)] },
        {
          width: '*',
          stack: [
            { text: 'Clinical services most at risk', style: 'heading' },
            table(
              ['Service', 'Risk', 'Disrupted', 'Beds'],
              ['*', 'auto', 'auto', 'auto'],
              services.map((each) => [
                each.name,
                { text: LEVEL_WORDS[each.level], fillColor: LEVEL_COLOURS[each.level] },
                percent(each.probability),
                String(each.beds ?? 'unknown'),
              ]),
              'No clinical service is known yet.',
            ),
          ],
        },
      ],
    },
    {
      text: risks.length < openRisks ? `The ${risks.length} gravest of ${openRisks} open risks` : 'Open risks',
      style: 'heading',
    },
    table(
      ['No.', 'Risk', 'Level', 'Owner', 'Treatment', 'Review'],
      ['auto', '*', 'auto', 'auto', 'auto', 'auto'],
      risks.map((each) => [
        `R-${each.number}`,
        each.title,
        {
          text: `${LEVEL_WORDS[each.level]}${each.isAbove ? ', above appetite' : ''}`,
          fillColor: LEVEL_COLOURS[each.level],
        },
        each.owner,
        each.treatment,
        each.reviewAt === null ? 'none' : dayText(each.reviewAt),
      ]),
      'The register is empty.',
    ),
    { text: 'Outlook and money', style: 'heading' },
    { text: forecast ?? 'No forecast: there is too little history yet.' },
    ...(money.length === 0
      ? [{ text: 'No risk has figures of money; none are made up.' }]
      : money.map((each) => ({ text: moneyText(each), margin: [0, 2, 0, 0] as [number, number, number, number] }))),
    { text: METHOD, style: 'meta', margin: [0, 8, 0, 0] },
  ];
  return renderPdf({ title: REPORT_TITLE, subject: 'Risk report', time, content });
}

function matrix({ matrix: counts, levels }: BoardReport): Content {
  const rows = RISK_LEVELS.map((name, row): TableCell[] => [
    { text: LEVEL_WORDS[name], style: 'meta' },
    ...RISK_LEVELS.map((_, column): TableCell => {
      const level = levels[row]?.[column] ?? 'very-low';
      return { text: String(counts[row]?.[column] || '·'), fillColor: LEVEL_COLOURS[level], alignment: 'center' };
    }),
  ]).reverse();
  const head = RISK_LEVELS.map((name): TableCell => ({ text: LEVEL_WORDS[name], style: 'meta', alignment: 'center' }));
  return {
    layout: { hLineWidth: () => 1, vLineWidth: () => 1, hLineColor: () => '#ffffff', vLineColor: () => '#ffffff' },
    fontSize: 9,
    table: {
      widths: ['auto', 26, 26, 44, 26, 26],
      body: [[{ text: 'likelihood \\ harm', style: 'meta' }, ...head], ...rows],
    },
  };
}

function table(
  columns: readonly string[],
  widths: ('*' | 'auto')[],
  rows: readonly (readonly TableCell[])[],
  empty: string,
): Content {
  if (rows.length === 0) return { text: empty };
  return {
    layout: QUIET_LINES,
    fontSize: 8.5,
    table: {
      headerRows: 1,
      widths,
      body: [columns.map((text) => ({ text, style: 'tableHead' })), ...rows.map((row) => [...row])],
    },
  };
}
