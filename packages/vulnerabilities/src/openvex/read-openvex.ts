import { z } from 'zod';
import type { Advisory, AffectedProduct, AffectedStatus, ProductIdentity } from '../advisory.ts';
import { firstSentence } from '../reading/first-sentence.ts';
import { toMilliseconds } from '../reading/instant.ts';
import { schemeOfPurl, splitCpe, splitPurl } from '../reading/product-names.ts';
import { versionRange } from '../reading/ranges.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';

const component = z.object({
  '@id': z.string().optional(),
  identifiers: z.object({ purl: z.string(), cpe22: z.string(), cpe23: z.string() }).partial().optional(),
  hashes: z.record(z.string(), z.string()).optional(),
});
const product = z.union([z.string().transform((id): z.infer<typeof component> => ({ '@id': id })), component]);
const productWithParts = z.union([
  z
    .string()
    .transform((id): z.infer<typeof component> & { subcomponents?: z.infer<typeof product>[] } => ({ '@id': id })),
  component.extend({ subcomponents: z.array(product).optional() }),
]);
const STATUSES = {
  not_affected: 'not-affected',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
} as const satisfies Record<string, AffectedStatus>;

/** A document of OpenVEX 0.0.1–0.2.0: the members that are read. */
const OPENVEX = z.object({
  '@context': z.string().regex(/^https:\/\/openvex\.dev\/ns(\/v\d+(\.\d+)*)?$/, 'is no context of OpenVEX'),
  '@id': z.string().min(1),
  author: z.string().min(1),
  timestamp: z.string().optional(),
  last_updated: z.string().optional(),
  statements: z.array(
    z.object({
      vulnerability: z.union([
        z
          .string()
          .min(1)
          .transform((name) => ({ name, description: '', aliases: [] as string[] })),
        z.object({
          name: z.string().min(1),
          description: z.string().default(''),
          aliases: z.array(z.string()).default([]),
        }),
      ]),
      products: z.array(productWithParts).default([]),
      subcomponents: z.array(product).optional(),
      status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
      status_notes: z.string().optional(),
      justification: z.string().optional(),
      impact_statement: z.string().optional(),
      action_statement: z.string().optional(),
      timestamp: z.string().optional(),
    }),
  ),
});

type OpenVex = z.infer<typeof OPENVEX>;
type Statement = OpenVex['statements'][number];

/**
 * Reads an OpenVEX document (specification 0.2.0). Of two statements about one product and weakness the later one holds.
 *
 * @returns an advisory for each weakness, or what is wrong and where; never throws
 */
export function readOpenVex(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const reading = readAs<OpenVex>(OPENVEX, content);
  if (!reading.isRead) return reading;
  const byWeakness = new Map<string, Statement[]>();
  for (const statement of reading.value.statements) {
    const { name } = statement.vulnerability;
    byWeakness.set(name, [...(byWeakness.get(name) ?? []), statement]);
  }
  return read([...byWeakness].map(([name, statements]) => toAdvisory(name, statements, reading.value)));
}

function toAdvisory(name: string, statements: readonly Statement[], document: OpenVex): Advisory {
  const first = statements[0]?.vulnerability;
  const latest = new Map<string, AffectedProduct>();
  const inTime = statements.toSorted((a, b) => timeOf(a, document) - timeOf(b, document));
  for (const statement of inTime) {
    for (const each of statement.products) latest.set(JSON.stringify(each), toAffected(each, statement));
  }
  const actions = new Set(inTime.flatMap((statement) => statement.action_statement ?? []));
  return {
    id: name,
    aliases: [...new Set(statements.flatMap(({ vulnerability }) => vulnerability.aliases))],
    source: { name: document.author, document: document['@id'], url: '', licence: '' },
    title: firstSentence(first?.description ?? '') || name,
    description: first?.description ?? '',
    publishedMs: toMilliseconds(document.timestamp),
    modifiedMs: toMilliseconds(document.last_updated ?? document.timestamp),
    isWithdrawn: false,
    severities: [],
    weaknesses: [],
    references: [],
    affected: [...latest.values()],
    remedies: [...actions].map((text) => ({ kind: 'mitigation', text, url: '', products: [] })),
  };
}

function toAffected(named: Statement['products'][number], statement: Statement): AffectedProduct {
  const { identity, version } = identify(named);
  const status = STATUSES[statement.status];
  const parts = [...(named.subcomponents ?? []), ...(statement.subcomponents ?? [])].map(
    (part) => identify(part).identity.name,
  );
  const words = [
    statement.justification?.replaceAll('_', ' '),
    statement.impact_statement,
    statement.status_notes,
    parts.length === 0 ? undefined : `in ${parts.join(', ')}`,
  ];
  const note = words.filter((word) => word !== undefined && word !== '').join('; ');
  if (version === undefined) return { product: identity, versions: [], otherVersions: status, note };
  const range = versionRange(version, schemeOfPurl(identity.purls[0] ?? ''));
  return { product: identity, versions: [{ range, status }], otherVersions: 'unknown', note };
}

function identify(named: z.infer<typeof component>): { identity: ProductIdentity; version: string | undefined } {
  const id = named['@id'] ?? '';
  const { purl = id.startsWith('pkg:') ? id : undefined, cpe23, cpe22 } = named.identifiers ?? {};
  const cpe = cpe23 ?? cpe22;
  const byPurl = purl === undefined ? undefined : splitPurl(purl);
  const byCpe = cpe === undefined ? undefined : splitCpe(cpe);
  const marks = Object.entries(named.hashes ?? {}).map(([algorithm, value]) => ({
    kind: 'hash' as const,
    text: `${algorithm}:${value}`,
  }));
  return {
    identity: {
      vendor: '',
      name: byPurl === undefined ? (byCpe?.name ?? id) : (byPurl.name.split(/[?#]/)[0]?.split('/').at(-1) ?? id),
      cpes: byCpe === undefined ? [] : [byCpe.name],
      purls: byPurl === undefined ? [] : [byPurl.name],
      platforms: [],
      ...(marks.length === 0 ? {} : { marks }),
    },
    version: byPurl?.version ?? byCpe?.version,
  };
}

function timeOf({ timestamp }: Statement, document: OpenVex): number {
  return toMilliseconds(timestamp ?? document.timestamp) ?? 0;
}
