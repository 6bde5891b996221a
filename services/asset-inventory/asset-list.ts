import { cutPage, type Page, PageQuery, readCursor, writeCursor } from '@sphinx/platform';
import { type Asset, PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';
import type { IdentificationKnowledge } from './classification/load-knowledge.ts';

/** An asset as lists show it. */
export const AssetSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string().nullable(),
    kindTitle: z.string().nullable(),
    kindConfidence: z.number().nullable(),
    manufacturer: z.string().nullable(),
    model: z.string().nullable(),
    ips: z.array(z.string()),
    macs: z.array(z.string()),
    hostnames: z.array(z.string()),
    zone: z.string().nullable(),
    patientSafetyClass: PatientSafetyClass.nullable(),
    clinicalFunction: z.string().nullable(),
    owner: z.string().nullable(),
    location: z.string().nullable(),
    services: z.int(),
    firstSeen: z.int(),
    lastSeen: z.int(),
    isNew: z.boolean(),
    isSample: z.boolean(),
    isPinned: z.boolean(),
    conflicts: z.int(),
  })
  .meta({ id: 'AssetSummary' });
export type AssetSummary = z.infer<typeof AssetSummary>;

export const SORT_KEYS = [
  'name',
  'kind',
  'manufacturer',
  'model',
  'ip',
  'zone',
  'patientSafetyClass',
  'firstSeen',
  'lastSeen',
] as const;
type SortKey = (typeof SORT_KEYS)[number];

export const AssetQuery = PageQuery.extend({
  search: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Part of a name, address, maker, model, title or serial' }),
  kind: z.string().optional().meta({ description: 'Kind, or "unknown"' }),
  zone: z.string().optional().meta({ description: 'Zone, or "unknown"' }),
  manufacturer: z.string().optional(),
  patientSafetyClass: z.string().optional(),
  isNew: z.stringbool().optional(),
  isSample: z.stringbool().optional(),
  hasConflicts: z.stringbool().optional(),
  sort: z
    .string()
    .regex(new RegExp(`^-?(${SORT_KEYS.join('|')})$`))
    .default('name')
    .meta({ description: `One of ${SORT_KEYS.join(', ')}; with - before it, descending` }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type AssetQuery = z.infer<typeof AssetQuery>;

/** @param newSince time from which on first seen counts as new */
export function summaryOf(asset: Asset, { kinds }: IdentificationKnowledge, newSince: number): AssetSummary {
  const { facts } = asset;
  const kind = facts.kind?.value ?? null;
  return {
    id: asset.id,
    name: asset.name,
    kind,
    kindTitle: kind === null ? null : (kinds.get(kind)?.title ?? kind),
    kindConfidence: facts.kind?.confidence ?? null,
    manufacturer: facts.manufacturer?.value ?? null,
    model: facts.model?.value ?? null,
    ips: asset.ips,
    macs: asset.macs,
    hostnames: asset.hostnames,
    zone: facts.zone?.value ?? null,
    patientSafetyClass: PatientSafetyClass.safeParse(facts.patientSafetyClass?.value).data ?? null,
    clinicalFunction: facts.clinicalFunction?.value ?? null,
    owner: facts.owner?.value ?? null,
    location: facts.location?.value ?? null,
    services: asset.services.length,
    firstSeen: asset.firstSeen,
    lastSeen: asset.lastSeen,
    isNew: asset.firstSeen >= newSince,
    isSample: asset.isSample,
    isPinned: asset.isPinned,
    conflicts: asset.conflicts.length,
  };
}

/** Filters, sorts and cuts a page. */
export function listAssets(
  assets: readonly Asset[],
  query: AssetQuery,
  toSummary: (asset: Asset) => AssetSummary,
): Page<AssetSummary> & { total: number } {
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = assets
    .filter((asset) => words.length === 0 || containsAll(asset, words))
    .map(toSummary)
    .filter((summary) => fits(summary, query));
  const isDescending = query.sort.startsWith('-');
  const key = query.sort.replace('-', '') as SortKey;
  const compare = ([left, leftId]: Position, [right, rightId]: Position) => {
    const order = left.localeCompare(right, 'en', { numeric: true }) || leftId.localeCompare(rightId);
    return isDescending ? -order : order;
  };
  const sorted = found
    .map((summary) => ({ summary, position: [sortValue(summary, key), summary.id] satisfies Position }))
    .sort((left, right) => compare(left.position, right.position));
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, Position);
  const start = after === undefined ? 0 : firstAfter(sorted, (item) => compare(item.position, after) > 0);
  const page = cutPage(sorted.slice(start), query.limit, ({ position }) => writeCursor(position));
  return { ...page, items: page.items.map(({ summary }) => summary), total: found.length };
}

/** Value that is sorted by, and the id for those with the same. */
const Position = z.tuple([z.string(), z.string()]);
type Position = z.infer<typeof Position>;

function firstAfter<Item>(sorted: readonly Item[], isAfter: (item: Item) => boolean): number {
  const index = sorted.findIndex(isAfter);
  return index === -1 ? sorted.length : index;
}

function sortValue(summary: AssetSummary, key: SortKey): string {
  switch (key) {
    case 'ip':
      return summary.ips[0] ?? '';
    case 'kind':
      return summary.kindTitle ?? '';
    default:
      return String(summary[key] ?? '');
  }
}

function fits(summary: AssetSummary, query: AssetQuery): boolean {
  const isSame = (wanted: string | undefined, value: string | null) =>
    wanted === undefined || (wanted === 'unknown' ? value === null : value === wanted);
  return (
    isSame(query.kind, summary.kind) &&
    isSame(query.zone, summary.zone) &&
    isSame(query.manufacturer, summary.manufacturer) &&
    isSame(query.patientSafetyClass, summary.patientSafetyClass) &&
    (query.isNew === undefined || summary.isNew === query.isNew) &&
    (query.isSample === undefined || summary.isSample === query.isSample) &&
    (query.hasConflicts === undefined || summary.conflicts > 0 === query.hasConflicts)
  );
}

const SEARCHED_EVIDENCE = new Set(['dicom.ae-title', 'hl7.application', 'dicom.station-name']);

function containsAll(asset: Asset, words: readonly string[]): boolean {
  const text = [
    asset.id,
    asset.name,
    ...asset.ips,
    ...asset.macs,
    ...asset.hostnames,
    ...Object.values(asset.facts).map((fact) => fact?.value ?? ''),
    ...asset.evidence.filter(({ attribute }) => SEARCHED_EVIDENCE.has(attribute)).map(({ value }) => value),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
