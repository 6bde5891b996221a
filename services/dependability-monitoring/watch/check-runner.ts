import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Secrets } from '@sphinx/platform';
import type { ProbeNetwork } from '@sphinx/probes/connection';
import { decideWatch, type ProbeNetworks, type ProbePolicy, type WatchDecision } from '@sphinx/probes/policy';
import { judgeBackups } from '../checks/backup.ts';
import { failed } from '../checks/check.ts';
import { CHECKS } from '../checks/registry.ts';
import { type CheckResult, runCheck } from '../checks/run-check.ts';
import type { DeviceBook } from '../devices/device-book.ts';
import type { CheckDefinition } from '../knowledge/check-definition.ts';
import type { MonitoredService, WatchedCheck } from './monitored-service.ts';
import type { ResultStore } from './result-store.ts';

const REPORTS_COMPARED = 20;

/** What came of the wish to run a check. */
export type CheckRunOutcome =
  | { readonly kind: 'answered'; readonly result: CheckResult; readonly ip: string }
  /** Nothing was sent: by policy, or because this machine has no network. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'called-off' };

export interface CheckRunnerParts {
  readonly definitions: ReadonlyMap<string, CheckDefinition>;
  readonly policies: readonly ProbePolicy[];
  readonly networks: ProbeNetworks;
  readonly devices: DeviceBook;
  readonly results: ResultStore;
  readonly secrets: Secrets;
  readonly network: ProbeNetwork;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** Sends a check where the probe policy allows it, to the address that was decided on and no other. */
export class CheckRunner {
  readonly #parts: CheckRunnerParts;

  constructor(parts: CheckRunnerParts) {
    this.#parts = parts;
  }

  /** Whether a kind of check may be sent to an address again and again. */
  decide(kind: string, ip: string, hasAgreement: boolean): WatchDecision {
    const { policies, networks, devices } = this.#parts;
    const caution = this.#definition(kind).caution;
    return decideWatch({
      subjects: devices.subjectsAt(ip),
      ip,
      policies,
      caution,
      outside: networks.refusal(ip),
      hasAgreement,
    });
  }

  async run(service: MonitoredService, check: WatchedCheck, signal: AbortSignal): Promise<CheckRunOutcome> {
    const definition = this.#definition(check.kind);
    if (definition.transport === 'none') return this.#readReports(service, check);
    const ip = await addressOf(check.host);
    if (ip === undefined) {
      return {
        kind: 'answered',
        ip: '',
        result: { ...failed(`The name ${check.host} has no address.`), latencyMs: null },
      };
    }
    const decision = this.decide(check.kind, ip, service.agreement !== null);
    if (!decision.isAllowed) return { kind: 'not-sent', reason: decision.reason };
    if (!isLoopback(ip) && !hasNetwork()) return { kind: 'not-sent', reason: 'This machine has no network itself.' };
    const code = CHECKS[check.kind];
    if (code === undefined) return { kind: 'not-sent', reason: `There is no check ${check.kind} any more.` };
    const { network, now, secrets } = this.#parts;
    const secret = check.hasSecret ? await secrets.get(secretName(service.id, check.id)) : undefined;
    const result = await runCheck({
      definition,
      check: code,
      host: check.host,
      ip,
      port: check.port,
      parameters: check.parameters,
      secret: secret === undefined ? undefined : Buffer.from(secret).toString('utf8'),
      slowMs: check.slowMs,
      network,
      signal,
      now,
    });
    return result === undefined ? { kind: 'called-off' } : { kind: 'answered', result, ip };
  }

  async #readReports(service: MonitoredService, { parameters }: WatchedCheck): Promise<CheckRunOutcome> {
    const reports = await this.#parts.results.reports(service.id, REPORTS_COMPARED);
    const result = judgeBackups(reports, this.#parts.now(), {
      maximumAgeHours: Number(parameters.maximumAgeHours),
      shrinkPercent: Number(parameters.shrinkPercent),
    });
    return { kind: 'answered', ip: '', result: { ...result, latencyMs: null } };
  }

  #definition(kind: string): CheckDefinition {
    const definition = this.#parts.definitions.get(kind);
    if (definition === undefined) throw new Error(`no definition of the check ${kind}`);
    return definition;
  }
}

export function secretName(serviceId: string, checkId: string): string {
  return `${serviceId}/${checkId}`;
}

/** @returns the address that a host has now; undefined where it has none */
export async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
}

function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1';
}

/** Where this machine itself is cut off, nothing is learnt about others. */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal) === true);
}
