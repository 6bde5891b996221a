import {
  DEFAULT_ADDRESS_GROUPS,
  DEFAULT_PORT_GROUPS,
  defaultResources,
  findBeside,
  loadRules,
  parseClassification,
  type Rule,
  type RuleFile,
  Suppressions,
} from '@sphinx/rules';
import { type RuleTuning, suppressionsOf } from '../tuning/tuning.ts';
import type { RejectedRule } from './rule-set.ts';

/** The set whose rules were written here: they take the place of others with the same number. */
export const LOCAL_SET = 'local';

/** A rule set with its files, as threads get it. */
export interface SetFiles {
  readonly id: string;
  readonly files: readonly RuleFile[];
}

/** Lists that rules look values up in; survives a structured clone. */
export interface RuleLists {
  /** Values of datasets, by the name under which rules load them. */
  readonly files: readonly RuleFile[];
  /** Addresses with their score, by category. */
  readonly reputation: readonly (readonly [category: string, scores: readonly (readonly [string, number])[]])[];
}

/** What the same rules are loaded with everywhere. */
export interface LoadConditions {
  readonly homeNetworks: readonly string[];
  readonly lists: RuleLists;
}

/** Everything from which the rules that are in force follow; survives a structured clone. */
export interface RulesInForce extends LoadConditions {
  readonly sets: readonly SetFiles[];
  /** By rule: `1:2019401`. */
  readonly tunings: readonly (readonly [string, RuleTuning])[];
  /** How far back in a stream a match may begin. */
  readonly streamReachBytes: number;
  /** Model that judges flows, as a model file has it; absent where none was chosen. */
  readonly model?: { readonly name: string; readonly content: string } | undefined;
}

/** A set as it was loaded. */
export interface LoadedSet {
  readonly id: string;
  readonly rules: readonly Rule[];
  readonly rejected: readonly RejectedRule[];
}

/** A rule with the set that it is from. */
export interface SetRule {
  readonly rule: Rule;
  readonly set: string;
}

/** @returns group and number of a rule, which name it everywhere */
export function ruleId({ gid, sid }: Pick<Rule, 'gid' | 'sid'>): string {
  return `${gid}:${sid}`;
}

/** Loads one set: every rule whole, or rejected with its reason. */
export function loadSet({ id, files }: SetFiles, { homeNetworks, lists }: LoadConditions): LoadedSet {
  const resources = defaultResources({
    addressGroups: { ...DEFAULT_ADDRESS_GROUPS, HOME_NET: `[${homeNetworks.join(',')}]` },
    portGroups: DEFAULT_PORT_GROUPS,
    classes: parseClassification(findBeside(files, 'classification.config') ?? ''),
    // What somebody manages here counts more than what came with the rules.
    readFile: (path) => findBeside(lists.files, path) ?? findBeside(files, path),
    reputation: new Map(lists.reputation.map(([category, scores]) => [category, new Map(scores)])),
  });
  const { rules, rejected } = loadRules(
    files.filter(({ name }) => name.endsWith('.rules')),
    resources,
  );
  return { id, rules, rejected: rejected.map((each) => ({ ...each, sid: each.sid ?? null })) };
}

/** Each rule once: of several with one number the one that was written here, else the latest revision. */
export function mergeSets(sets: readonly LoadedSet[]): Map<string, SetRule> {
  const merged = new Map<string, SetRule>();
  for (const { id: set, rules } of sets) {
    for (const rule of rules) {
      const id = ruleId(rule);
      const known = merged.get(id);
      if (known !== undefined && set !== LOCAL_SET && (known.set === LOCAL_SET || known.rule.rev >= rule.rev)) continue;
      merged.set(id, { rule, set });
    }
  }
  return merged;
}

/** @returns rules that are in force with the set of each, and matches that are left out */
export function rulesInForce(inForce: RulesInForce): {
  readonly rules: readonly Rule[];
  readonly setOf: ReadonlyMap<string, string>;
  readonly suppressions: Suppressions;
} {
  const tuned = new Map(inForce.tunings);
  const merged = mergeSets(inForce.sets.map((files) => loadSet(files, inForce)));
  const active = [...merged].filter(([id]) => tuned.get(id)?.isEnabled !== false);
  const suppressions = new Suppressions();
  for (const [id, tuning] of tuned) for (const line of suppressionsOf(id, tuning)) suppressions.add(line);
  return {
    rules: active.map(([, { rule }]) => rule),
    setOf: new Map(active.map(([id, { set }]) => [id, set])),
    suppressions,
  };
}
