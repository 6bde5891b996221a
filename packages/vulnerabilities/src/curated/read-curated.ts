import { z } from 'zod';
import type { Advisory, AffectedProduct, Exploitation, Remedy, VersionInterval, VersionRange } from '../advisory.ts';
import { parseCpe } from '../identity/cpe.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { fitTo } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';
import { toSeverity } from '../reading/severities.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is no date of the form 2026-01-31');
/** One interval of versions, one version, all, or words that nobody can compare with. */
const versions = z
  .strictObject({
    from: z.string(),
    above: z.string(),
    upTo: z.string(),
    below: z.string(),
    is: z.string(),
    all: z.literal(true),
    words: z.string(),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'tells no version')
  .refine(
    (value) => Object.keys(value).length === 1 || !('is' in value || 'all' in value || 'words' in value),
    'tells too much',
  )
  .refine(
    (value) => !('from' in value && 'above' in value) && !('upTo' in value && 'below' in value),
    'tells one end twice',
  );
const product = z.strictObject({
  name: z.string().min(1),
  vendor: z.string().min(1).optional(),
  cpe: z
    .string()
    .refine((text) => parseCpe(text) !== undefined, 'is no CPE 2.3 name')
    .optional(),
  versions: z.array(versions).min(1),
});
const remedy = z.strictObject({
  kind: z.enum(['fix', 'workaround', 'mitigation', 'fix-planned', 'none-available', 'no-fix-planned']),
  text: z.string().min(1).optional(),
  url: z.string().optional(),
});
const weakness = z.strictObject({
  cve: z.string().regex(/^CVE-\d{4}-\d{4,}$/, 'is no CVE identifier'),
  cwe: z
    .string()
    .regex(/^CWE-\d+$/, 'is no CWE identifier')
    .optional(),
  cvss: z.strictObject({ vector: z.string(), score: z.number().min(0).max(10) }).optional(),
  /** Where they differ from those of the file. */
  published: day.optional(),
  url: z.url().optional(),
  /** Since when CISA's catalogue of known exploited vulnerabilities has it. */
  exploitedSince: day.optional(),
  products: z.array(product).min(1).optional(),
  remedies: z.array(remedy).optional(),
});

/** A file of `knowledge/advisories`: what holds for all its weaknesses stands once, beside them. */
const CURATED = z
  .strictObject({
    id: z.string().min(1),
    vendor: z.string().min(1),
    /** Whose facts they are. */
    source: z.string().min(1).default('advisories of CISA'),
    published: day,
    modified: day,
    url: z.url(),
    products: z.array(product).min(1).optional(),
    remedies: z.array(remedy).default([]),
    weaknesses: z.array(weakness).min(1),
  })
  .refine(
    ({ products, weaknesses }) => products !== undefined || weaknesses.every((each) => each.products !== undefined),
    'a weakness has no products',
  );

type Curated = z.infer<typeof CURATED>;
type CuratedProduct = z.infer<typeof product>;

/**
 * Reads a file of the curated pack, `knowledge/advisories`.
 *
 * @param value parsed YAML
 * @param weaknessNames names of weaknesses for the titles (`knowledge/cwe`)
 * @returns an advisory for each weakness, or what is wrong and where; never throws
 */
export function readCurated(
  value: unknown,
  weaknessNames: ReadonlyMap<string, readonly string[]>,
): Reading<readonly Advisory[]> {
  const reading = fitTo<Curated>(CURATED, value);
  if (!reading.isRead) return reading;
  return read(reading.value.weaknesses.map((each) => toAdvisory(each, reading.value, weaknessNames)));
}

function toAdvisory(
  { cve, cwe, cvss, products, remedies, published, url, exploitedSince }: Curated['weaknesses'][number],
  file: Curated,
  weaknessNames: ReadonlyMap<string, readonly string[]>,
): Advisory {
  const address = url ?? file.url;
  const concerned = products ?? file.products ?? [];
  const severity = cvss === undefined ? undefined : toSeverity(cvss.vector, cvss.score, 'CISA');
  const names = [...new Set(concerned.map(({ name }) => name))];
  const kind = weaknessNames.get(cwe ?? '')?.[0] ?? 'Weakness';
  return {
    id: cve,
    aliases: [],
    source: { name: `SPHINX, from ${file.source}`, document: file.id, url: address, licence: 'CC0-1.0' },
    title: `${kind} in ${file.vendor} ${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`,
    description: '',
    publishedMs: toMilliseconds(published ?? file.published),
    modifiedMs: toMilliseconds(file.modified),
    isWithdrawn: false,
    severities: severity === undefined ? [] : [severity],
    weaknesses: cwe === undefined ? [] : [cwe],
    references: [{ url: address, title: url === undefined ? file.id : cve }],
    affected: concerned.map((each) => toAffected(each, file.vendor)),
    remedies: (remedies ?? file.remedies).map(
      ({ kind: means, text = '', url: place = '' }): Remedy => ({ kind: means, text, url: place, products: [] }),
    ),
    ...(exploitedSince === undefined ? {} : { exploitation: exploitationSince(exploitedSince) }),
  };
}

function exploitationSince(date: string): Exploitation {
  return {
    maturity: 'active',
    isAutomatable: undefined,
    technicalImpact: undefined,
    knownSinceMs: toMilliseconds(date),
  };
}

function toAffected({ name, vendor, cpe, versions: stated }: CuratedProduct, maker: string): AffectedProduct {
  const intervals = stated.flatMap(toInterval);
  const unclear = stated.flatMap(({ words }) => words ?? []);
  const ranges: VersionRange[] = [
    ...(intervals.length > 0 ? [{ scheme: 'generic' as const, intervals }] : []),
    ...unclear.map((words) => ({ scheme: 'generic' as const, intervals: [], unclear: words })),
  ];
  return {
    product: { vendor: vendor ?? maker, name, cpes: cpe === undefined ? [] : [cpe], purls: [], platforms: [] },
    versions: ranges.map((range) => ({ range, status: 'affected' })),
    otherVersions: unclear.length > 0 ? 'unknown' : 'not-affected',
    note: '',
  };
}

function toInterval({
  from,
  above,
  upTo,
  below,
  is,
  all,
}: CuratedProduct['versions'][number]): readonly VersionInterval[] {
  if (all === true) return [{}];
  const low = is ?? from ?? above;
  const high = is ?? upTo ?? below;
  if (low === undefined && high === undefined) return [];
  return [
    {
      ...(low === undefined ? {} : { from: { version: low, isInclusive: above === undefined } }),
      ...(high === undefined ? {} : { to: { version: high, isInclusive: below === undefined } }),
    },
  ];
}
