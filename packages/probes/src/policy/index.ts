export { type Approval, type Decision, decide, type ProbeSubject, policyFor } from './decide.ts';
export { type Device, deviceOf, type KnownService, strangerAt } from './device.ts';
export { loadProbePolicies, loadProbingKnowledge, type ProbingKnowledge } from './load-knowledge.ts';
export { ProbeNetworks } from './networks.ts';
export { ENGINES, type ProbeEngine, ProbePolicy } from './probe-policy.ts';
export { decideWatch, type WatchCircumstances, type WatchDecision } from './watch.ts';
