export { type RuleAlert, RuleEngine, type RuleEngineOptions } from './suricata/engine/engine.ts';
export { RuleCosts } from './suricata/engine/rule-costs.ts';
export { Suppressions } from './suricata/engine/suppressions.ts';
export { type CountedThreshold, ThresholdCounters } from './suricata/engine/threshold-counters.ts';
export {
  DEFAULT_ADDRESS_GROUPS,
  DEFAULT_PORT_GROUPS,
  defaultResources,
  type LoadedRules,
  loadRules,
} from './suricata/load.ts';
export { parseReputation } from './suricata/reputation.ts';
export type { Rule } from './suricata/rule.ts';
export { findBeside, type RuleFile, unpackRuleFiles } from './suricata/rule-files.ts';
export { parseClassification } from './suricata/rule-resources.ts';
