export {
  defaultResources,
  type LoadedRules,
  loadRules,
} from './suricata/load.ts';
export { findBeside, type RuleFile, unpackRuleFiles } from './suricata/rule-files.ts';
export { parseClassification } from './suricata/rule-resources.ts';
