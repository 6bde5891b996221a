export { type CompiledSigma, compileSigma, type SigmaReport } from './sigma/compile.ts';
export {
  type CorrelationHit,
  type CorrelatorLimits,
  SigmaCorrelator,
} from './sigma/correlation/correlator.ts';
export { type SigmaDetection, SigmaDetector } from './sigma/detector.ts';
export type { SigmaFile } from './sigma/language/documents.ts';
export type { SigmaRejection } from './sigma/language/load.ts';
export { SIGMA_LEVELS, type SigmaLevel, type SigmaLogsource, type SigmaRuleInfo } from './sigma/language/rule.ts';
export type { SigmaEvent } from './sigma/matcher/event-leaves.ts';
export type { SigmaHit, SigmaMatcher } from './sigma/matcher/sigma-matcher.ts';
export { loadPipelines } from './sigma/pipelines/load-pipelines.ts';
export { readPipeline, type SigmaPipeline } from './sigma/pipelines/pipeline.ts';
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
