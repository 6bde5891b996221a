export { ProbeStopped } from './connection/budget.ts';
export { type ExchangeRecord, packetsOf } from './connection/exchange-record.ts';
export { type ProbeNetwork, systemNetwork } from './connection/network.ts';
export { RAW_IP_LINK, type WrittenPacket } from './evidence/packets.ts';
export * from './probe.ts';
export { PROBES } from './registry.ts';
export { limitsForTls, limitsOf, type ProbeResult, type ProbeRun, runProbe } from './run-probe.ts';
