import type { Rule } from '@sphinx/rules';
import { type LoadedSet, ruleId } from './load-sets.ts';
import type { RuleChanges } from './rule-set.ts';

const MAXIMUM_LISTED = 500;

/** Compares a set as it is with what it would be. @param digest of the files of `next` */
export function compareSets(now: readonly Rule[], next: LoadedSet, digest: string): RuleChanges {
  const before = new Map(now.map((rule) => [ruleId(rule), rule]));
  const after = new Map(next.rules.map((rule) => [ruleId(rule), rule]));
  const rules: RuleChanges['rules'] = [];
  for (const [id, rule] of after) {
    const old = before.get(id);
    if (old?.text === rule.text) continue;
    const change = old === undefined ? 'added' : 'changed';
    rules.push({ id, title: rule.message, change, before: old?.text ?? null, after: rule.text });
  }
  for (const [id, rule] of before) {
    if (!after.has(id)) rules.push({ id, title: rule.message, change: 'removed', before: rule.text, after: null });
  }
  const count = (change: string) => rules.filter((each) => each.change === change).length;
  const [added, changed, removed] = [count('added'), count('changed'), count('removed')];
  return {
    digest,
    added,
    changed,
    removed,
    unchanged: after.size - added - changed,
    loaded: after.size,
    rejected: next.rejected.length,
    rules: rules.slice(0, MAXIMUM_LISTED),
    rejections: next.rejected.slice(0, MAXIMUM_LISTED),
  };
}
