/** A CSAF 2.0 document whose structure was validated: the members that are read here (OASIS Standard, §3.2). */
export interface CsafDocument {
  readonly document: CsafHead;
  readonly product_tree?: CsafProductTree;
  readonly vulnerabilities?: readonly CsafVulnerability[];
}

export interface CsafHead {
  readonly category: string;
  readonly csaf_version: '2.0';
  readonly title: string;
  readonly lang?: string;
  readonly source_lang?: string;
  readonly distribution?: { readonly text?: string; readonly tlp?: { readonly label: string; readonly url?: string } };
  readonly notes?: readonly CsafNote[];
  readonly publisher: { readonly category: string; readonly name: string; readonly namespace: string };
  readonly references?: readonly CsafReference[];
  readonly tracking: CsafTracking;
}

export interface CsafTracking {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly status: 'draft' | 'final' | 'interim';
  readonly version: string;
  readonly initial_release_date: string;
  readonly current_release_date: string;
  readonly revision_history: readonly CsafRevision[];
}

export interface CsafRevision {
  readonly date: string;
  readonly number: string;
  readonly summary: string;
}

export interface CsafNote {
  readonly category: string;
  readonly text: string;
  readonly title?: string;
}

export interface CsafReference {
  readonly category?: 'external' | 'self';
  readonly summary: string;
  readonly url: string;
}

export interface CsafProductTree {
  readonly branches?: readonly CsafBranch[];
  readonly full_product_names?: readonly CsafProduct[];
  readonly product_groups?: readonly { readonly group_id: string; readonly product_ids: readonly string[] }[];
  readonly relationships?: readonly CsafRelationship[];
}

export interface CsafBranch {
  readonly category: string;
  readonly name: string;
  readonly branches?: readonly CsafBranch[];
  readonly product?: CsafProduct;
}

export interface CsafProduct {
  readonly name: string;
  readonly product_id: string;
  readonly product_identification_helper?: CsafIdentificationHelper;
}

export interface CsafIdentificationHelper {
  readonly cpe?: string;
  readonly purl?: string;
  readonly hashes?: readonly {
    readonly filename: string;
    readonly file_hashes: readonly { readonly algorithm: string; readonly value: string }[];
  }[];
  readonly model_numbers?: readonly string[];
  readonly serial_numbers?: readonly string[];
  readonly skus?: readonly string[];
  readonly sbom_urls?: readonly string[];
  readonly x_generic_uris?: readonly { readonly namespace: string; readonly uri: string }[];
}

export interface CsafRelationship {
  readonly category: string;
  readonly full_product_name: CsafProduct;
  readonly product_reference: string;
  readonly relates_to_product_reference: string;
}

/** What concerns some products, named one by one or as groups; where it names none, the standard says what that means. */
export interface CsafScope {
  readonly product_ids?: readonly string[];
  readonly group_ids?: readonly string[];
}

export const PRODUCT_STATUSES = [
  'first_affected',
  'first_fixed',
  'fixed',
  'known_affected',
  'known_not_affected',
  'last_affected',
  'recommended',
  'under_investigation',
] as const;
export type CsafProductStatus = (typeof PRODUCT_STATUSES)[number];

export interface CsafVulnerability {
  readonly cve?: string;
  readonly cwe?: { readonly id: string; readonly name: string };
  readonly ids?: readonly { readonly system_name: string; readonly text: string }[];
  readonly title?: string;
  readonly notes?: readonly CsafNote[];
  readonly discovery_date?: string;
  readonly release_date?: string;
  readonly references?: readonly CsafReference[];
  readonly flags?: readonly (CsafScope & { readonly label: string; readonly date?: string })[];
  readonly involvements?: readonly { readonly party: string; readonly status: string; readonly date?: string }[];
  readonly product_status?: Readonly<Partial<Record<CsafProductStatus, readonly string[]>>>;
  readonly remediations?: readonly CsafRemediation[];
  readonly scores?: readonly CsafScore[];
  readonly threats?: readonly (CsafScope & { readonly category: string; readonly details: string })[];
}

export interface CsafRemediation extends CsafScope {
  readonly category: 'mitigation' | 'no_fix_planned' | 'none_available' | 'vendor_fix' | 'workaround';
  readonly details: string;
  readonly url?: string;
}

export interface CsafScore {
  readonly products: readonly string[];
  readonly cvss_v2?: CsafCvss;
  readonly cvss_v3?: CsafCvss;
}

/** Members of FIRST's JSON representation; `cvss-metrics.ts` names all. */
export interface CsafCvss {
  readonly version: '2.0' | '3.0' | '3.1';
  readonly vectorString: string;
  readonly baseScore: number;
  readonly [member: string]: unknown;
}
