import { pointer } from '../../reading/json-document.ts';
import { type CsafContext, type Placed, place } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import { PRODUCT_STATUSES } from '../document.ts';
import { repeated } from './repeated.ts';

/** Identifiers of products and groups: defined once, and where they are used (CSAF 2.0 §6.1.1–6.1.5, 6.2.1). */
export const PRODUCT_ID_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.1',
    title: 'Missing Definition of Product ID',
    run(context) {
      const defined = new Set(context.products.map(({ value }) => value.product_id));
      return referencesToProducts(context)
        .filter(({ value }) => !defined.has(value))
        .map(({ value, where }) => ({ where, what: `names product ${value}, which the product tree does not define` }));
    },
  },
  {
    id: '6.1.2',
    title: 'Multiple Definition of Product ID',
    run: ({ products }) =>
      repeated(products, ({ product_id }) => product_id).map(({ value, where }) => ({
        where: `${where}/product_id`,
        what: `defines product ${value.product_id} again`,
      })),
  },
  {
    id: '6.1.3',
    title: 'Circular Definition of Product ID',
    run: ({ document }) => {
      const relationships = place(document.product_tree?.relationships, '/product_tree/relationships');
      const partsOf = new Map<string, string[]>();
      for (const { value } of relationships) {
        const parts = partsOf.get(value.full_product_name.product_id) ?? [];
        parts.push(value.product_reference, value.relates_to_product_reference);
        partsOf.set(value.full_product_name.product_id, parts);
      }
      return relationships
        .filter(({ value }) => isDefinedByItself(value.full_product_name.product_id, partsOf))
        .map(({ value, where }) => ({
          where: `${where}/full_product_name/product_id`,
          what: `product ${value.full_product_name.product_id} is defined by itself`,
        }));
    },
  },
  {
    id: '6.1.4',
    title: 'Missing Definition of Product Group ID',
    run: (context) =>
      referencesToGroups(context)
        .filter(({ value }) => !context.groups.has(value))
        .map(({ value, where }) => ({ where, what: `names group ${value}, which the product tree does not define` })),
  },
  {
    id: '6.1.5',
    title: 'Multiple Definition of Product Group ID',
    run: ({ document }) =>
      repeated(
        place(document.product_tree?.product_groups, '/product_tree/product_groups'),
        ({ group_id }) => group_id,
      ).map(({ value, where }) => ({ where: `${where}/group_id`, what: `defines group ${value.group_id} again` })),
  },
  {
    id: '6.2.1',
    title: 'Unused Definition of Product ID',
    run(context) {
      const { category } = context.document.document;
      // The profile has no vulnerabilities in which a product could be used (§4.3).
      if (category === 'csaf_informational_advisory') return [];
      const used = new Set(referencesToProducts(context).map(({ value }) => value));
      return context.products
        .filter(({ value }) => !used.has(value.product_id))
        .map(({ value, where }) => ({
          where: `${where}/product_id`,
          what: `product ${value.product_id} is defined and never used`,
        }));
    },
  },
];

/** Every place at which a product is named that must be defined elsewhere. */
function referencesToProducts({ document, vulnerabilities }: CsafContext): readonly Placed<string>[] {
  const tree = document.product_tree;
  return [
    ...place(tree?.product_groups, '/product_tree/product_groups').flatMap(({ value, where }) =>
      place(value.product_ids, `${where}/product_ids`),
    ),
    ...place(tree?.relationships, '/product_tree/relationships').flatMap(({ value, where }) => [
      { value: value.product_reference, where: `${where}/product_reference` },
      { value: value.relates_to_product_reference, where: `${where}/relates_to_product_reference` },
    ]),
    ...vulnerabilities.flatMap(({ value, where }) => [
      ...PRODUCT_STATUSES.flatMap((status) =>
        place(value.product_status?.[status], `${where}/product_status${pointer(status)}`),
      ),
      ...(['flags', 'remediations', 'threats'] as const).flatMap((kind) =>
        place<{ product_ids?: readonly string[] }>(value[kind], `${where}/${kind}`).flatMap((entry) =>
          place(entry.value.product_ids, `${entry.where}/product_ids`),
        ),
      ),
      ...place(value.scores, `${where}/scores`).flatMap((score) =>
        place(score.value.products, `${score.where}/products`),
      ),
    ]),
  ];
}

function referencesToGroups({ vulnerabilities }: CsafContext): readonly Placed<string>[] {
  return vulnerabilities.flatMap(({ value, where }) =>
    (['flags', 'remediations', 'threats'] as const).flatMap((kind) =>
      place<{ group_ids?: readonly string[] }>(value[kind], `${where}/${kind}`).flatMap((entry) =>
        place(entry.value.group_ids, `${entry.where}/group_ids`),
      ),
    ),
  );
}

function isDefinedByItself(product: string, partsOf: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const toVisit = [...(partsOf.get(product) ?? [])];
  for (let part = toVisit.pop(); part !== undefined; part = toVisit.pop()) {
    if (part === product) return true;
    if (seen.has(part)) continue;
    seen.add(part);
    toVisit.push(...(partsOf.get(part) ?? []));
  }
  return false;
}
