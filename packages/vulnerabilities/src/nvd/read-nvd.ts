import type { Advisory, AffectedProduct, VersionInterval } from '../advisory.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { splitCpe } from '../reading/product-names.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';
import { toSeverity } from '../reading/severities.ts';
import { NVD_PAGE, type NvdConfiguration, type NvdCve, type NvdMatch, type NvdPage } from './schema.ts';

/** NVD's terms ask for no attribution but this notice (https://nvd.nist.gov/developers/terms-of-use). */
const LICENCE = 'public domain (NVD); not endorsed or certified by the NVD';

/**
 * Reads a page of the NVD API 2.0, as it comes from `services.nvd.nist.gov/rest/json/cves/2.0` or lies in a file.
 *
 * @returns an advisory for each CVE, or what is wrong and where; never throws
 */
export function readNvd(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const reading = readAs<NvdPage>(NVD_PAGE, content);
  return reading.isRead ? read(reading.value.vulnerabilities.map(({ cve }) => toAdvisory(cve))) : reading;
}

function toAdvisory(cve: NvdCve): Advisory {
  const { cvssMetricV40 = [], cvssMetricV31 = [], cvssMetricV30 = [], cvssMetricV2 = [] } = cve.metrics;
  const metrics = [...cvssMetricV40, ...cvssMetricV31, ...cvssMetricV30, ...cvssMetricV2];
  const weaknesses = cve.weaknesses.flatMap(({ description }) => description.map(({ value }) => value));
  return {
    id: cve.id,
    aliases: [],
    source: { name: 'NVD', document: '', url: `https://nvd.nist.gov/vuln/detail/${cve.id}`, licence: LICENCE },
    title: cve.id,
    description: cve.descriptions.find(({ lang }) => lang === 'en')?.value ?? '',
    publishedMs: toMilliseconds(inUtc(cve.published)),
    modifiedMs: toMilliseconds(inUtc(cve.lastModified)),
    isWithdrawn: cve.vulnStatus === 'Rejected',
    severities: metrics.flatMap(
      ({ source, cvssData }) => toSeverity(cvssData.vectorString, cvssData.baseScore, source) ?? [],
    ),
    weaknesses: [...new Set(weaknesses)].filter((value) => /^CWE-\d+$/.test(value)),
    references: cve.references.map(({ url, tags = [] }) => ({ url, title: tags.join(', ') })),
    affected: cve.configurations.flatMap(toAffected),
    remedies: [],
  };
}

/**
 * Products of one configuration. Where several nodes must hold together, what is not vulnerable itself is that on which the
 * rest must run; a node that is negated says where it must not, which no evidence can tell.
 */
function toAffected({ operator, nodes }: NvdConfiguration): readonly AffectedProduct[] {
  const matches = nodes.filter(({ negate }) => negate !== true).flatMap(({ cpeMatch }) => cpeMatch);
  const platforms =
    operator === 'AND'
      ? matches.filter(({ vulnerable }) => !vulnerable).map(({ criteria }) => productOf(criteria))
      : [];
  const byProduct = new Map<string, VersionInterval[]>();
  for (const match of matches.filter(({ vulnerable }) => vulnerable)) {
    const { name } = splitCpe(match.criteria);
    const intervals = byProduct.get(name) ?? [];
    byProduct.set(name, intervals);
    const interval = toInterval(match);
    if (interval !== undefined) intervals.push(interval);
  }
  return [...byProduct].map(([cpe, intervals]) => ({
    product: { ...namesOf(cpe), cpes: [cpe], purls: [], platforms: [...new Set(platforms)] },
    versions: intervals.length === 0 ? [] : [{ range: { scheme: 'generic', intervals }, status: 'affected' }],
    otherVersions: intervals.length === 0 ? 'unknown' : 'not-affected',
    note: '',
  }));
}

/** @returns undefined for the version `-`, which says that the product has none */
function toInterval(match: NvdMatch): VersionInterval | undefined {
  const from = boundOf(match.versionStartIncluding, match.versionStartExcluding);
  const to = boundOf(match.versionEndIncluding, match.versionEndExcluding);
  if (from !== undefined || to !== undefined) return { ...(from && { from }), ...(to && { to }) };
  const [version, update] = [partOf(match.criteria, 'version'), partOf(match.criteria, 'update')];
  if (version === '*') return {};
  if (version === '-') return undefined;
  // An update narrows a version: 5.0 with update sp1 is 5.0:sp1, which the name of the product keeps.
  const bound = { version: update === '*' || update === '-' ? version : `${version} ${update}`, isInclusive: true };
  return { from: bound, to: bound };
}

function boundOf(including: string | undefined, excluding: string | undefined) {
  const version = including ?? excluding;
  return version === undefined ? undefined : { version, isInclusive: including !== undefined };
}

const PARTS = { vendor: 3, product: 4, version: 5, update: 6 } as const;

function partOf(cpe: string, part: keyof typeof PARTS): string {
  return (cpe.split(/(?<!\\):/)[PARTS[part]] ?? '').replace(/\\(.)/g, '$1');
}

function namesOf(cpe: string): { vendor: string; name: string } {
  return { vendor: partOf(cpe, 'vendor'), name: partOf(cpe, 'product') };
}

function productOf(cpe: string): string {
  return splitCpe(cpe).name;
}

/** NVD writes moments of UTC without saying so. */
function inUtc(moment: string): string {
  return /(Z|[+-]\d\d:?\d\d)$/.test(moment) ? moment : `${moment}Z`;
}
