import { isWithin } from '../language/filters.ts';
import type { SigmaLogsource, SigmaRule, SigmaRuleInfo } from '../language/rule.ts';
import { EventRouter, MAXIMUM_NAMES } from '../pipelines/event-router.ts';
import type { PipelineSource, SigmaPipeline } from '../pipelines/pipeline.ts';
import { EventLeaves, normaliseName, type SigmaEvent } from './event-leaves.ts';
import { type FeedTarget, RuleGroup } from './rule-group.ts';

/** A rule that an event matches. */
export interface SigmaHit {
  readonly rule: SigmaRuleInfo;
  /** Whether it is told on its own: not where it only serves a correlation rule. */
  readonly isTold: boolean;
  /** @returns text of a field of the event, by Sigma's name; undefined where it has none */
  valueOf(field: string): string | undefined;
}

/** A group with the names that the fields of some source have. */
interface View {
  readonly group: RuleGroup;
  readonly targets: (name: string) => readonly FeedTarget[];
  readonly sources: readonly PipelineSource[];
}

const NOTHING: readonly FeedTarget[] = [];
/** Combinations of sources that are remembered. */
const MAXIMUM_COMBINATIONS = 5000;

/** Matches events against all rules at once. Keeps nothing of an event. */
export class SigmaMatcher {
  readonly #groups: { readonly logsource: SigmaLogsource; readonly group: RuleGroup }[];
  readonly #router: EventRouter;
  readonly #leaves: EventLeaves;
  readonly #views = new Map<string, readonly View[]>();
  readonly #silent: ReadonlySet<string>;

  /** @param silent ids of the rules that only serve correlation rules */
  constructor(rules: readonly SigmaRule[], pipelines: readonly SigmaPipeline[], silent: ReadonlySet<string>) {
    const treeNames = new Set<string>();
    this.#leaves = new EventLeaves(treeNames);
    this.#router = new EventRouter(pipelines);
    this.#silent = silent;
    this.#groups = [...Map.groupBy(rules, ({ logsource }) => keyOf(logsource))].map(([, grouped]) => ({
      logsource: grouped[0]?.logsource ?? {},
      group: new RuleGroup(grouped, this.#leaves),
    }));
    for (const { group } of this.#groups) for (const name of group.fieldNames) treeNames.add(name);
  }

  /** Bytes of the tables of all groups. */
  get bytes(): number {
    return this.#groups.reduce((sum, { group }) => sum + group.bytes, 0);
  }

  /**
   * @param event fields by name, or a tree of JSON
   * @param origin the log it is from, where its collector knows; events of Windows tell it themselves
   * @returns every rule that matches it
   */
  match(event: SigmaEvent, origin?: SigmaLogsource): readonly SigmaHit[] {
    const leaves = this.#leaves;
    leaves.fill(event);
    const ownLeaves = leaves.count;
    const hits: SigmaHit[] = [];
    for (const view of this.#viewsOf(origin)) {
      leaves.count = ownLeaves;
      view.group.match(view.targets, ({ info }) => {
        hits.push({
          rule: info,
          isTold: !this.#silent.has(info.id),
          valueOf: (field) => readField(event, field, view.sources),
        });
      });
    }
    return hits;
  }

  #viewsOf(origin: SigmaLogsource | undefined): readonly View[] {
    const routes = this.#router.route(this.#leaves, origin);
    let key = origin === undefined ? '' : keyOf(origin);
    for (const { number } of routes) key += ` ${number}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const views = this.#createViews(
      routes.map(({ source }) => source),
      origin,
    );
    if (this.#views.size < MAXIMUM_COMBINATIONS) this.#views.set(key, views);
    return views;
  }

  #createViews(sources: readonly PipelineSource[], origin: SigmaLogsource | undefined): readonly View[] {
    return this.#groups.flatMap(({ logsource, group }) => {
      const own = sources.filter((source) => source.logsources.some((each) => isWithin(each, logsource)));
      if (own.length === 0 && (origin === undefined || !isWithin(origin, logsource))) return [];
      return [{ group, sources: own, targets: createTargets(group, own) }];
    });
  }
}

function keyOf({ product, category, service }: SigmaLogsource): string {
  return `${product ?? ''}/${category ?? ''}/${service ?? ''}`;
}

/** @returns where the values of each field of the event go; names are looked up once */
function createTargets(group: RuleGroup, sources: readonly PipelineSource[]): View['targets'] {
  const known = new Map<string, readonly FeedTarget[]>();
  const aliases = new Map<string, FeedTarget[]>();
  const others = othersMeanings(sources);
  for (const { fields, values } of sources) {
    for (const [event, names] of fields) {
      for (const name of names) {
        const slot = group.slot(name);
        if (slot === undefined) continue;
        const key = normaliseName(event);
        const targets = aliases.get(key) ?? [];
        if (!targets.some((each) => each.slot === slot)) targets.push({ slot, translation: values.get(name) });
        aliases.set(key, targets);
      }
    }
  }
  return (name) => {
    const targets = known.get(name);
    if (targets !== undefined) return targets;
    const normalised = normaliseName(name);
    const own = others.has(normalised) ? undefined : group.slot(normalised);
    const mapped = (aliases.get(normalised) ?? NOTHING).filter(({ slot }) => slot !== own);
    const made =
      own === undefined ? mapped : [...mapped, { slot: own, translation: translationOf(sources, normalised) }];
    const result = made.length === 0 ? NOTHING : made;
    if (known.size < MAXIMUM_NAMES) known.set(name, result);
    return result;
  };
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

/** Only for events that matched, so that nothing is kept of the others. */
function readField(event: SigmaEvent, field: string, sources: readonly PipelineSource[]): string | undefined {
  const wanted = normaliseName(field);
  const leaves = new EventLeaves(new Set([wanted]));
  leaves.fill(event);
  const others = new Set<string>();
  for (const source of sources) {
    for (const [eventField, names] of source.fields) {
      if (names.some((name) => normaliseName(name) === wanted)) others.add(normaliseName(eventField));
    }
  }
  let own: string | undefined;
  for (let leaf = 0; leaf < leaves.count; leaf++) {
    const name = normaliseName(leaves.names[leaf] ?? '');
    if (others.has(name)) return leaves.texts[leaf];
    if (name === wanted) own ??= leaves.texts[leaf];
  }
  return own;
}
