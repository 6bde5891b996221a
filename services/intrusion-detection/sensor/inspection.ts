import type { CreateInspection } from '@sphinx/platform';
import { RuleCosts, RuleEngine } from '@sphinx/rules';
import type { Inspector } from '@sphinx/wire';
import { type RulesInForce, ruleId, rulesInForce } from '../rule-sets/load-sets.ts';
import { createFinding, type RuleFinding } from './finding.ts';

// Loaded by every sensor thread: rules look at the packets where they are read.

/** Alerts that may wait until they are taken; further ones are counted. */
const MAXIMUM_WAITING = 10_000;

/** @param data `RulesInForce` */
export const createInspection: CreateInspection = (data, source, observe) => {
  const inForce = data as RulesInForce;
  const { rules, setOf, suppressions } = rulesInForce(inForce);
  const costs = new RuleCosts(() => performance.now());
  let findings: RuleFinding[] = [];
  let dropped = 0;
  const engine = new RuleEngine(rules, {
    suppressions,
    costs,
    streamReachBytes: inForce.streamReachBytes,
    alert: (alert) => {
      observe?.(alert);
      if (findings.length < MAXIMUM_WAITING)
        findings.push(createFinding(alert, source, setOf.get(ruleId(alert.rule)) ?? ''));
      else dropped += 1;
    },
  });
  // The engine is an inspector by its form; here the compiler sees both.
  const inspector: Inspector = engine;
  return {
    inspector,
    takeFindings() {
      const usage = costs.take().map(({ rule, cost }) => ({ kind: 'usage' as const, rule: ruleId(rule), ...cost }));
      const taken = [...findings, ...usage, ...(dropped === 0 ? [] : [{ kind: 'dropped' as const, count: dropped }])];
      findings = [];
      dropped = 0;
      return taken;
    },
  };
};
