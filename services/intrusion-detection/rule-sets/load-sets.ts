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
import type { RejectedRule, RuleTuning } from './rule-set.ts';

/** A rule set with its files, as threads get it. */
export interface SetFiles {
  readonly id: string;
  readonly files: readonly RuleFile[];
}

/** Everything from which the rules that are in force follow; survives a structured clone. */
export interface RulesInForce {
  readonly sets: readonly SetFiles[];
  readonly homeNetworks: readonly string[];
  /** By rule: `1:2019401`. */
  readonly tunings: readonly (readonly [string, RuleTuning])[];
}

/** A set as it was loaded. */
export interface LoadedSet {
  readonly id: string;
  readonly rules: readonly Rule[];
  readonly rejected: readonly RejectedRule[];
}

/** @returns group and number of a rule, which name it everywhere */
export function ruleId({ gid, sid }: Pick<Rule, 'gid' | 'sid'>): string {
  return `${gid}:${sid}`;
}

/** Loads one set: every rule whole, or rejected with its reason. */
export function loadSet({ id, files }: SetFiles, homeNetworks: readonly string[]): LoadedSet {
  const resources = defaultResources({
    addressGroups: { ...DEFAULT_ADDRESS_GROUPS, HOME_NET: `[${homeNetworks.join(',')}]` },
    portGroups: DEFAULT_PORT_GROUPS,
    classes: parseClassification(findBeside(files, 'classification.config') ?? ''),
    readFile: (path) => findBeside(files, path),
  });
  const { rules, rejected } = loadRules(
    files.filter(({ name }) => name.endsWith('.rules')),
    resources,
  );
  return { id, rules, rejected: rejected.map((each) => ({ ...each, sid: each.sid ?? null })) };
}

/** @returns rules that are in force with the set of each, and matches that are left out */
export function rulesInForce({ sets, homeNetworks, tunings }: RulesInForce): {
  readonly rules: readonly Rule[];
  readonly setOf: ReadonlyMap<string, string>;
  readonly suppressions: Suppressions;
} {
  const tuned = new Map(tunings);
  const rules = new Map<string, Rule>();
  const setOf = new Map<string, string>();
  for (const files of sets) {
    for (const rule of loadSet(files, homeNetworks).rules) {
      const id = ruleId(rule);
      const known = rules.get(id);
      if (tuned.get(id)?.isEnabled === false || (known !== undefined && known.rev >= rule.rev)) continue;
      rules.set(id, rule);
      setOf.set(id, files.id);
    }
  }
  const suppressions = new Suppressions();
  for (const [id, { quietFor }] of tuned) {
    const [gid = '', sid = ''] = id.split(':');
    if (quietFor.length === 0) continue;
    suppressions.add(`suppress gen_id ${gid}, sig_id ${sid}, track by_either, ip [${quietFor.join(',')}]`);
  }
  return { rules: [...rules.values()], setOf, suppressions };
}
