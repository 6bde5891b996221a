import type { Asset, Verification } from '@sphinx/schema';
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { observedSpanText, pairsByConcern, verdictCountsText } from './analysis-html.ts';
import { breakable, verificationContent } from './pdf.ts';
import { QUIET_LINES, renderPdf, VERDICT_COLOURS } from './pdf-document.ts';
import { VERDICT_WORDS } from './words.ts';

/** The report on a whole analysis (`sphinx analyze --report FILE.pdf`): overview first, then one chapter per asset. */
export function renderAnalysisReportPdf(
  assets: readonly Asset[],
  verifications: readonly Verification[],
): Promise<Uint8Array> {
  const pairs = pairsByConcern(assets, verifications);
  const time = verifications.reduce((latest, verification) => Math.max(latest, verification.time), 0);
  const span = observedSpanText(assets);
  const lead = `${assets.length} assets found: ${verdictCountsText(verifications)}.${span === undefined ? '' : ` Observed ${span}.`} By SPHINX, from observed network traffic only.`;
  return renderPdf('Assets and their verdicts', time, [
    { text: 'Assets and their verdicts', style: 'title' },
    { text: lead, style: 'lead' },
    overview(pairs),
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
