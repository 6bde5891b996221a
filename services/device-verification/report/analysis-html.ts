import type { Asset, Verdict, Verification } from '@sphinx/schema';
import { footer, verificationBody } from './html.ts';
import { html, type Markup, page, verdictMark } from './page.ts';
import { timeText, VERDICT_WORDS } from './words.ts';

const VERDICTS: readonly Verdict[] = ['rejected', 'conditional', 'insufficient-evidence', 'trusted'];

/** Pairs assets with their verdicts, the worst first. */
export function pairsByConcern(
  assets: readonly Asset[],
  verifications: readonly Verification[],
): readonly (readonly [Asset, Verification])[] {
  const byId = new Map(verifications.map((verification) => [verification.assetId, verification]));
  return assets
    .flatMap((asset): (readonly [Asset, Verification])[] => {
      const verification = byId.get(asset.id);
      return verification === undefined ? [] : [[asset, verification]];
    })
    .sort(
      ([a, x], [b, y]) => VERDICTS.indexOf(x.verdict) - VERDICTS.indexOf(y.verdict) || a.name.localeCompare(b.name),
    );
}

/** Counts of verdicts in words, for example "2 rejected, 3 conditional". */
export function verdictCountsText(verifications: readonly Verification[]): string {
  return VERDICTS.map(
    (verdict) =>
      `${verifications.filter((item) => item.verdict === verdict).length} ${VERDICT_WORDS[verdict].title.toLowerCase()}`,
  ).join(', ');
}

/** Where the observations of a report lie in time. @returns undefined without assets */
export function observedSpanText(assets: readonly Asset[]): string | undefined {
  if (assets.length === 0) return undefined;
  const first = assets.reduce((least, asset) => Math.min(least, asset.firstSeen), Number.POSITIVE_INFINITY);
  const last = assets.reduce((most, asset) => Math.max(most, asset.lastSeen), 0);
  return `${timeText(first)} to ${timeText(last)}`;
}

/** Files that crossed the network, as a report tells of them. */
export interface ReportedFiles {
  readonly types: readonly {
    readonly title: string;
    readonly files: number;
    readonly bytes: number;
    readonly matched: number;
  }[];
  /** Those that a YARA rule matched. */
  readonly matched: readonly {
    readonly rules: string;
    readonly name: string;
    readonly type: string;
    readonly from: string;
    readonly to: string;
    readonly protocol: string;
    readonly sha256: string;
  }[];
}

export const TYPE_HEADINGS = ['Type by content', 'Files', 'Bytes', 'Matched a YARA rule'] as const;
export const MATCH_HEADINGS = ['YARA rule', 'File', 'From and to', 'SHA-256'] as const;

export function typeCells({ types }: ReportedFiles): readonly (readonly string[])[] {
  return types.map(({ title, files, bytes, matched }) => [
    title,
    files.toLocaleString('en'),
    bytes.toLocaleString('en'),
    matched === 0 ? '' : matched.toLocaleString('en'),
  ]);
}

export function matchCells({ matched }: ReportedFiles): readonly (readonly string[])[] {
  return matched.map(({ rules, name, type, from, to, protocol, sha256 }) => [
    rules,
    `${name}, ${type}`,
    `${from} to ${to}, ${protocol}`,
    sha256,
  ]);
}

/** The report on a whole analysis (`sphinx analyze --report FILE.html`): overview first, then one chapter per asset. */
export function renderAnalysisReportHtml(
  assets: readonly Asset[],
  verifications: readonly Verification[],
  files: ReportedFiles = { types: [], matched: [] },
): string {
  const pairs = pairsByConcern(assets, verifications);
  const span = observedSpanText(assets);
  return page(
    'Assets and their verdicts',
    html`<main>
<h1>Assets and their verdicts</h1>
<p class="lead">${assets.length} assets found: ${verdictCountsText(verifications)}.${span === undefined ? '' : ` Observed ${span}.`} By SPHINX, from observed network traffic only.</p>
${pairs.some(([asset]) => asset.isSample) ? html`<p class="sample">Contains sample assets: generated traffic, not devices of this hospital.</p>` : undefined}
${overview(pairs)}
${filesSection(files)}
${pairs.map(([asset, verification]) => html`<h1 id="${asset.id}" style="margin-top:3rem;break-before:page">${asset.name}</h1>${verificationBody(verification, asset, undefined, 'judged')}`)}
</main>
<footer>${footer()}</footer>`,
  );
}

function overview(pairs: readonly (readonly [Asset, Verification])[]): Markup {
  return html`<table><caption>Overview, most pressing first</caption>
<thead><tr><th scope="col">Asset</th><th scope="col">Kind</th><th scope="col">Addresses</th><th scope="col">Verdict</th><th scope="col">First reason</th></tr></thead>
<tbody>${pairs.map(
    ([asset, verification]) =>
      html`<tr><th scope="row"><a href="#${asset.id}">${asset.name}</a></th><td>${asset.facts.kind?.value ?? 'unknown'}</td><td>${asset.ips.join(', ')}</td><td>${verdictMark(verification.verdict)}</td><td>${verification.reasons[0] ?? ''}</td></tr>`,
  )}</tbody></table>`;
}

function filesSection(files: ReportedFiles): Markup | undefined {
  if (files.types.length === 0) return undefined;
  return html`<h2>Files that crossed the network</h2>
${files.matched.length === 0 ? html`<p>No YARA rule matched any of them.</p>` : table('What YARA rules matched', MATCH_HEADINGS, matchCells(files))}
${table('How many of which type', TYPE_HEADINGS, typeCells(files))}`;
}

function table(caption: string, headings: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<table><caption>${caption}</caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}
