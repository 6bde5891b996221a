import { z } from 'zod';
import type { Advisory, AffectedProduct, Severity, VersionRange } from '../advisory.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { splitPurl } from '../reading/product-names.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';
import { toSeverity } from '../reading/severities.ts';
import { exactly } from '../versions/notations/intervals.ts';
import { readOsvRange } from '../versions/notations/osv-events.ts';
import { describePackage } from './ecosystems.ts';
import { OSV_RECORD, type OsvAffected, type OsvRecord } from './schema.ts';

/**
 * Reads OSV records (https://ossf.github.io/osv-schema/): one, or a list of them.
 *
 * @returns an advisory for each record, or what is wrong and where; never throws
 */
export function readOsv(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const reading = readAs(z.union([OSV_RECORD, z.array(OSV_RECORD)]), content);
  return reading.isRead ? read([reading.value].flat().map(toAdvisory)) : reading;
}

function toAdvisory(record: OsvRecord): Advisory {
  const severities = [...(record.severity ?? []), ...(record.affected ?? []).flatMap(({ severity }) => severity ?? [])];
  const vectors = new Map<string, Severity>();
  for (const { score } of severities) {
    const severity = toSeverity(score, undefined, 'OSV');
    if (severity !== undefined) vectors.set(score, severity);
  }
  return {
    id: record.id,
    aliases: record.aliases ?? [],
    source: {
      name: 'OSV',
      document: '',
      url: `https://osv.dev/vulnerability/${encodeURIComponent(record.id)}`,
      licence: '',
    },
    title: record.summary ?? record.id,
    description: record.details ?? '',
    publishedMs: toMilliseconds(record.published),
    modifiedMs: toMilliseconds(record.modified),
    isWithdrawn: record.withdrawn !== undefined,
    severities: [...vectors.values()],
    weaknesses: record.database_specific?.cwe_ids ?? [],
    references: (record.references ?? []).map(({ url, type = '' }) => ({ url, title: type })),
    affected: (record.affected ?? []).flatMap(toAffected),
    remedies: fixesOf(record),
  };
}

/** OSV says which versions are affected, so that the others are not; of commits alone no version can be told. */
function toAffected({ package: named, ranges, versions }: OsvAffected): readonly AffectedProduct[] {
  if (named === undefined) return [];
  const { scheme, purl, platform } = describePackage(named.ecosystem, named.name);
  const ordered = (ranges ?? []).filter(({ type }) => type !== 'GIT');
  const listed = (versions ?? []).map((version) => exactly(version));
  const intervals = [
    ...ordered.flatMap(({ type, events }) => readOsvRange(type, named.ecosystem, events).intervals),
    ...listed,
  ];
  const isClear = intervals.length > 0;
  const range: VersionRange = isClear
    ? { scheme: ordered.some(({ type }) => type === 'SEMVER') ? 'semver' : scheme, intervals }
    : { scheme, intervals, unclear: 'commits of a repository' };
  const names = [named.purl, purl].flatMap((name) => (name === undefined ? [] : [splitPurl(name).name]));
  return [
    {
      product: {
        vendor: '',
        name: named.name,
        cpes: [],
        purls: [...new Set(names)],
        platforms: platform === undefined ? [] : [platform],
      },
      versions: [{ range, status: 'affected' }],
      otherVersions: isClear ? 'not-affected' : 'unknown',
      note: '',
    },
  ];
}

function fixesOf({ affected }: OsvRecord): Advisory['remedies'] {
  return (affected ?? []).flatMap(({ package: named, ranges }) => {
    const fixed = (ranges ?? [])
      .filter(({ type }) => type !== 'GIT')
      .flatMap(({ events }) => events.flatMap((event) => event.fixed ?? []));
    if (named === undefined || fixed.length === 0) return [];
    return [{ kind: 'fix' as const, text: `Update to ${fixed.join(' or ')}`, url: '', products: [named.name] }];
  });
}
