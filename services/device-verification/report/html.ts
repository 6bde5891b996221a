import type { Asset, CertificateRecord, CheckResult, Verification } from '@sphinx/schema';
import type { StandardCoverage } from '../compliance/coverage.ts';
import { definitions, html, link, Markup, page, verdictMark } from './page.ts';
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

/**
 * The report on one verification as a page of its own: no script, nothing loaded, ready to print.
 *
 * @param asset absent when it is no longer in the inventory
 * @param certificate absent when the verdict earned none
 */
export function renderReportHtml(
  verification: Verification,
  asset: Asset | undefined,
  certificate: CertificateRecord | undefined,
  background: ReportBackground = {},
): string {
  return page(
    `Verification of ${verification.assetName}`,
    html`<main>
<h1>Verification of ${verification.assetName}</h1>
<p class="lead">${timeText(verification.time)}, by SPHINX${background.occasion === undefined ? '' : ` on the occasion “${background.occasion}”`}, from observed network traffic and documents only. No packet was sent to the device.</p>
${verification.isSample ? html`<p class="sample">Sample: generated traffic, not a device of this hospital.</p>` : undefined}
${verificationBody(verification, asset, certificate)}
${background.difference === undefined ? undefined : html`<section><h2>Since the last certificate</h2><ul>${differenceLines(background.difference).map((line) => html`<li>${line}</li>`)}</ul></section>`}
${background.coverage === undefined ? undefined : html`<section><h2>Laws and standards</h2><p class="meta">${COVERAGE_HELP}</p>${background.coverage.map(coverageTable)}</section>`}
${background.publicLink === undefined ? undefined : html`<section class="code"><h2>Check the certificate</h2><p>Scan the code, or open ${link(background.publicLink, background.publicLink)}: it says whether the certificate holds today.</p>${new Markup(background.qrCode ?? '')}</section>`}
</main>
<footer>${footer()}</footer>`,
  );
}

/** Everything below the heading, also used inside the report of an analysis. */
export function verificationBody(
  verification: Verification,
  asset: Asset | undefined,
  certificate: CertificateRecord | undefined,
  length: ReportLength = 'whole',
): Markup {
  const results = resultsByImportance(verification.results);
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  return html`<section><h2>Verdict</h2>
<p>${verdictMark(verification.verdict)} ${VERDICT_WORDS[verification.verdict].meaning}</p>
<ul>${verification.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
${verification.conditions.length === 0 ? undefined : html`<h2>Conditions</h2><ol>${verification.conditions.map((condition) => html`<li>${condition}</li>`)}</ol>`}
</section>
${asset === undefined ? undefined : html`<section><h2>The asset</h2>${definitions(identityLines(asset))}</section>`}
${failed.length === 0 ? undefined : html`<section><h2>What failed and what to do</h2>${failed.map(failure)}</section>`}
<section><h2>${length === 'whole' ? 'All checks' : 'Checks that could be judged'}</h2>${checkTable(results, length)}</section>
<section><h2>Proof</h2>${definitions(provenanceLines(verification, certificate, length))}</section>`;
}

/** How the reader should take the words of the report. */
export function footer(): Markup {
  return html`"Passed" means that something was seen by which the check could be judged and that it did not fail. "Not observed" means that nothing was seen that would tell; it is neither good nor bad. Times are in UTC.`;
}

function coverageTable(standard: StandardCoverage): Markup {
  const judged = judgedRequirements(standard);
  return html`<h3>${link(standard.title, standard.url)}</h3>
<p class="meta">${standard.region}; ${standard.shown} shown, ${standard.notMet} not met, ${standard.open} open</p>
${
  judged.length === 0
    ? undefined
    : html`<table><thead><tr><th scope="col">Requirement</th><th scope="col">State</th><th scope="col">By the checks</th></tr></thead>
<tbody>${judged.map(
        ({ id, title, status, checks }) =>
          html`<tr><th scope="row">${id} ${title}</th><td>${COVERAGE_WORDS[status]}</td><td>${checks
            .filter(({ outcome }) => outcome === (status === 'shown' ? 'pass' : 'fail'))
            .map((check) => check.title)
            .join('; ')}</td></tr>`,
      )}</tbody></table>`
}`;
}

function failure(result: CheckResult): Markup {
  return html`<article>
<h3>${result.title}</h3>
<p class="meta">${result.severity} severity, check ${result.checkId} ${result.checkVersion}</p>
<p><strong>Seen:</strong> ${result.reason}</p>
<ul>${result.evidence.map((item) => html`<li>${item.statement} <span class="meta">(${packetText(item)})</span></li>`)}</ul>
<p><strong>Remedy:</strong> ${result.remedy}</p>
<p class="meta">References: ${result.references.map((reference, index) => html`${index === 0 ? '' : '; '}${link(reference.title, reference.url)}`)}</p>
</article>`;
}

function checkTable(results: readonly CheckResult[], length: ReportLength): Markup {
  const shown = length === 'whole' ? results : results.filter(wasJudged);
  return html`<table><caption>${countsText(results)}</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Severity</th><th scope="col">Why</th></tr></thead>
<tbody>${shown.map(
    (result) =>
      html`<tr><th scope="row">${result.title}</th><td>${OUTCOME_WORDS[result.outcome]}</td><td>${result.severity}</td><td>${result.reason}</td></tr>`,
  )}</tbody></table>`;
}
