import type { Rule } from '@sphinx/rules';
import type { Severity } from '@sphinx/schema';
import { ruleId } from '../rule-sets/load-sets.ts';
import { severityOf } from '../sensor/finding.ts';
import { RuleTuning, UNTUNED } from './tuning.ts';

/** Key in the metadata of a rule; its value is a kind of `knowledge/asset-kinds`. */
const USUAL_SOURCE = 'usual-source';
const GRAVER: Readonly<Record<Severity, Severity>> = {
  informational: 'low',
  low: 'medium',
  medium: 'high',
  high: 'critical',
  critical: 'critical',
};

/**
 * Some commands are every day's work of a few kinds of machines, and an attack from any other: a pump server may program pumps, a
 * workstation may not. A rule says so with `metadata: usual-source KIND`: from others it is one step more severe. What the hospital
 * has decided about the rule goes first.
 *
 * @param tunings as the hospital has them, by rule
 * @returns the same with what follows from the rules themselves
 */
export function withUsualSenders(
  rules: readonly Rule[],
  tunings: ReadonlyMap<string, RuleTuning>,
): ReadonlyMap<string, RuleTuning> {
  const all = new Map(tunings);
  for (const rule of rules) {
    const kinds = rule.metadata.flatMap(([key, value]) => (key === USUAL_SOURCE ? [value] : []));
    if (kinds.length === 0) continue;
    const own = all.get(ruleId(rule)) ?? UNTUNED;
    const { adjustments } = RuleTuning.parse({
      adjustments: [
        { scope: { kinds, end: 'source' }, action: 'tell' },
        { action: 'tell', severity: GRAVER[severityOf(rule)] },
      ],
    });
    all.set(ruleId(rule), { ...own, adjustments: [...own.adjustments, ...adjustments] });
  }
  return all;
}
