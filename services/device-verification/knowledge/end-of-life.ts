import { type Asset, AssetFactName, EVIDENCE_ATTRIBUTES, type PacketReference } from '@sphinx/schema';
import { z } from 'zod';
import { isRegularExpression, patternOf } from '../checks/predicate.ts';
import { SoftwareCategory } from '../checks/selector.ts';
import { compareVersions } from '../checks/version.ts';
import { type Component, isOfDistribution } from '../documents/documents.ts';

const Pattern = z.string().refine(isRegularExpression, { message: 'is no regular expression' });

/** Where the name of a product and, in the first group, its version can be read. */
const Recogniser = z.union([
  z.strictObject({
    attribute: z.array(z.string().refine((name) => Object.hasOwn(EVIDENCE_ATTRIBUTES, name))).min(1),
    pattern: Pattern,
  }),
  z.strictObject({ fact: AssetFactName, pattern: Pattern }),
  z.strictObject({
    component: Pattern.meta({
      description: 'Pattern over the name of an item of a software list; without a group its version is taken',
    }),
  }),
]);

type Recogniser = z.infer<typeof Recogniser>;

/** A product with the dates on which its maker stops to repair each release. */
export const EndOfLifeProduct = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string(),
    category: SoftwareCategory,
    recognise: z.array(Recogniser).min(1),
    releases: z
      .array(
        z.strictObject({
          title: z.string(),
          from: z.string().meta({ description: 'First version of the release, inclusive' }),
          below: z.string().meta({ description: 'First version of the next release, exclusive' }),
          endOfLife: z.iso
            .date()
            .meta({ description: 'Last day of security repairs that come without extra contract' }),
          note: z.string().optional(),
        }),
      )
      .min(1),
    sources: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
  })
  .meta({ id: 'EndOfLifeProduct' });
export type EndOfLifeProduct = z.infer<typeof EndOfLifeProduct>;

/** A release that was recognised on an asset. */
export interface RecognisedSoftware {
  readonly productId: string;
  readonly category: SoftwareCategory;
  /** Name with release, for example "Windows XP". */
  readonly title: string;
  /** ISO 8601 date. */
  readonly endOfLife: string;
  readonly attribute: string;
  readonly value: string;
  readonly packet?: PacketReference;
  readonly time: number;
}

/** Finds the releases that an asset shows in banners or that are known of it as facts. A release of no known date is left out. */
export function recogniseSoftware(asset: Asset, products: readonly EndOfLifeProduct[]): readonly RecognisedSoftware[] {
  const found = new Map<string, RecognisedSoftware>();
  for (const product of products) {
    for (const recogniser of product.recognise) {
      if ('component' in recogniser) continue;
      for (const seen of valuesOf(asset, recogniser)) {
        const version = patternOf(recogniser.pattern).exec(seen.value)?.[1];
        const release = version === undefined ? undefined : releaseOf(product, version);
        if (release === undefined) continue;
        const { id: productId, category } = product;
        const key = `${productId} ${release.title}`;
        if (!found.has(key)) found.set(key, { productId, category, ...release, ...seen });
      }
    }
  }
  return [...found.values()];
}

/** Finds the releases of known dates in lists of software. */
export function recogniseListed(
  components: readonly Component[],
  products: readonly EndOfLifeProduct[],
): readonly RecognisedSoftware[] {
  const found = new Map<string, RecognisedSoftware>();
  for (const product of products) {
    for (const recogniser of product.recognise) {
      if (!('component' in recogniser)) continue;
      for (const component of components) {
        const match = isOfDistribution(component) ? null : patternOf(recogniser.component).exec(component.name);
        const version = match?.[1] ?? component.version;
        const release = match === null || version === '' ? undefined : releaseOf(product, version);
        if (release === undefined) continue;
        const { id: productId, category } = product;
        const value = `${component.name} ${component.version}`.trim();
        found.set(`${productId} ${value}`, {
          productId,
          category,
          ...release,
          attribute: 'component',
          value,
          time: component.time,
        });
      }
    }
  }
  return [...found.values()];
}

function valuesOf(asset: Asset, recogniser: Exclude<Recogniser, { component: string }>) {
  if ('fact' in recogniser) {
    const fact = asset.facts[recogniser.fact];
    if (fact === undefined) return [];
    const packet = fact.evidence[0]?.packet;
    return [
      {
        attribute: recogniser.fact,
        value: fact.value,
        time: asset.lastSeen,
        ...(packet === undefined ? {} : { packet }),
      },
    ];
  }
  return asset.evidence
    .filter((item) => recogniser.attribute.includes(item.attribute))
    .map(({ attribute, value, packet }) => ({ attribute, value, packet, time: packet.time }));
}

function releaseOf(product: EndOfLifeProduct, version: string): { title: string; endOfLife: string } | undefined {
  const release = product.releases.find(
    ({ from, below }) => compareVersions(version, from) >= 0 && compareVersions(version, below) < 0,
  );
  return release === undefined ? undefined : { title: release.title, endOfLife: release.endOfLife };
}
