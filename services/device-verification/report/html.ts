import type { Asset, CertificateRecord, CheckResult, Verification } from '@sphinx/schema';
import { definitions, html, link, type Markup, page, verdictMark } from './page.ts';
import {
  countsText,
  identityLines,
  OUTCOME_WORDS,
  packetText,
  provenanceLines,
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
): string {
  return page(
    `Verification of ${verification.assetName}`,
    html`<main>
<h1>Verification of ${verification.assetName}</h1>
<p class="lead">${timeText(verification.time)}, by SPHINX, from observed network traffic only. No packet was sent to the device.</p>
${verification.isSample ? html`<p class="sample">Sample: generated traffic, not a device of this hospital.</p>` : undefined}
${verificationBody(verification, asset, certificate)}
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
