import { RISK_LEVELS, type RiskLevel } from '@sphinx/risk';
import { percent } from '../risk/explain.ts';
import { type BoardReport, dayText, moneyText } from './board-report.ts';
import { LEVEL_COLOURS, LEVEL_WORDS, METHOD, REPORT_TITLE } from './report-words.ts';

const STYLE = `
  @page { size: A4; margin: 14mm 16mm; }
  body { font: 10pt/1.35 system-ui, "Segoe UI", Roboto, sans-serif; color: #1a1f26; background: #fff; max-width: 178mm; margin: 8mm auto; padding: 0 4mm; }
  h1 { font-size: 17pt; margin: 0; } h2 { font-size: 11.5pt; margin: 4mm 0 1.5mm; } p { margin: 0 0 1.5mm; }
  .meta { color: #414b58; font-size: 8.5pt; } .lead { font-size: 11pt; }
  table { border-collapse: collapse; width: 100%; font-size: 9pt; }
  th, td { text-align: left; padding: 1mm 1.5mm; border-bottom: 0.2mm solid #c6ccd4; vertical-align: top; }
  th { background: #eef1f5; } .level { white-space: nowrap; } .n { text-align: right; }
  .matrix td, .matrix th { text-align: center; border: 0.4mm solid #fff; } .matrix { width: auto; }
  .side { display: flex; gap: 8mm; flex-wrap: wrap; } .side > section { flex: 1 1 70mm; }
  ul { margin: 0; padding-left: 5mm; }
  @media print { body { margin: 0; padding: 0; } }
`;

/** @returns the report as one HTML page that needs nothing else and prints on one sheet */
export function boardHtml(report: BoardReport): string {
  const { time, level, text, points, risks, openRisks, services, money, forecast, isSample, horizonDays } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${REPORT_TITLE}</title><style>${STYLE}</style></head><body><main>
<h1>${REPORT_TITLE}</h1>
<p class="meta">${dayText(time)}${isSample ? ' · the sample hospital is among it, not a real one' : ''} · likelihoods within ${horizonDays} days</p>
<p class="lead"><strong>Risk of the hospital: ${levelHtml(level)}.</strong> ${escapeHtml(text)}</p>
<h2>To know and to decide</h2>
${points.length === 0 ? '<p>Nothing is above what the hospital carries, and nothing is overdue.</p>' : `<ul>${points.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ul>`}
<div class="side"><section><h2>Open risks by likelihood and harm</h2>${matrixHtml(report)}</section>
<section><h2>Clinical services most at risk</h2>${tableHtml(
    ['Service', 'Risk', 'Disrupted', 'Beds'],
    services.map((each) => [
      escapeHtml(each.name),
      levelHtml(each.level),
      percent(each.probability),
      String(each.beds ?? 'unknown'),
    ]),
    'No clinical service is known yet.',
  )}</section></div>
<h2>${risks.length < openRisks ? `The ${risks.length} gravest of ${openRisks} open risks` : 'Open risks'}</h2>
${tableHtml(
  ['No.', 'Risk', 'Level', 'Owner', 'Treatment', 'Review'],
  risks.map((each) => [
    `R-${each.number}`,
    escapeHtml(each.title),
    `${levelHtml(each.level)}${each.isAbove ? ', above appetite' : ''}`,
    escapeHtml(each.owner),
    escapeHtml(each.treatment),
    each.reviewAt === null ? 'none' : dayText(each.reviewAt),
  ]),
  'The register is empty.',
)}
<h2>Outlook and money</h2>
<p>${escapeHtml(forecast ?? 'No forecast: there is too little history yet.')}</p>
${money.length === 0 ? '<p>No risk has figures of money; none are made up.</p>' : money.map((each) => `<p>${escapeHtml(moneyText(each))}</p>`).join('')}
<p class="meta">${METHOD}</p>
</main></body></html>
`;
}

function matrixHtml({ matrix, levels }: BoardReport): string {
  const rows = RISK_LEVELS.map((name, row) => {
    const cells = RISK_LEVELS.map((_, column) => {
      const level = levels[row]?.[column] ?? 'very-low';
      return `<td style="background:${LEVEL_COLOURS[level]}" title="${LEVEL_WORDS[level]} risk">${matrix[row]?.[column] || '·'}</td>`;
    });
    return `<tr><th scope="row">${LEVEL_WORDS[name]}</th>${cells.join('')}</tr>`;
  }).reverse();
  const heads = RISK_LEVELS.map((name) => `<th scope="col">${LEVEL_WORDS[name]}</th>`).join('');
  return `<table class="matrix"><thead><tr><th scope="col">likelihood \\ harm</th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function tableHtml(columns: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return `<p>${empty}</p>`;
  const head = columns.map((title) => `<th scope="col">${title}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function levelHtml(level: RiskLevel): string {
  return `<span class="level" style="background:${LEVEL_COLOURS[level]};padding:0 1mm">${LEVEL_WORDS[level]}</span>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
