import type { PatientSafetyClass } from '@sphinx/schema';
import type { ClinicalService } from './care-knowledge.ts';
import type { Effect } from './effect.ts';

/** Where in the house of care something stands, from the patient down. */
export type CareLayer = 'care' | 'application' | 'device' | 'network';

/** A clinical service in one care area, an asset, or a network. */
export interface CareNode {
  readonly id: string;
  readonly type: 'care' | 'asset' | 'network';
  readonly layer: CareLayer;
  readonly name: string;
  /** Key of `knowledge/asset-kinds`, or id of the clinical service. */
  readonly kind: string;
  readonly area: string;
  readonly zone: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
}

/** How a dependency is known. */
export type NeedOrigin = 'traffic' | 'address' | 'knowledge' | 'stated';

/** One thing that something needs. */
export interface Need {
  /** Place of the provider in `CareMap.nodes`. */
  readonly provider: number;
  /** What happens without it. */
  readonly effect: Effect;
  /** Id of the rule that found it; empty where a person stated it. */
  readonly rule: string;
  /** What the dependent does with the provider, as a verb. */
  readonly title: string;
  readonly because: string;
  readonly origin: NeedOrigin;
  /** Last talk that shows it, milliseconds since the Unix epoch; null where none does. */
  readonly lastSeen: number | null;
}

/**
 * Needs that count together. `any`: each one alone has its effect; `all`: they stand in for each other, the least effect counts;
 * `share`: they do the same work side by side, some of them gone degrades it, all of them gone has the full effect.
 */
export interface NeedGroup {
  readonly mode: 'any' | 'all' | 'share';
  readonly needs: readonly Need[];
  /** They are the devices that do the work of a clinical service in its area, and not what these work with. */
  readonly isWork?: boolean;
}

/** Beds of a care area. */
export interface AreaBeds {
  readonly area: string;
  readonly beds: number | null;
  /** Counted: from devices of which one stands at each bed. */
  readonly origin: 'stated' | 'counted' | null;
}

/** Clinical services → applications → devices → networks: who needs whom. Made by `buildCareMap`, never changed. */
export class CareMap {
  readonly nodes: readonly CareNode[];
  /** By place of the node. */
  readonly needs: readonly (readonly NeedGroup[])[];
  readonly services: ReadonlyMap<string, ClinicalService>;
  readonly #beds: ReadonlyMap<string, AreaBeds>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #bedside: ReadonlySet<string>;
  #neededBy: readonly (readonly number[])[] | undefined;

  constructor(parts: {
    readonly nodes: readonly CareNode[];
    readonly needs: readonly (readonly NeedGroup[])[];
    readonly services: ReadonlyMap<string, ClinicalService>;
    readonly beds: ReadonlyMap<string, AreaBeds>;
    readonly bedsideKinds: readonly string[];
  }) {
    this.nodes = parts.nodes;
    this.needs = parts.needs;
    this.services = parts.services;
    this.#beds = parts.beds;
    this.#bedside = new Set(parts.bedsideKinds);
    this.#places = new Map(parts.nodes.map(({ id }, place) => [id, place]));
  }

  /** @returns its place in `nodes`; undefined where there is no such node */
  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** @throws RangeError where there is no node at the place */
  at(place: number): CareNode {
    const node = this.nodes[place];
    if (node === undefined) throw new RangeError(`there is no node ${place}`);
    return node;
  }

  /** Places of the nodes that need this one. */
  neededBy(place: number): readonly number[] {
    this.#neededBy ??= this.#reverse();
    return this.#neededBy[place] ?? [];
  }

  /** Care areas with their beds. */
  areas(): readonly AreaBeds[] {
    return [...this.#beds.values()];
  }

  bedsOf(area: string): AreaBeds {
    return this.#beds.get(area) ?? { area, beds: null, origin: null };
  }

  /** One of these stands at each bed. */
  isBedside(kind: string): boolean {
    return this.#bedside.has(kind);
  }

  /** Places of the clinical services in their care areas. */
  care(): readonly number[] {
    return this.nodes.flatMap(({ type }, place) => (type === 'care' ? [place] : []));
  }

  #reverse(): readonly (readonly number[])[] {
    const neededBy: number[][] = this.nodes.map(() => []);
    this.needs.forEach((groups, dependent) => {
      const providers = new Set(groups.flatMap(({ needs }) => needs.map(({ provider }) => provider)));
      for (const provider of providers) neededBy[provider]?.push(dependent);
    });
    return neededBy;
  }
}

/** @returns id of a clinical service in a care area */
export function careNodeId(service: string, area: string): string {
  return `care:${service}@${area}`;
}
