import type { ProductIdentity, ProductMark, VersionRange } from '../advisory.ts';
import { schemeOfPurl, splitCpe, splitPurl } from '../reading/product-names.ts';
import { readRange, readVersionName, versionRange } from '../reading/ranges.ts';
import type { CsafContext } from './context.ts';
import type { CsafBranch, CsafProduct, CsafProductTree } from './document.ts';

/** A product that a `product_id` stands for. */
export interface TreeProduct {
  readonly identity: ProductIdentity;
  /** Undefined where the tree tells no version: all of the product is meant. */
  readonly range: VersionRange | undefined;
}

/** Categories of branches that say where a product runs, not what it is (CSAF 2.0 §3.1.2.2). */
const PLATFORM_CATEGORIES = ['architecture', 'host_name', 'language', 'specification'];
/** They make a version narrower in words of which no order is known. */
const LEVEL_CATEGORIES = ['legacy', 'patch_level', 'service_pack'];

/** @returns every `product_id` of the tree with what it stands for; of a relationship, the product with that on which it is */
export function readProductTree({ document }: CsafContext): ReadonlyMap<string, TreeProduct> {
  const tree: CsafProductTree = document.product_tree ?? {};
  const products = new Map<string, TreeProduct>();
  const walk = (branches: readonly CsafBranch[], above: readonly CsafBranch[]) => {
    for (const branch of branches) {
      const path = [...above, branch];
      if (branch.product !== undefined) products.set(branch.product.product_id, ofPath(path, branch.product));
      walk(branch.branches ?? [], path);
    }
  };
  walk(tree.branches ?? [], []);
  for (const product of tree.full_product_names ?? []) products.set(product.product_id, ofName(product));
  addRelationships(tree, products);
  return products;
}

/** A relationship may build on another, whose order in the list is free; none is circular (test 6.1.3). */
function addRelationships({ relationships = [] }: CsafProductTree, products: Map<string, TreeProduct>): void {
  let waiting = relationships;
  while (waiting.length > 0) {
    const later = waiting.filter((relationship) => {
      const part = products.get(relationship.product_reference);
      const whole = products.get(relationship.relates_to_product_reference);
      if (part === undefined || whole === undefined) return true;
      const platform = [nameOf(whole.identity), ...whole.identity.platforms];
      const identity = { ...part.identity, platforms: [...part.identity.platforms, ...platform] };
      const own = ofName(relationship.full_product_name).identity;
      products.set(relationship.full_product_name.product_id, {
        identity: withHelpers(identity, own),
        range: part.range,
      });
      return false;
    });
    if (later.length === waiting.length) return;
    waiting = later;
  }
}

function ofPath(path: readonly CsafBranch[], product: CsafProduct): TreeProduct {
  const last = (...categories: readonly string[]) =>
    path.findLast(({ category }) => categories.includes(category))?.name;
  const version = path.findLast(({ category }) => category.startsWith('product_version'));
  const levels = path.filter(({ category }) => LEVEL_CATEGORIES.includes(category)).map(({ name }) => name);
  const own = ofName(product);
  const identity = {
    ...own.identity,
    vendor: last('vendor') ?? '',
    name: last('product_name') ?? last('product_family') ?? product.name,
    platforms: path.filter(({ category }) => PLATFORM_CATEGORIES.includes(category)).map(({ name }) => name),
  };
  if (levels.length > 0) {
    const words = [version?.name, ...levels].filter((word) => word !== undefined).join(' ');
    return { identity, range: { scheme: 'generic', intervals: [], unclear: words } };
  }
  if (version === undefined)
    return { identity, range: last('product_name') === undefined ? own.range : versionOfHelper(product) };
  const range = version.category === 'product_version' ? readVersionName(version.name) : readRange(version.name);
  return { identity, range };
}

/** A product with nothing but its name, which may hold a version in words that nobody can tell from the rest. */
function ofName(product: CsafProduct): TreeProduct {
  const helper = product.product_identification_helper ?? {};
  const identity: ProductIdentity = {
    vendor: '',
    name: product.name,
    cpes: helper.cpe === undefined ? [] : [splitCpe(helper.cpe).name],
    purls: helper.purl === undefined ? [] : [splitPurl(helper.purl).name],
    platforms: [],
    ...marksOf(product),
  };
  return { identity, range: versionOfHelper(product) ?? { scheme: 'generic', intervals: [], unclear: product.name } };
}

function marksOf({ product_identification_helper: helper }: CsafProduct): { readonly marks?: readonly ProductMark[] } {
  const marks: readonly ProductMark[] = [
    ...(helper?.model_numbers ?? []).map((text) => ({ kind: 'model' as const, text })),
    ...(helper?.serial_numbers ?? []).map((text) => ({ kind: 'serial' as const, text })),
    ...(helper?.skus ?? []).map((text) => ({ kind: 'sku' as const, text })),
    ...(helper?.hashes ?? []).flatMap(({ file_hashes }) =>
      file_hashes.map(({ algorithm, value }) => ({
        kind: 'hash' as const,
        text: `${algorithm.toLowerCase()}:${value}`,
      })),
    ),
    ...(helper?.x_generic_uris ?? []).map(({ uri }) => ({ kind: 'uri' as const, text: uri })),
  ];
  return marks.length === 0 ? {} : { marks };
}

function withHelpers(identity: ProductIdentity, own: ProductIdentity): ProductIdentity {
  const marks = [...(identity.marks ?? []), ...(own.marks ?? [])];
  return {
    ...identity,
    cpes: [...new Set([...identity.cpes, ...own.cpes])],
    purls: [...new Set([...identity.purls, ...own.purls])],
    ...(marks.length === 0 ? {} : { marks }),
  };
}

/** The version that a package URL or a CPE name tells. */
function versionOfHelper({ product_identification_helper: helper }: CsafProduct): VersionRange | undefined {
  const purl = helper?.purl === undefined ? undefined : splitPurl(helper.purl);
  if (purl?.version !== undefined) return versionRange(purl.version, schemeOfPurl(purl.name));
  const version = helper?.cpe === undefined ? undefined : splitCpe(helper.cpe).version;
  return version === undefined ? undefined : versionRange(version);
}

function nameOf({ vendor, name }: ProductIdentity): string {
  return vendor === '' ? name : `${vendor} ${name}`;
}
