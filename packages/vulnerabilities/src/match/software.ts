import type { Advisory, AffectedStatus, ProductIdentity } from '../advisory.ts';

/** Software as an inventory knows it: of a package list, a bill of materials, a banner. */
export interface SoftwareItem {
  /** Empty where unknown. */
  readonly vendor: string;
  /** As the inventory has it: `openssl-libs`, `jackson-databind`, `Windows Server 2019`. */
  readonly name: string;
  /** As the inventory has it, with epoch and release; empty where unknown. */
  readonly version: string;
  /** CPE 2.2 or 2.3; left out where unknown. */
  readonly cpe?: string;
  /** Package URL; left out where unknown. */
  readonly purl?: string;
  /** The version is the least that it may be: later updates may be on it. Left out where it is the version. */
  readonly isAtLeast?: boolean;
}

/** Whether a software item is concerned by an advisory, how well that is known, and why. */
export interface SoftwareMatch {
  readonly advisory: Advisory;
  readonly item: SoftwareItem;
  readonly status: AffectedStatus;
  /** What the status rests on: this very version, a range that it is in, or the product alone. */
  readonly quality: 'exact-version' | 'range' | 'product';
  /** Which names of the two are the same, from strong to weak. */
  readonly identity: 'purl' | 'cpe' | 'vendor-and-name' | 'name';
  /**
   * It is a package of a distribution, which mends weaknesses without taking the next version, and the source tells only the
   * versions of the maker: what is affected by its version may have been mended.
   */
  readonly mayBeMended: boolean;
  /** The version is known and can be ordered, and the source tells of others only; left out where that is not so. */
  readonly isUnlisted?: boolean;
  /** A sentence without full stop. */
  readonly reason: string;
  readonly product: ProductIdentity;
}
