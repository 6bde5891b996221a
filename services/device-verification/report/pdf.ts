import type { Asset, CertificateRecord, CheckResult, Verification } from '@sphinx/schema';
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { StandardCoverage } from '../compliance/coverage.ts';
import { QUIET_LINES, renderPdf, VERDICT_COLOURS } from './pdf-document.ts';
import {
  COVERAGE_HELP,
  COVERAGE_WORDS,
  countsText,
  differenceLines,
  identityLines,
  judgedRequirements,
  OUTCOME_WORDS,
  packetText,
  provenanceLines,
  type ReportBackground,
  type ReportLength,
  resultsByImportance,
  timeText,
  VERDICT_WORDS,
  wasJudged,
} from './words.ts';

const PROVENANCE = 'From observed network traffic and documents only. No packet was sent to the device.';
const SAMPLE = 'Sample: generated traffic, not a device of this hospital.';
const READING_HELP =
  '"Passed" means that something was seen by which the check could be judged and that it did not fail. "Not observed" means that nothing was seen that would tell; it is neither good nor bad. Times are in UTC.';

/**
 * The report on one verification as PDF (A4).
 *
 * @param asset absent when it is no longer in the inventory
 * @param certificate absent when the verdict earned none
 */
export function renderReportPdf(
  verification: Verification,
  asset: Asset | undefined,
  certificate: CertificateRecord | undefined,
  background: ReportBackground = {},
): Promise<Uint8Array> {
  const title = `Verification of ${verification.assetName}`;
  return renderPdf(title, verification.time, [
    { text: title, style: 'title' },
    { text: `${timeText(verification.time)}, by SPHINX${occasionText(background)}. ${PROVENANCE}`, style: 'lead' },
    ...(verification.isSample ? [{ text: SAMPLE, bold: true, color: '#6b4500', margin: [0, 0, 0, 8] } as Content] : []),
    ...verificationContent(verification, asset, certificate),
    ...backgroundContent(background),
    { text: READING_HELP, style: 'meta', margin: [0, 16, 0, 0] },
  ]);
}

function occasionText({ occasion }: ReportBackground): string {
  return occasion === undefined ? '' : ` on the occasion “${occasion}”`;
}

function backgroundContent({ coverage, difference, publicLink }: ReportBackground): Content[] {
  return [
    ...(difference === undefined
      ? []
      : [heading('Since the last certificate'), { ul: differenceLines(difference).map(breakable) } as Content]),
    ...(coverage === undefined
      ? []
      : [
          heading('Laws and standards'),
          { text: COVERAGE_HELP, style: 'meta', margin: [0, 0, 0, 4] } as Content,
          ...coverage.flatMap(coverageContent),
        ]),
    ...(publicLink === undefined
      ? []
      : [
          {
            unbreakable: true,
            stack: [
              heading('Check the certificate'),
              { text: ['Scan the code, or open ', { text: publicLink, link: publicLink, color: '#0b4a8f' }] },
              { qr: publicLink, fit: 120, eccLevel: 'M', margin: [0, 8, 0, 0] },
            ],
          } as Content,
        ]),
  ];
}

function coverageContent(standard: StandardCoverage): Content[] {
  const judged = judgedRequirements(standard);
  const counts = `${standard.region}; ${standard.shown} shown, ${standard.notMet} not met, ${standard.open} open`;
  const title: Content = { text: standard.title, bold: true, margin: [0, 8, 0, 0] };
  if (judged.length === 0) return [title, { text: counts, style: 'meta' }];
  const head = ['Requirement', 'State', 'By the checks'].map((text): TableCell => ({ text, style: 'tableHead' }));
  const rows = judged.map(({ id, title: name, status, checks }): TableCell[] => [
    `${id} ${name}`,
    COVERAGE_WORDS[status],
    checks
      .filter(({ outcome }) => outcome === (status === 'shown' ? 'pass' : 'fail'))
      .map((check) => check.title)
      .join('; '),
  ]);
  const table: Content = {
    table: { headerRows: 1, dontBreakRows: true, widths: [170, 45, '*'], body: [head, ...rows] },
    layout: QUIET_LINES,
    fontSize: 8.5,
  };
  return [title, { text: counts, style: 'meta', margin: [0, 0, 0, 2] }, table];
}

