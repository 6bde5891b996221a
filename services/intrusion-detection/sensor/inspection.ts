import { readModel } from '@sphinx/learning';
import type { CreateInspection } from '@sphinx/platform';
import { RuleCosts, RuleEngine } from '@sphinx/rules';
import type { Inspector } from '@sphinx/wire';
import { type RulesInForce, ruleId, rulesInForce } from '../rule-sets/load-sets.ts';
import { FindingMaker, type RuleFinding, type UndecidedFinding } from './finding.ts';
import { ModelWatch } from './model-watch.ts';

// Loaded by every sensor thread: rules look at the packets where they are read.

export { createFindingsJoint } from './findings-joint.ts';

/** Alerts that may wait until they are taken; further ones are counted. */
const MAXIMUM_WAITING = 10_000;
/** Matches that wait until it is known whether they are alerts: more, because most of them are none. */
const MAXIMUM_UNDECIDED = 50_000;

/** @param data `RulesInForce` */
export const createInspection: CreateInspection = (data, source, { observe, isPart = false } = {}) => {
  const inForce = data as RulesInForce;
  const { rules, setOf, suppressions } = rulesInForce(inForce);
  const costs = new RuleCosts(() => performance.now());
  const maker = new FindingMaker(source, setOf);
  let findings: (RuleFinding | UndecidedFinding)[] = [];
  let dropped = 0;
  const maximum = isPart ? MAXIMUM_UNDECIDED : MAXIMUM_WAITING;
  const engine = new RuleEngine(rules, {
    suppressions,
    costs,
    streamReachBytes: inForce.streamReachBytes,
    defersThresholds: isPart,
    alert: (alert) => {
      observe?.(alert);
      if (findings.length >= maximum) dropped += 1;
      else findings.push(alert.undecided.length === 0 ? maker.make(alert) : maker.makeUndecided(alert));
    },
  });
  // The engine is an inspector by its form; here the compiler sees both.
  const inspector: Inspector = engine;
  if (inForce.model !== undefined) {
    const watch = watchOf(inForce.model, source);
    const endOfRules = engine.flowEnded.bind(engine);
    inspector.flowEnded = (flow) => {
      endOfRules(flow);
      const found = watch.flowEnded(flow);
      if (found === undefined) return;
      if (findings.length >= maximum) dropped += 1;
      else findings.push(found);
    };
  }
  return {
    inspector,
    takeWantedFiles: () => engine.takeWantedFiles(),
    takeFindings() {
      const usage = costs.take().map(({ rule, cost }) => ({ kind: 'usage' as const, rule: ruleId(rule), ...cost }));
      const taken = [...findings, ...usage, ...(dropped === 0 ? [] : [{ kind: 'dropped' as const, count: dropped }])];
      findings = [];
      dropped = 0;
      return taken;
    },
  };
};

/** The service has read the model before it offers it, so that one which cannot be read is a fault of this program. */
function watchOf({ name, content }: { name: string; content: string }, source: string): ModelWatch {
  const reading = readModel(content);
  if (!reading.isRead) throw new Error(reading.problem);
  return new ModelWatch(reading.model, name, source);
}
