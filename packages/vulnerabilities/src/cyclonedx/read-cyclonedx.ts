import type { Advisory, AffectedProduct, AffectedStatus, Severity, VersionStatus } from '../advisory.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { schemeOfPurl, splitCpe, splitPurl } from '../reading/product-names.ts';
import { readRange, versionRange } from '../reading/ranges.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';
import { toSeverity } from '../reading/severities.ts';
import type { ListedSoftware, SoftwareList } from '../sbom/software-list.ts';
import { listItems } from './components.ts';
import { CYCLONEDX, type CycloneDx, type CycloneDxVulnerability } from './schema.ts';

const STATES: Readonly<Record<NonNullable<NonNullable<CycloneDxVulnerability['analysis']>['state']>, AffectedStatus>> =
  {
    resolved: 'fixed',
    resolved_with_pedigree: 'fixed',
    exploitable: 'affected',
    in_triage: 'under-investigation',
    false_positive: 'not-affected',
    not_affected: 'not-affected',
  };

/**
 * Reads the components of a CycloneDX document of version 1.4 to 1.7 in JSON (ECMA-424).
 *
 * @returns the list, or what is wrong and where; never throws
 */
export function readCycloneDxList(content: Uint8Array | string): Reading<SoftwareList> {
  const reading = readAs<CycloneDx>(CYCLONEDX, content);
  if (!reading.isRead) return reading;
  const { specVersion, serialNumber = '', metadata } = reading.value;
  const items = listItems(reading.value);
  const subjects = metadata?.component === undefined ? [] : items.slice(0, 1).map(({ id }) => id);
  const createdMs = toMilliseconds(metadata?.timestamp);
  return read({ format: `CycloneDX ${specVersion}`, id: serialNumber, createdMs, subjects, items });
}

/**
 * Reads the vulnerabilities of a CycloneDX document, as VEX or as report of a scanner.
 *
 * @returns an advisory for each, or what is wrong and where; never throws
 */
export function readCycloneDxAdvisories(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const reading = readAs<CycloneDx>(CYCLONEDX, content);
  if (!reading.isRead) return reading;
  const document = reading.value;
  const items = new Map(listItems(document).map((item) => [item.id, item]));
  return read((document.vulnerabilities ?? []).map((each, index) => toAdvisory(each, index, items, document)));
}

function toAdvisory(
  vulnerability: CycloneDxVulnerability,
  index: number,
  items: ReadonlyMap<string, ListedSoftware>,
  { serialNumber = '', metadata }: CycloneDx,
): Advisory {
  const { source, ratings = [], advisories = [], references = [], cwes = [], rejected } = vulnerability;
  const id = vulnerability.id ?? `${serialNumber}#${index + 1}`;
  const from = source?.name ?? metadata?.supplier?.name ?? metadata?.manufacturer?.name ?? 'CycloneDX';
  const severities = ratings.flatMap((rating): readonly Severity[] => {
    const severity =
      rating.vector === undefined ? undefined : toSeverity(rating.vector, rating.score, rating.source?.name ?? from);
    return severity === undefined ? [] : [severity];
  });
  return {
    id,
    aliases: [...new Set(references.map((reference) => reference.id))].filter((alias) => alias !== id),
    source: { name: from, document: serialNumber, url: source?.url ?? '', licence: '' },
    title: id,
    description: vulnerability.description ?? vulnerability.detail ?? '',
    publishedMs: toMilliseconds(vulnerability.published),
    modifiedMs: toMilliseconds(vulnerability.updated),
    isWithdrawn: rejected !== undefined,
    severities,
    weaknesses: cwes.map((number) => `CWE-${number}`),
    references: advisories.map(({ url, title = '' }) => ({ url, title })),
    affected: (vulnerability.affects ?? []).map((affects) => toAffected(affects, vulnerability, items)),
    remedies: (['recommendation', 'workaround'] as const).flatMap((member) => {
      const text = vulnerability[member];
      const kind = member === 'workaround' ? ('workaround' as const) : ('mitigation' as const);
      return text === undefined ? [] : [{ kind, text, url: '', products: [] }];
    }),
  };
}

/** Without an analysis a vulnerability of a list is one that a component has. */
function toAffected(
  { ref, versions = [] }: NonNullable<CycloneDxVulnerability['affects']>[number],
  { analysis }: CycloneDxVulnerability,
  items: ReadonlyMap<string, ListedSoftware>,
): AffectedProduct {
  const item = items.get(ref) ?? items.get(decodeReference(ref));
  const status = STATES[analysis?.state ?? 'exploitable'];
  const scheme = schemeOfPurl(item?.purls[0] ?? '');
  const stated = versions.flatMap((each): readonly VersionStatus[] => {
    const own = each.status === 'affected' ? status : each.status === 'unaffected' ? 'not-affected' : 'unknown';
    if (each.version !== undefined) return [{ range: versionRange(each.version, scheme), status: own }];
    return each.range === undefined ? [] : [{ range: readRange(each.range), status: own }];
  });
  const version = item?.version ?? '';
  const ofItem: readonly VersionStatus[] = version === '' ? [] : [{ range: versionRange(version, scheme), status }];
  const known = stated.length > 0 ? stated : ofItem;
  const note = [analysis?.justification?.replaceAll('_', ' '), analysis?.detail].filter(
    (word) => word !== undefined && word !== '',
  );
  return {
    product: {
      vendor: item?.vendor ?? '',
      name: item?.name ?? ref,
      cpes: item?.cpes.map((cpe) => splitCpe(cpe).name) ?? [],
      purls: item?.purls.map((purl) => splitPurl(purl).name) ?? [],
      platforms: [],
    },
    versions: known,
    otherVersions: known.length === 0 ? status : 'unknown',
    note: note.join('; '),
  };
}

/** A BOM-Link names a component of a document by its serial number: `urn:cdx:…/1#ref`. */
function decodeReference(ref: string): string {
  const hash = ref.startsWith('urn:cdx:') ? ref.indexOf('#') : -1;
  if (hash < 0) return ref;
  try {
    return decodeURIComponent(ref.slice(hash + 1));
  } catch {
    return ref.slice(hash + 1);
  }
}