/** Everything below the heading, also used inside the report of an analysis. */
export function verificationContent(
  verification: Verification,
  asset: Asset | undefined,
  certificate: CertificateRecord | undefined,
  length: ReportLength = 'whole',
): Content[] {
  const results = resultsByImportance(verification.results);
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  const words = VERDICT_WORDS[verification.verdict];
  return [
    {
      table: {
        widths: ['*'],
        body: [
          [
            {
              text: [{ text: `${words.title}. `, bold: true, fontSize: 13 }, words.meaning],
              color: VERDICT_COLOURS[verification.verdict],
              margin: [6, 5, 6, 5],
            },
          ],
        ],
      },
      layout: {
        hLineColor: () => VERDICT_COLOURS[verification.verdict],
        vLineColor: () => VERDICT_COLOURS[verification.verdict],
      },
      margin: [0, 2, 0, 6],
    },
    { ul: [...verification.reasons] },
    ...(verification.conditions.length === 0 ? [] : [heading('Conditions'), { ol: [...verification.conditions] }]),
    ...(asset === undefined ? [] : [heading('The asset'), definitions(identityLines(asset))]),
    ...(failed.length === 0 ? [] : [heading('What failed and what to do'), ...failed.map(failure)]),
    heading(length === 'whole' ? 'All checks' : 'Checks that could be judged'),
    { text: countsText(results), style: 'meta', margin: [0, 0, 0, 4] },
    checkTable(length === 'whole' ? results : results.filter(wasJudged)),
    heading('Proof'),
    definitions(provenanceLines(verification, certificate, length)),
  ];
}

export function heading(text: string): Content {
  return { text, style: 'heading', headlineLevel: 2 };
}

function definitions(lines: readonly (readonly [string, string])[]): Content {
  return {
    table: {
      widths: [130, '*'],
      body: lines.map(([name, value]): TableCell[] => [{ text: name, color: '#414b58' }, breakable(value)]),
    },
    layout: QUIET_LINES,
  };
}

function failure(result: CheckResult): Content {
  return {
    unbreakable: true,
    margin: [0, 4, 0, 8],
    stack: [
      { text: result.title, bold: true, fontSize: 10.5 },
      { text: `${result.severity} severity, check ${result.checkId} ${result.checkVersion}`, style: 'meta' },
      { text: [{ text: 'Seen: ', bold: true }, result.reason], margin: [0, 2, 0, 0] },
      {
        ul: result.evidence.map((item) => ({
          text: [breakable(item.statement), { text: ` (${breakable(packetText(item))})`, color: '#414b58' }],
        })),
        fontSize: 8.5,
      },
      { text: [{ text: 'Remedy: ', bold: true }, result.remedy], margin: [0, 2, 0, 0] },
      { text: ['References: ', ...result.references.flatMap(reference)], style: 'meta' },
    ],
  };
}

function reference({ title, url }: CheckResult['references'][number], index: number): Content[] {
  const separator: Content[] = index === 0 ? [] : ['; '];
  const isWeb = url !== undefined && /^https?:\/\//.test(url);
  return [...separator, isWeb ? { text: title, link: url, color: '#0b4a8f' } : title];
}

function checkTable(results: readonly CheckResult[]): Content {
  const head = ['Check', 'Outcome', 'Severity', 'Why'].map((text): TableCell => ({ text, style: 'tableHead' }));
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [150, 60, 50, '*'],
      body: [
        head,
        ...results.map((result): TableCell[] => [
          { text: result.title, bold: result.outcome === 'fail' },
          OUTCOME_WORDS[result.outcome],
          result.severity,
          breakable(result.reason),
        ]),
      ],
    },
    layout: QUIET_LINES,
    fontSize: 8.5,
  };
}

/** Long digests and names have no place to break a line at: a zero-width space gives them one, and control characters go. */
export function breakable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').replace(/[^\s]{32}(?=[^\s])/gu, '$&\u200b');
}
