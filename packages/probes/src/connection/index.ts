export { ProbeStopped } from './budget.ts';
export { Exchange } from './exchange.ts';
export { type ProbeNetwork, systemNetwork } from './network.ts';
export type { ProbeDatagrams } from './probe-datagrams.ts';
export type { ProbeStream } from './probe-stream.ts';
