import type {
  Advisory,
  AffectedProduct,
  AffectedStatus,
  ProductIdentity,
  Reference,
  Remedy,
  Severity,
  VersionRange,
  VersionStatus,
} from '../advisory.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { type CsafContext, productsOf } from './context.ts';
import type { CsafProductStatus, CsafReference, CsafRemediation, CsafVulnerability } from './document.ts';
import { readProductTree, type TreeProduct } from './product-tree.ts';

/** What each status says of a product, and of which of its versions (CSAF 2.0 §3.2.3.9); `recommended` says neither. */
const STATUSES: Readonly<
  Partial<Record<CsafProductStatus, { status: AffectedStatus; reach: 'it' | 'upward' | 'downward' }>>
> = {
  known_not_affected: { status: 'not-affected', reach: 'it' },
  fixed: { status: 'fixed', reach: 'it' },
  first_fixed: { status: 'fixed', reach: 'upward' },
  known_affected: { status: 'affected', reach: 'it' },
  first_affected: { status: 'affected', reach: 'upward' },
  last_affected: { status: 'affected', reach: 'downward' },
  under_investigation: { status: 'under-investigation', reach: 'it' },
};

const REMEDIES: Readonly<Record<CsafRemediation['category'], Remedy['kind']>> = {
  mitigation: 'mitigation',
  no_fix_planned: 'no-fix-planned',
  none_available: 'none-available',
  vendor_fix: 'fix',
  workaround: 'workaround',
};

const TELLING_NOTES = ['description', 'summary', 'details', 'general'];

/** @returns one advisory for each vulnerability of a document, in its order */
export function toAdvisories(context: CsafContext): readonly Advisory[] {
  const tree = readProductTree(context);
  return context.vulnerabilities.map(({ value }, index) => toAdvisory(value, index, tree, context));
}

function toAdvisory(
  vulnerability: CsafVulnerability,
  index: number,
  tree: ReadonlyMap<string, TreeProduct>,
  context: CsafContext,
): Advisory {
  const head = context.document.document;
  const { tracking, publisher } = head;
  const ids = vulnerability.ids?.map(({ text }) => text) ?? [];
  const id = vulnerability.cve ?? ids[0] ?? `${tracking.id}#${index + 1}`;
  return {
    id,
    aliases: [...new Set(ids)].filter((alias) => alias !== id),
    source: { name: publisher.name, document: tracking.id, url: selfUrl(head.references), licence: '' },
    title: vulnerability.title ?? head.title,
    description: descriptionOf(vulnerability),
    publishedMs: toMilliseconds(vulnerability.release_date ?? tracking.initial_release_date),
    modifiedMs: toMilliseconds(tracking.current_release_date),
    isWithdrawn: false,
    severities: severitiesOf(vulnerability, publisher.name),
    weaknesses: vulnerability.cwe === undefined ? [] : [vulnerability.cwe.id],
    references: [...(vulnerability.references ?? []), ...(head.references ?? [])].map(toReference),
    affected: affectedOf(vulnerability, tree, context.groups),
    remedies: (vulnerability.remediations ?? []).map((remediation) => ({
      kind: REMEDIES[remediation.category],
      text: remediation.details,
      url: remediation.url ?? '',
      products: namesOf(productsOf(remediation, context.groups), tree),
    })),
  };
}

/** What is said of versions of one product stands together, and what is said of fewer versions before what is said of more. */
function affectedOf(
  vulnerability: CsafVulnerability,
  tree: ReadonlyMap<string, TreeProduct>,
  groups: CsafContext['groups'],
): readonly AffectedProduct[] {
  const notes = notesByProduct(vulnerability, groups);
  const found = new Map<
    string,
    { identity: ProductIdentity; statuses: VersionStatus[]; whole: AffectedStatus[]; notes: Set<string> }
  >();
  for (const [status, { status: means, reach }] of Object.entries(STATUSES)) {
    for (const productId of vulnerability.product_status?.[status as CsafProductStatus] ?? []) {
      const product = tree.get(productId);
      if (product === undefined) continue;
      const { identity, range } = product;
      const key = JSON.stringify([identity.vendor, identity.name, identity.platforms, identity.cpes, identity.purls]);
      const entry = found.get(key) ?? { identity, statuses: [], whole: [], notes: new Set() };
      found.set(key, entry);
      if (range === undefined) entry.whole.push(means);
      else entry.statuses.push({ range: reaching(range, reach), status: means });
      for (const note of notes.get(productId) ?? []) entry.notes.add(note);
    }
  }
  return [...found.values()].map(({ identity, statuses, whole, notes: words }) => ({
    product: identity,
    versions: betweenFirstAndLast(statuses, vulnerability).toSorted((a, b) => breadth(a.range) - breadth(b.range)),
    otherVersions: whole[0] ?? statusOfOthers(statuses),
    note: [...words].join('; '),
  }));
}

