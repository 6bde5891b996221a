import type { PipelineSource } from '../pipelines/pipeline.ts';
import { normaliseName, UNNUMBERED } from './event-leaves.ts';
import type { FieldSlot } from './field-slot.ts';

/** Where the values of an event's field go. */
export interface FeedTarget {
  readonly slot: FieldSlot;
  /** Value in lower case → what Sigma calls it. */
  readonly translation: ReadonlyMap<string, string> | undefined;
}

const NOTHING: readonly FeedTarget[] = [];

/** Where the values of each field of an event go, for events of some sources; each name is looked up once. */
export class FieldTargets {
  readonly #group: { slot(field: string): FieldSlot | undefined };
  readonly #sources: readonly PipelineSource[];
  readonly #others: ReadonlySet<string>;
  /** By normalised name of the event's field. */
  readonly #aliases = new Map<string, FeedTarget[]>();
  /** By number of the name. */
  readonly #known: (readonly FeedTarget[] | undefined)[] = [];

  constructor(group: { slot(field: string): FieldSlot | undefined }, sources: readonly PipelineSource[]) {
    this.#group = group;
    this.#sources = sources;
    this.#others = othersMeanings(sources);
    for (const { fields, values } of sources) {
      for (const [event, names] of fields) {
        for (const name of names) this.#addAlias(normaliseName(event), group.slot(name), values.get(name));
      }
    }
  }

  /** @param id number of the name */
  of(id: number, name: string): readonly FeedTarget[] {
    const known = this.#known[id];
    if (known !== undefined) return known;
    const found = this.#find(normaliseName(name));
    if (id !== UNNUMBERED) this.#known[id] = found;
    return found;
  }

  #addAlias(event: string, slot: FieldSlot | undefined, translation: FeedTarget['translation']): void {
    if (slot === undefined) return;
    const targets = this.#aliases.get(event) ?? [];
    if (!targets.some((each) => each.slot === slot)) targets.push({ slot, translation });
    this.#aliases.set(event, targets);
  }

  #find(name: string): readonly FeedTarget[] {
    const own = this.#others.has(name) ? undefined : this.#group.slot(name);
    const mapped = (this.#aliases.get(name) ?? NOTHING).filter(({ slot }) => slot !== own);
    if (own !== undefined) return [...mapped, { slot: own, translation: translationOf(this.#sources, name) }];
    return mapped.length === 0 ? NOTHING : mapped;
  }
}

function translationOf(sources: readonly PipelineSource[], name: string): FeedTarget['translation'] {
  const all = sources.flatMap(({ values }) => [...values]).filter(([field]) => normaliseName(field) === name);
  return all.length === 0 ? undefined : new Map(all.flatMap(([, values]) => [...values]));
}

/**
 * Names (normalised) by which an event calls something else than Sigma does, which finds what it calls so elsewhere: `ProcessId`
 * of event 4688 is the parent's.
 */
export function othersMeanings(sources: readonly PipelineSource[]): ReadonlySet<string> {
  const [only] = sources;
  if (only === undefined || sources.length > 1) return new Set();
  const renamed = new Set([...only.fields.values()].flat().map(normaliseName));
  return new Set([...only.fields.keys()].map(normaliseName).filter((name) => renamed.has(name)));
}
