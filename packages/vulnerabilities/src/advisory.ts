/**
 * One weakness as one source tells it. Formats differ in words and agree in substance: which products, in which versions, are
 * concerned, how bad it is, and what helps.
 */
export interface Advisory {
  /** What the source calls it: `CVE-2023-12345`, `ICSMA-23-012-01`, `GHSA-…`. Of a document about several, one for each. */
  readonly id: string;
  /** Other names of the same weakness. */
  readonly aliases: readonly string[];
  readonly source: AdvisorySource;
  readonly title: string;
  readonly description: string;
  /** Milliseconds since the epoch; undefined where the source does not tell. */
  readonly publishedMs: number | undefined;
  readonly modifiedMs: number | undefined;
  /** The source took it back: it concerns nobody. */
  readonly isWithdrawn: boolean;
  readonly severities: readonly Severity[];
  /** `CWE-79` */
  readonly weaknesses: readonly string[];
  readonly references: readonly Reference[];
  readonly affected: readonly AffectedProduct[];
  readonly remedies: readonly Remedy[];
  /** Whether and how it is used by attackers; left out where the source says nothing of it. */
  readonly exploitation?: Exploitation;
}

/** Decision points of CISA's SSVC (https://www.cisa.gov/ssvc) and of lists of known exploited weaknesses. */
export interface Exploitation {
  /** Nothing is known, a proof of concept is public, or attackers use it. */
  readonly maturity: 'none' | 'poc' | 'active' | undefined;
  /** Whether the first steps of an attack can run without a person. */
  readonly isAutomatable: boolean | undefined;
  readonly technicalImpact: 'partial' | 'total' | undefined;
  /** When it came on the list of known exploited weaknesses; undefined where it is not on it. */
  readonly knownSinceMs: number | undefined;
}

/** Where a record comes from, and on which terms. */
export interface AdvisorySource {
  /** Name of the feed or of the publisher: `CISA`, `NVD`. */
  readonly name: string;
  /** Document that the record is part of: `ICSMA-23-012-01`; empty where the record is the document. */
  readonly document: string;
  readonly url: string;
  /** SPDX identifier or words; empty where unknown. */
  readonly licence: string;
}

/** A CVSS vector as published; scores are calculated from it, and compared with the one that is given. */
export interface Severity {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0';
  readonly vector: string;
  /** As published; undefined where only the vector is. */
  readonly score: number | undefined;
  readonly source: string;
}

export interface Reference {
  readonly url: string;
  readonly title: string;
}

/** Status of a product towards a weakness, as VEX has it (CSAF 2.0 §3.2.3.9, OpenVEX, CycloneDX). */
export type AffectedStatus = 'affected' | 'not-affected' | 'fixed' | 'under-investigation' | 'unknown';

/** What a source says of a product and its versions. */
export interface AffectedProduct {
  readonly product: ProductIdentity;
  /** The first entry that contains a version decides. */
  readonly versions: readonly VersionStatus[];
  /** Of versions that no entry contains. */
  readonly otherVersions: AffectedStatus;
  /** Why a product is not affected, or under which conditions it is; empty where the source gives none. */
  readonly note: string;
}

/** Names of a product; at least one is there. */
export interface ProductIdentity {
  /** As written by the source; empty where unknown. */
  readonly vendor: string;
  readonly name: string;
  /** CPE 2.3 formatted strings (NISTIR 7695), without a version of their own where `versions` tell it. */
  readonly cpes: readonly string[];
  /** Package URLs (ECMA-427), without version. */
  readonly purls: readonly string[];
  /** Products on or in which it must run to be concerned: operating system, hardware, module. */
  readonly platforms: readonly string[];
  /** Model numbers, hashes and the like that tell it as well; left out where the source gives none. */
  readonly marks?: readonly ProductMark[];
}

/** What else tells a product (CSAF 2.0 §3.1.3.3): text as the source wrote it. */
export interface ProductMark {
  readonly kind: 'model' | 'serial' | 'sku' | 'hash' | 'uri';
  /** Of a hash `sha256:…`; `*` and `?` in models and serial numbers stand for any characters and any one. */
  readonly text: string;
}

export interface VersionStatus {
  readonly range: VersionRange;
  readonly status: AffectedStatus;
}

/** How versions of a product are ordered. */
export type VersionScheme =
  | 'alpine'
  | 'cran'
  | 'debian'
  | 'generic'
  | 'hackage'
  | 'maven'
  | 'nuget'
  | 'packagist'
  | 'pub'
  | 'pypi'
  | 'rpm'
  | 'rubygems'
  | 'semver';

/** Versions of one scheme: those in any of the intervals. */
export interface VersionRange {
  readonly scheme: VersionScheme;
  readonly intervals: readonly VersionInterval[];
  /** The range as its source wrote it, where it is in words that were not understood: no version can be told to be in it. */
  readonly unclear?: string;
}

/** A missing bound leaves that side open; one version is an interval whose bounds are that version, both inclusive. */
export interface VersionInterval {
  readonly from?: VersionBound;
  readonly to?: VersionBound;
}

export interface VersionBound {
  readonly version: string;
  readonly isInclusive: boolean;
}

/** What helps (CSAF 2.0 §3.2.3.12). */
export interface Remedy {
  readonly kind: 'fix' | 'workaround' | 'mitigation' | 'fix-planned' | 'none-available' | 'no-fix-planned';
  readonly text: string;
  readonly url: string;
  /** Names of the products that it is for, as in `affected`; empty where it is for all. */
  readonly products: readonly string[];
}
