import type { Advisory, AffectedProduct, Remedy, VersionInterval, VersionScheme, VersionStatus } from '../advisory.ts';
import { STATUSES } from './judgement.ts';

// Most bytes of an advisory are names of members and lists of single versions. Here members stand by their place, and single
// versions of one status and scheme stand together.

type PackedBound = readonly [from: string | 0, isFromInclusive: 0 | 1, to: string | 0, isToInclusive: 0 | 1];
/** A text is a single version: both bounds, inclusive. */
type PackedInterval = string | PackedBound;
type PackedVersions =
  | readonly [status: number, scheme: VersionScheme, singles: readonly string[]]
  | readonly [status: number, scheme: VersionScheme, intervals: readonly PackedInterval[], unclear: string | 0];
type PackedProduct = readonly [
  vendor: string,
  name: string,
  cpes: readonly string[],
  purls: readonly string[],
  platforms: readonly string[],
  marks: NonNullable<AffectedProduct['product']['marks']> | 0,
  others: number,
  note: string,
  versions: readonly PackedVersions[],
];
type Packed = readonly [
  id: string,
  aliases: readonly string[],
  source: readonly string[],
  title: string,
  publishedMs: number | 0,
  modifiedMs: number | 0,
  isWithdrawn: 0 | 1,
  severities: readonly (readonly [
    version: Advisory['severities'][number]['version'],
    vector: string,
    score: number | -1,
    source: string,
  ])[],
  weaknesses: readonly string[],
  affected: readonly PackedProduct[],
  remedies: readonly (readonly [kind: Remedy['kind'], products: readonly string[]])[],
  exploitation: readonly [number, number, number, number | 0] | 0,
];

const MATURITIES = ['none', 'poc', 'active'] as const;
const IMPACTS = ['partial', 'total'] as const;

/**
 * Packs what matching, scoring and ranking need of an advisory: without description, references, and texts of remedies.
 *
 * @returns text for `unpackAdvisory`, about a third of the advisory's JSON
 */
export function packAdvisory(advisory: Advisory): string {
  const { source, exploitation } = advisory;
  const remedies = new Map(advisory.remedies.map((remedy) => [`${remedy.kind} ${remedy.products.join()}`, remedy]));
  const packed: Packed = [
    advisory.id,
    advisory.aliases,
    [source.name, source.document, source.url, source.licence],
    advisory.title,
    advisory.publishedMs ?? 0,
    advisory.modifiedMs ?? 0,
    advisory.isWithdrawn ? 1 : 0,
    advisory.severities.map(({ version, vector, score = -1, source: by }) => [version, vector, score, by]),
    advisory.weaknesses,
    advisory.affected.map(packProduct),
    [...remedies.values()].map(({ kind, products }) => [kind, products]),
    exploitation === undefined
      ? 0
      : [
          MATURITIES.findIndex((each) => each === exploitation.maturity),
          exploitation.isAutomatable === undefined ? -1 : Number(exploitation.isAutomatable),
          IMPACTS.findIndex((each) => each === exploitation.technicalImpact),
          exploitation.knownSinceMs ?? 0,
        ],
  ];
  return JSON.stringify(packed);
}

/** @param text of `packAdvisory` @returns the advisory without description, references, and texts of remedies */
export function unpackAdvisory(text: string): Advisory {
  // Its own text: nothing else is unpacked.
  const packed = JSON.parse(text) as Packed;
  const [
    id,
    aliases,
    source,
    title,
    publishedMs,
    modifiedMs,
    isWithdrawn,
    severities,
    weaknesses,
    affected,
    remedies,
    used,
  ] = packed;
  const [name = '', document = '', url = '', licence = ''] = source;
  return {
    id,
    aliases,
    source: { name, document, url, licence },
    title,
    description: '',
    publishedMs: publishedMs === 0 ? undefined : publishedMs,
    modifiedMs: modifiedMs === 0 ? undefined : modifiedMs,
    isWithdrawn: isWithdrawn === 1,
    severities: severities.map(([version, vector, score, by]) => ({
      version,
      vector,
      score: score === -1 ? undefined : score,
      source: by,
    })),
    weaknesses,
    references: [],
    affected: affected.map(unpackProduct),
    remedies: remedies.map(([kind, products]) => ({ kind, text: '', url: '', products })),
    ...(used === 0
      ? {}
      : {
          exploitation: {
            maturity: MATURITIES[used[0]],
            isAutomatable: used[1] === -1 ? undefined : used[1] === 1,
            technicalImpact: IMPACTS[used[2]],
            knownSinceMs: used[3] === 0 ? undefined : used[3],
          },
        }),
  };
}

function packProduct({ product, versions, otherVersions, note }: AffectedProduct): PackedProduct {
  const { vendor, name, cpes, purls, platforms, marks } = product;
  return [
    vendor,
    name,
    cpes,
    purls,
    platforms,
    marks ?? 0,
    STATUSES.indexOf(otherVersions),
    note,
    packVersions(versions),
  ];
}

function unpackProduct(packed: PackedProduct): AffectedProduct {
  const [vendor, name, cpes, purls, platforms, marks, others, note, versions] = packed;
  return {
    product: { vendor, name, cpes, purls, platforms, ...(marks === 0 ? {} : { marks }) },
    versions: versions.flatMap(unpackVersions),
    otherVersions: STATUSES[others] ?? 'unknown',
    note,
  };
}

function packVersions(versions: readonly VersionStatus[]): readonly PackedVersions[] {
  const packed: PackedVersions[] = [];
  let singles: string[] = [];
  let last = '';
  for (const { range, status } of versions) {
    const { scheme, intervals, unclear } = range;
    const [first] = intervals.map(packInterval);
    const isSingle = unclear === undefined && intervals.length === 1 && typeof first === 'string';
    const group = isSingle ? `${status} ${scheme}` : '';
    if (isSingle && group === last) singles.push(first);
    else if (isSingle) {
      singles = [first];
      packed.push([STATUSES.indexOf(status), scheme, singles]);
    } else packed.push([STATUSES.indexOf(status), scheme, intervals.map(packInterval), unclear ?? 0]);
    last = group;
  }
  return packed;
}

function unpackVersions(packed: PackedVersions): readonly VersionStatus[] {
  const [code, scheme] = packed;
  const status = STATUSES[code] ?? 'unknown';
  if (packed.length === 3) {
    return packed[2].map((single) => ({ range: { scheme, intervals: [unpackInterval(single)] }, status }));
  }
  const [, , intervals, unclear] = packed;
  return [
    { range: { scheme, intervals: intervals.map(unpackInterval), ...(unclear === 0 ? {} : { unclear }) }, status },
  ];
}

function packInterval({ from, to }: VersionInterval): PackedInterval {
  if (from !== undefined && from.version === to?.version && from.isInclusive && to.isInclusive) return from.version;
  return [from?.version ?? 0, from?.isInclusive ? 1 : 0, to?.version ?? 0, to?.isInclusive ? 1 : 0];
}

function unpackInterval(packed: PackedInterval): VersionInterval {
  if (typeof packed === 'string') {
    return { from: { version: packed, isInclusive: true }, to: { version: packed, isInclusive: true } };
  }
  const [from, isFromInclusive, to, isToInclusive] = packed;
  return {
    ...(from === 0 ? {} : { from: { version: from, isInclusive: isFromInclusive === 1 } }),
    ...(to === 0 ? {} : { to: { version: to, isInclusive: isToInclusive === 1 } }),
  };
}
