import type { Advisory, AffectedProduct, KnownExploited, VersionRange } from '@sphinx/vulnerabilities';
import { printable } from './table.ts';

/** What is known of the exploitation of a weakness, where such a file is given. */
interface AdvisoryExploitation {
  readonly exploited?: KnownExploited;
  readonly prediction?: { readonly probability: number; readonly percentile: number };
}

/** One advisory as a few lines for people: what it is, how bad, which products in which versions, and what helps. */
export function advisoryText(advisory: Advisory, exploitation: AdvisoryExploitation = {}): string {
  const { id, title, isWithdrawn, severities, weaknesses, affected, remedies, source } = advisory;
  const scores = severities.map(({ version, score, vector }) =>
    `CVSS ${version} ${score ?? ''} ${vector}`.replace(/ {2}/, ' '),
  );
  const lines = [
    `${id}  ${title}${isWithdrawn ? ' (withdrawn)' : ''}`,
    ...[...weaknesses, ...scores, ...exploitationLines(exploitation)].map((line) => `  ${line}`),
    ...affected.flatMap(affectedLines).map((line) => `  ${line}`),
    ...remedies.map(({ kind, text, url }) => `  ${kind}: ${text}${url === '' ? '' : ` ${url}`}`),
    `  from ${[source.name, source.document, source.url].filter((part) => part !== '').join(', ')}`,
  ];
  return lines.map(printable).join('\n');
}

function exploitationLines({ exploited, prediction }: AdvisoryExploitation): readonly string[] {
  const since =
    exploited?.addedMs === undefined ? '' : ` since ${new Date(exploited.addedMs).toISOString().slice(0, 10)}`;
  const ransomware = exploited?.isUsedByRansomware ? ', by ransomware too' : '';
  return [
    ...(exploited === undefined ? [] : [`known to be exploited${since}${ransomware}`]),
    ...(prediction === undefined ? [] : [`EPSS ${(prediction.probability * 100).toFixed(1)} % within 30 days`]),
  ];
}

function affectedLines({ product, versions, otherVersions, note }: AffectedProduct): readonly string[] {
  const name = [product.vendor, product.name].filter((part) => part !== '').join(' ');
  const on = product.platforms.length === 0 ? '' : ` on ${product.platforms.join(', ')}`;
  const why = note === '' ? '' : ` (${note})`;
  const stated = versions.map(({ range, status }) => `${name}${on} ${rangeText(range)}: ${status}${why}`);
  return otherVersions === 'unknown' && stated.length > 0
    ? stated
    : [
        ...stated,
        `${name}${on} ${stated.length > 0 ? 'other' : 'all'} versions: ${otherVersions}${stated.length > 0 ? '' : why}`,
      ];
}

function rangeText({ intervals, unclear }: VersionRange): string {
  if (unclear !== undefined) return `"${unclear}"`;
  const words = intervals.map(({ from, to }) => {
    if (from === undefined && to === undefined) return 'all versions';
    if (from !== undefined && from.version === to?.version) return from.version;
    const lower = from === undefined ? '' : `${from.isInclusive ? '≥' : '>'} ${from.version}`;
    const upper = to === undefined ? '' : `${to.isInclusive ? '≤' : '<'} ${to.version}`;
    return [lower, upper].filter((part) => part !== '').join(' ');
  });
  return words.join(' or ');
}