/** A status that begins or ends with a version holds for those after it, or before it. */
function reaching(range: VersionRange, reach: 'it' | 'upward' | 'downward'): VersionRange {
  if (reach === 'it' || range.unclear !== undefined) return range;
  const intervals = range.intervals.map(({ from, to }) => ({
    ...(reach === 'upward' && from !== undefined ? { from } : {}),
    ...(reach === 'downward' && to !== undefined ? { to } : {}),
  }));
  return { ...range, intervals };
}

/** One first and one last affected version of a product are the two ends of one interval. */
function betweenFirstAndLast(
  statuses: readonly VersionStatus[],
  { product_status: { first_affected: first = [], last_affected: last = [] } = {} }: CsafVulnerability,
): readonly VersionStatus[] {
  if (first.length === 0 || last.length === 0) return statuses;
  const isHalf = ({ range, status }: VersionStatus, open: 'from' | 'to') =>
    status === 'affected' && range.intervals.length === 1 && range.intervals.every((each) => each[open] === undefined);
  const upward = statuses.filter((each) => isHalf(each, 'to'));
  const downward = statuses.filter((each) => isHalf(each, 'from'));
  const [low, high] = [upward[0], downward[0]];
  if (low === undefined || high === undefined || upward.length > 1 || downward.length > 1) return statuses;
  const interval = { ...low.range.intervals[0], ...high.range.intervals[0] };
  const joined: VersionStatus = { status: 'affected', range: { ...low.range, intervals: [interval] } };
  return [...statuses.filter((each) => each !== low && each !== high), joined];
}

/**
 * Of versions that a document does not name. Where it says clearly which are affected, the others are not; where some are told
 * in words, or only what is fixed or looked into, nothing is known of the others.
 */
function statusOfOthers(statuses: readonly VersionStatus[]): AffectedStatus {
  const affected = statuses.filter(({ status }) => status === 'affected');
  const isClear = affected.length > 0 && statuses.every(({ range }) => range.unclear === undefined);
  return isClear ? 'not-affected' : 'unknown';
}

/** One version is narrower than an interval, an interval than one without end, and words nobody can compare come last. */
function breadth({ intervals, unclear }: VersionRange): number {
  if (unclear !== undefined) return 3;
  const open = intervals.filter(({ from, to }) => from === undefined || to === undefined).length;
  if (open > 0) return 2;
  return intervals.every(({ from, to }) => from?.version === to?.version) ? 0 : 1;
}

function notesByProduct({ flags = [], threats = [] }: CsafVulnerability, groups: CsafContext['groups']) {
  const notes = new Map<string, string[]>();
  const said = [
    ...flags.map((flag) => ({ scope: flag, text: flag.label.replaceAll('_', ' ') })),
    ...threats
      .filter(({ category }) => category === 'impact')
      .map((threat) => ({ scope: threat, text: threat.details })),
  ];
  for (const { scope, text } of said) {
    for (const product of productsOf(scope, groups)) notes.set(product, [...(notes.get(product) ?? []), text]);
  }
  return notes;
}

function severitiesOf({ scores = [] }: CsafVulnerability, source: string): readonly Severity[] {
  const severities = new Map<string, Severity>();
  for (const vector of scores.flatMap(({ cvss_v2, cvss_v3 }) => [cvss_v3, cvss_v2])) {
    if (vector === undefined) continue;
    const { version, vectorString, baseScore } = vector;
    severities.set(vectorString, { version, vector: vectorString, score: baseScore, source });
  }
  return [...severities.values()];
}

function descriptionOf({ notes = [] }: CsafVulnerability): string {
  for (const wanted of TELLING_NOTES) {
    const note = notes.find(({ category }) => category === wanted);
    if (note !== undefined) return note.text;
  }
  return '';
}

function selfUrl(references: readonly CsafReference[] = []): string {
  return references.find(({ category }) => category === 'self')?.url ?? '';
}

function toReference({ url, summary }: CsafReference): Reference {
  return { url, title: summary };
}

function namesOf(productIds: readonly string[], tree: ReadonlyMap<string, TreeProduct>): readonly string[] {
  const names = productIds.flatMap((productId) => tree.get(productId)?.identity.name ?? []);
  return [...new Set(names)];
}
