import type { Advisory, AffectedProduct } from '../advisory.ts';
import { judgeSoftware, namesOfProduct, type ReadSoftware, readSoftware } from './judge-software.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

/** Advisories by the names of their products: one item is compared with those few that share a name with it. */
export class AdvisoryIndex {
  readonly #byName = new Map<string, Map<Advisory, AffectedProduct[]>>();

  /** @param advisories those that are withdrawn are left out */
  constructor(advisories: Iterable<Advisory> = []) {
    for (const advisory of advisories) this.add(advisory);
  }

  add(advisory: Advisory): void {
    if (advisory.isWithdrawn) return;
    for (const entry of advisory.affected) {
      for (const name of namesOfProduct(entry)) {
        const ofName = this.#byName.get(name) ?? new Map<Advisory, AffectedProduct[]>();
        this.#byName.set(name, ofName);
        const entries = ofName.get(advisory);
        if (entries === undefined) ofName.set(advisory, [entry]);
        else entries.push(entry);
      }
    }
  }

  /** @returns one match for each advisory that is about the item, whatever it says of it */
  match(item: SoftwareItem): readonly SoftwareMatch[] {
    const software = readSoftware(item);
    const entries = new Map<Advisory, Set<AffectedProduct>>();
    for (const name of software.names) {
      for (const [advisory, ofName] of this.#byName.get(name) ?? []) {
        const known = entries.get(advisory);
        if (known === undefined) entries.set(advisory, new Set(ofName));
        else for (const entry of ofName) known.add(entry);
      }
    }
    return [...entries].flatMap(([advisory, some]) => judgeSoftware(software, advisory, [...some]) ?? []);
  }
}

/** Software by its names: one advisory is compared with those items that share a name with its products. */
export class SoftwareIndex {
  readonly #byName = new Map<string, ReadSoftware[]>();

  constructor(items: Iterable<SoftwareItem> = []) {
    for (const item of items) this.add(item);
  }

  add(item: SoftwareItem): void {
    const software = readSoftware(item);
    for (const name of software.names) {
      const ofName = this.#byName.get(name);
      if (ofName === undefined) this.#byName.set(name, [software]);
      else ofName.push(software);
    }
  }

  /** @returns one match for each item that the advisory is about, whatever it says of it; none for one that is withdrawn */
  match(advisory: Advisory): readonly SoftwareMatch[] {
    if (advisory.isWithdrawn) return [];
    const entries = new Map<ReadSoftware, Set<AffectedProduct>>();
    for (const entry of advisory.affected) {
      for (const name of namesOfProduct(entry)) {
        for (const software of this.#byName.get(name) ?? []) {
          const known = entries.get(software);
          if (known === undefined) entries.set(software, new Set([entry]));
          else known.add(entry);
        }
      }
    }
    return [...entries].flatMap(([software, some]) => judgeSoftware(software, advisory, [...some]) ?? []);
  }
}
