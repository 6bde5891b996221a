import type { ProductMark } from '../advisory.ts';

/** What a bill of materials says a product is made of. */
export interface SoftwareList {
  /** `CycloneDX 1.6`, `SPDX 2.3` */
  readonly format: string;
  /** As the document names itself; empty where it does not. */
  readonly id: string;
  /** Milliseconds since the epoch; undefined where the document does not tell. */
  readonly createdMs: number | undefined;
  /** Identifiers of the items that the list is about; empty where the document does not tell. */
  readonly subjects: readonly string[];
  readonly items: readonly ListedSoftware[];
}

/** One piece of software, or a device or file, of a bill of materials. */
export interface ListedSoftware {
  /** Unique in the list. */
  readonly id: string;
  /** As the format names it: `library`, `operating-system`, `firmware` …; empty where it does not. */
  readonly kind: string;
  /** Who supplies it, else who made it; empty where unknown. */
  readonly vendor: string;
  readonly name: string;
  /** Empty where unknown: then no version can be told to be affected or clean. */
  readonly version: string;
  /** With version, as in the document. */
  readonly purls: readonly string[];
  /** CPE 2.3 formatted strings or CPE 2.2 URIs, with version, as in the document. */
  readonly cpes: readonly string[];
  readonly marks: readonly ProductMark[];
  /** SPDX identifiers or expressions, or names. */
  readonly licences: readonly string[];
  /** Identifiers of items that it contains or needs to run. */
  readonly dependsOn: readonly string[];
}
