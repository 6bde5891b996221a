import { isWithin } from '../language/filters.ts';
import type { SigmaLogsource, SigmaRule, SigmaRuleInfo } from '../language/rule.ts';
import { EventRouter } from '../pipelines/event-router.ts';
import type { PipelineSource, SigmaPipeline } from '../pipelines/pipeline.ts';
import { CombinationMemory, originKey } from './combination-memory.ts';
import { EventLeaves, normaliseName, type SigmaEvent } from './event-leaves.ts';
import { FieldTargets } from './field-targets.ts';
import { RuleGroup } from './rule-group.ts';

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
  readonly targets: FieldTargets;
  readonly sources: readonly PipelineSource[];
}

/** Matches events against all rules at once. Keeps nothing of an event. */
export class SigmaMatcher {
  readonly #groups: { readonly logsource: SigmaLogsource; readonly group: RuleGroup }[];
  readonly #router: EventRouter;
  readonly #leaves: EventLeaves;
  readonly #views = new CombinationMemory<readonly View[]>();
  readonly #silent: ReadonlySet<string>;

  /** @param silent ids of the rules that only serve correlation rules */
  constructor(rules: readonly SigmaRule[], pipelines: readonly SigmaPipeline[], silent: ReadonlySet<string>) {
    const treeNames = new Set<string>();
    this.#leaves = new EventLeaves(treeNames);
    this.#router = new EventRouter(pipelines);
    this.#silent = silent;
    this.#groups = [...Map.groupBy(rules, ({ logsource }) => originKey(logsource))].map(([, grouped]) => ({
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
    for (const { group, targets, sources } of this.#viewsOf(origin)) {
      leaves.count = ownLeaves;
      for (const { info } of group.match(targets)) {
        hits.push({
          rule: info,
          isTold: !this.#silent.has(info.id),
          valueOf: (field) => readField(event, field, sources),
        });
      }
    }
    return hits;
  }

  #viewsOf(origin: SigmaLogsource | undefined): readonly View[] {
    const routes = this.#router.route(this.#leaves, origin);
    const remembered = this.#views.find(origin, routes);
    if (remembered?.value !== undefined) return remembered.value;
    const sources = routes.map(({ source }) => source);
    const views = this.#createViews(sources, origin);
    if (remembered !== undefined) remembered.value = views;
    return views;
  }

  #createViews(sources: readonly PipelineSource[], origin: SigmaLogsource | undefined): readonly View[] {
    return this.#groups.flatMap(({ logsource, group }) => {
      const own = sources.filter((source) => source.logsources.some((each) => isWithin(each, logsource)));
      if (own.length === 0 && (origin === undefined || !isWithin(origin, logsource))) return [];
      return [{ group, sources: own, targets: new FieldTargets(group, own) }];
    });
  }
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
