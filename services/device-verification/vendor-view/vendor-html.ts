import { definitions, html, link, type Markup, page, verdictMark } from '../report/page.ts';
import { OUTCOME_WORDS, timeText, VERDICT_WORDS } from '../report/words.ts';
import type { VendorReport } from './vendor-report.ts';

/** The report for the maker as a page of its own: no script, nothing loaded, ready to print. */
export function renderVendorReport(report: VendorReport): string {
  const { device, policy, results } = report;
  const title = [device.maker, device.model].filter((word) => word !== '').join(' ');
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  return page(
    `Verification of ${title}`,
    html`<main>
<h1>Verification of ${title}</h1>
<p class="lead">${timeText(device.verifiedAt)}, by SPHINX, for the manufacturer. Where the device is, its addresses, what it talks to and checks of the network around it are not part of this report.</p>
${device.isSample ? html`<p class="sample">Sample: generated traffic, not a device of this hospital.</p>` : undefined}
<section><h2>Verdict</h2><p>${verdictMark(device.verdict)} ${VERDICT_WORDS[device.verdict].meaning}</p></section>
<section><h2>The device</h2>${definitions(deviceLines(report, policy))}</section>
${failed.length === 0 ? undefined : html`<section><h2>What failed and what to do</h2>${failed.map(failure)}</section>`}
<section><h2>Checks that could be judged</h2>
<table><caption>${failed.length} failed, ${results.length - failed.length} passed</caption><thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Severity</th></tr></thead>
<tbody>${results.map(
      ({ title: check, outcome, severity }) =>
        html`<tr><th scope="row">${check}</th><td>${OUTCOME_WORDS[outcome]}</td><td>${severity}</td></tr>`,
    )}</tbody></table></section>
</main>
<footer>"Passed" means that something was seen by which the check could be judged and that it did not fail. Times are in UTC.</footer>`,
  );
}

function deviceLines({ device }: VendorReport, policy: string): readonly (readonly [string, string])[] {
  const { certificate } = device;
  return [
    ['Manufacturer', device.maker],
    ['Model', device.model || 'not known'],
    ['Serial number', device.serial || 'not known'],
    ['Software', device.software || 'not known'],
    ['Judged by', policy],
    [
      'Certificate',
      certificate === null
        ? 'none'
        : `${certificate.id}, ${certificate.status}, until ${timeText(certificate.expiresAt)}`,
    ],
    ['Reference', device.id],
  ];
}

function failure(result: VendorReport['results'][number]): Markup {
  return html`<article>
<h3>${result.title}</h3>
<p class="meta">${result.severity} severity, check ${result.checkId}</p>
${result.seen.length === 0 ? undefined : html`<p><strong>Seen:</strong> ${result.seen.map(({ attribute, value }) => `${attribute}: ${value}`).join('; ')}</p>`}
<p><strong>Remedy:</strong> ${result.remedy}</p>
<p class="meta">References: ${result.references.map((reference, index) => html`${index === 0 ? '' : '; '}${link(reference.title, reference.url)}`)}</p>
</article>`;
}
