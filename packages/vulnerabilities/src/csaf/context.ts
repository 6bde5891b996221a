import { pointer } from '../reading/json-document.ts';
import type { CsafBranch, CsafDocument, CsafProduct, CsafScope, CsafVulnerability } from './document.ts';

/** A value of the document, and where it stands. */
export interface Placed<T> {
  readonly value: T;
  /** JSON Pointer */
  readonly where: string;
}

/** A document with what several tests ask of it, worked out once. */
export interface CsafContext {
  readonly document: CsafDocument;
  readonly vulnerabilities: readonly Placed<CsafVulnerability>[];
  readonly branches: readonly Placed<CsafBranch>[];
  /** Every definition of a product: in branches, in `full_product_names` and in relationships (CSAF 2.0 §6.1.1). */
  readonly products: readonly Placed<CsafProduct>[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export function toContext(document: CsafDocument): CsafContext {
  const tree = document.product_tree;
  const branches = placeBranches(tree?.branches ?? [], '/product_tree/branches');
  const products = [
    ...branches.flatMap(({ value, where }) =>
      value.product === undefined ? [] : [{ value: value.product, where: `${where}/product` }],
    ),
    ...place(tree?.full_product_names, '/product_tree/full_product_names'),
    ...place(tree?.relationships, '/product_tree/relationships').map(({ value, where }) => ({
      value: value.full_product_name,
      where: `${where}/full_product_name`,
    })),
  ];
  const groups = new Map(tree?.product_groups?.map(({ group_id, product_ids }) => [group_id, product_ids]));
  return { document, vulnerabilities: place(document.vulnerabilities, '/vulnerabilities'), branches, products, groups };
}

/** @returns items with the place of each; none where there is no list */
export function place<T>(items: readonly T[] | undefined, where: string): readonly Placed<T>[] {
  return (items ?? []).map((value, index) => ({ value, where: where + pointer(index) }));
}

/** @returns products that an entry names, those of its groups with them */
export function productsOf(scope: CsafScope, groups: CsafContext['groups']): readonly string[] {
  return [...(scope.product_ids ?? []), ...(scope.group_ids ?? []).flatMap((group) => groups.get(group) ?? [])];
}

function placeBranches(branches: readonly CsafBranch[], where: string): readonly Placed<CsafBranch>[] {
  return place(branches, where).flatMap((placed) => [
    placed,
    ...placeBranches(placed.value.branches ?? [], `${placed.where}/branches`),
  ]);
}
