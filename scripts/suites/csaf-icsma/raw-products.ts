/** Members of CISA's documents that the suite reads by itself. */
export interface RawDocument {
  readonly product_tree: { readonly branches?: readonly RawBranch[] };
  readonly vulnerabilities?: readonly {
    readonly cve?: string;
    readonly product_status?: { readonly known_affected?: readonly string[] };
    readonly scores?: readonly { readonly cvss_v2?: RawScore; readonly cvss_v3?: RawScore }[];
  }[];
}

interface RawScore {
  readonly vectorString: string;
  readonly baseScore: number;
}

interface RawBranch {
  readonly category: string;
  readonly name: string;
  readonly branches?: readonly RawBranch[];
  readonly product?: { readonly product_id: string };
}

export interface RawProduct {
  readonly name: string;
  /** Text of the branch that tells the version. */
  readonly versions: string;
  /** The branch names one version, not a range. */
  readonly isOne: boolean;
}

/** @returns products of CISA's trees, which are all of the form vendor, product name, version */
export function readProducts({ product_tree }: RawDocument): ReadonlyMap<string, RawProduct> {
  const products = new Map<string, RawProduct>();
  const walk = (branch: RawBranch, above: string) => {
    const name = branch.category === 'product_name' ? branch.name : above;
    if (branch.product !== undefined)
      products.set(branch.product.product_id, {
        name,
        versions: branch.name,
        isOne: branch.category === 'product_version',
      });
    for (const part of branch.branches ?? []) walk(part, name);
  };
  for (const branch of product_tree.branches ?? []) walk(branch, '');
  return products;
}
