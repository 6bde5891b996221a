import type { Asset, Verification } from '@sphinx/schema';
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import {
  MATCH_HEADINGS,
  matchCells,
  observedSpanText,
  pairsByConcern,
  type ReportedFiles,
  TYPE_HEADINGS,
  typeCells,
  verdictCountsText,
} from './analysis-html.ts';
import { breakable, verificationContent } from './pdf.ts';
import { QUIET_LINES, renderPdf, VERDICT_COLOURS } from './pdf-document.ts';
import { VERDICT_WORDS } from './words.ts';

/** The report on a whole analysis (`sphinx analyze --report FILE.pdf`): overview first, then one chapter per asset. */
export function renderAnalysisReportPdf(
  assets: readonly Asset[],
  verifications: readonly Verification[],
  files: ReportedFiles = { types: [], matched: [] },
): Promise<Uint8Array> {
  const pairs = pairsByConcern(assets, verifications);
  const time = verifications.reduce((latest, verification) => Math.max(latest, verification.time), 0);
  const span = observedSpanText(assets);
  const lead = `${assets.length} assets found: ${verdictCountsText(verifications)}.${span === undefined ? '' : ` Observed ${span}.`} By SPHINX, from observed network traffic only.`;
  return renderPdf('Assets and their verdicts', time, [
    { text: 'Assets and their verdicts', style: 'title' },
    { text: lead, style: 'lead' },
    overview(pairs),
    ...filesSection(files),
    ...pairs.flatMap(([asset, verification]): Content[] => [
      { text: breakable(asset.name), style: 'chapter', pageBreak: 'before' },
      ...verificationContent(verification, asset, undefined, 'judged'),
    ]),
  ]);
}

function overview(pairs: readonly (readonly [Asset, Verification])[]): Content {
  const head = ['Asset', 'Kind', 'Addresses', 'Verdict', 'First reason'].map(
    (text): TableCell => ({ text, style: 'tableHead' }),
  );
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [90, 66, 68, 60, '*'],
      body: [
        head,
        ...pairs.map(([asset, verification]): TableCell[] => [
          breakable(asset.name),
          asset.facts.kind?.value ?? 'unknown',
          asset.ips.join(', '),
          { text: VERDICT_WORDS[verification.verdict].title, bold: true, color: VERDICT_COLOURS[verification.verdict] },
          breakable(verification.reasons[0] ?? ''),
        ]),
      ],
    },
    layout: QUIET_LINES,
    fontSize: 8.5,
  };
}

function filesSection(files: ReportedFiles): Content[] {
  if (files.types.length === 0) return [];
  return [
    { text: 'Files that crossed the network', style: 'heading' },
    files.matched.length === 0
      ? { text: 'No YARA rule matched any of them.', margin: [0, 0, 0, 8] }
      : table(MATCH_HEADINGS, [90, 90, 90, '*'], matchCells(files)),
    table(TYPE_HEADINGS, ['*', 50, 80, 110], typeCells(files)),
  ];
}

function table(headings: readonly string[], widths: (number | '*')[], rows: readonly (readonly string[])[]): Content {
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths,
      body: [
        headings.map((text): TableCell => ({ text, style: 'tableHead' })),
        ...rows.map((cells): TableCell[] => cells.map((cell) => breakable(cell))),
      ],
    },
    layout: QUIET_LINES,
    fontSize: 8.5,
    margin: [0, 0, 0, 10],
  };
}
