import type { VersionScheme } from '../advisory.ts';
import { type ReadVersion, readVersion } from './compare-versions.ts';

/** What inventories write where they do not know. */
const NO_VERSION = /^(?:|unknown|unspecified|undefined|n\/?a|none|any|null|\?+|\*|-)$/i;

/** A version as an inventory has it, read in a scheme when it is compared in it. */
export class InstalledVersion {
  readonly text: string;
  /** False where the inventory says that it does not know. */
  readonly isKnown: boolean;
  /** In the scheme that was asked for last: most are compared in one. */
  #scheme: VersionScheme | undefined;
  #read: ReadVersion | undefined;

  constructor(version: string) {
    this.text = version.trim();
    this.isKnown = !NO_VERSION.test(this.text);
  }

  in(scheme: VersionScheme): ReadVersion {
    if (this.#read !== undefined && this.#scheme === scheme) return this.#read;
    this.#scheme = scheme;
    this.#read = readVersion(scheme, this.text);
    return this.#read;
  }
}
