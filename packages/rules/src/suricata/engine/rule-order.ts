import type { Rule } from '../rule.ts';

const ACTIONS = { pass: 0, drop: 1, reject: 2, alert: 3 } as const;

/**
 * Rules of one event are looked at in this order: `pass` first; who leaves a bit before who asks for it; then by priority
 * (Suricata user guide, "Action order"; its sorting of signatures by flowbits).
 */
export function sortRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(
    (a, b) => ACTIONS[a.action] - ACTIONS[b.action] || bitOrder(a) - bitOrder(b) || a.priority - b.priority,
  );
}

function bitOrder({ stateChecks, stateChanges }: Rule): number {
  if (stateChanges.length > 0) return stateChecks.length === 0 ? 0 : 1;
  return stateChecks.length > 0 ? 2 : 3;
}
