import { isIP } from 'node:net';
import { limitsForTls } from '@sphinx/probes';
import { Exchange, type ProbeNetwork, ProbeStopped } from '@sphinx/probes/connection';
import type { CheckDefinition, CheckParameters } from '../knowledge/check-definition.ts';
import { type Check, type CheckAnswer, type CheckContext, failed, warning } from './check.ts';

/** One check of one service. */
export interface CheckRun {
  readonly definition: CheckDefinition;
  readonly check: Check;
  readonly host: string;
  readonly ip: string;
  readonly port: number;
  readonly parameters: CheckParameters;
  readonly secret: string | undefined;
  /** From so many milliseconds on it is slow. */
  readonly slowMs: number;
  readonly network: ProbeNetwork;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

export interface CheckResult extends CheckAnswer {
  /** From the beginning to the answer; null where nobody answered. */
  readonly latencyMs: number | null;
}

/**
 * Runs a check within its limits, which the connection enforces.
 *
 * @returns undefined where it was called off; never throws for what a server does
 */
export async function runCheck(run: CheckRun): Promise<CheckResult | undefined> {
  const { definition, ip, port, network, signal, now } = run;
  const mayBeTls = run.parameters.tls === true || definition.parameters.every(({ name }) => name !== 'tls');
  const exchange = new Exchange({
    ip,
    port,
    network,
    signal,
    now,
    limits: mayBeTls ? limitsForTls(definition.limits) : definition.limits,
    onRecord: () => {},
  });
  const begun = performance.now();
  try {
    const answer = await run.check(contextOf(run, exchange));
    if (exchange.budget.stopped !== undefined) throw exchange.budget.stopped;
    const latencyMs = Math.round((performance.now() - begun) * 10) / 10;
    if (answer.outcome === 'failed') return { ...answer, latencyMs: null };
    return { ...judgeSpeed(answer, latencyMs, run.slowMs), latencyMs };
  } catch (error) {
    if (!(error instanceof ProbeStopped)) throw error;
    if (error.reason === 'stopped') return undefined;
    const message =
      error.reason === 'deadline'
        ? `There is no answer within ${definition.limits.timeoutMs / 1000} seconds.`
        : 'It would have taken more packets than the check may send.';
    return { ...failed(message), latencyMs: null };
  } finally {
    exchange.close();
  }
}

function judgeSpeed(answer: CheckAnswer, latencyMs: number, slowMs: number): CheckAnswer {
  if (answer.outcome !== 'good' || latencyMs <= slowMs) return answer;
  return warning(`It answers after ${Math.round(latencyMs)} ms; more than ${slowMs} ms is slow.`, answer.figures);
}

function contextOf(run: CheckRun, exchange: Exchange): CheckContext {
  const { host, ip, port, parameters, secret, now } = run;
  const serverName = isIP(host) === 0 ? host : undefined;
  const connectTls = async () => {
    const stream = await exchange.connect();
    if (stream === undefined) return undefined;
    return (await stream.startTls([], serverName)) ?? 'no-tls';
  };
  return {
    host,
    ip,
    port,
    parameters,
    secret,
    now,
    left: () => Math.max(1, exchange.budget.deadline - now()),
    connect: async () => {
      if (parameters.tls !== true) return exchange.connect();
      const stream = await connectTls();
      return stream === 'no-tls' ? undefined : stream;
    },
    connectTls,
    datagrams: () => exchange.datagrams(),
  };
}
