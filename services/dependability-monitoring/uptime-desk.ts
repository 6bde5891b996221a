import type { DeviceBook } from './devices/device-book.ts';
import { proposeServices } from './devices/propose.ts';
import type { CheckDefinition } from './knowledge/check-definition.ts';
import type { MaintenanceBook } from './maintenance/maintenance.ts';
import type { TrafficWatch } from './observed/traffic-watch.ts';
import { DAY_MS, type ErrorBudget, errorBudgetOf } from './slo/error-budget.ts';
import type { ProposalView, ServiceView } from './views.ts';
import type { CheckRunner } from './watch/check-runner.ts';
import type { MonitoredService } from './watch/monitored-service.ts';
import type { ServiceRegistry } from './watch/registry.ts';
import type { ResultStore } from './watch/result-store.ts';
import type { ServiceStore } from './watch/service-store.ts';
import type { StateDesk } from './watch/state-desk.ts';

export interface UptimeDeskParts {
  readonly registry: ServiceRegistry;
  readonly desk: StateDesk;
  readonly store: ServiceStore;
  readonly results: ResultStore;
  readonly maintenance: MaintenanceBook;
  readonly devices: DeviceBook;
  readonly runner: CheckRunner;
  readonly traffic: TrafficWatch;
  readonly definitions: readonly CheckDefinition[];
  readonly now: () => number;
}

/** What people see of the services that are watched. */
export class UptimeDesk {
  readonly #parts: UptimeDeskParts;

  constructor(parts: UptimeDeskParts) {
    this.#parts = parts;
  }

  /** The worst first, then by name. */
  async services(): Promise<readonly ServiceView[]> {
    const views = await Promise.all(this.#parts.registry.all().map((service) => this.view(service)));
    return views.sort((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state) || a.name.localeCompare(b.name));
  }

  async view(service: MonitoredService): Promise<ServiceView> {
    const { desk, maintenance, definitions, traffic, now } = this.#parts;
    const span = desk.standing(service.id);
    const checks = service.checks.map((check) => ({
      ...check,
      ...desk.checkState(service.id, check.id),
      title: definitions.find(({ id }) => id === check.kind)?.title ?? check.kind,
      notSent: desk.notSent(service.id, check.id),
    }));
    const latencies = checks.filter(({ isEssential }) => isEssential).flatMap(({ latencyMs }) => latencyMs ?? []);
    return {
      ...service,
      state: span?.state ?? 'unknown',
      since: span?.from ?? null,
      reason: span?.reason ?? '',
      cause: span?.cause ?? null,
      causeReasons: span?.causeReasons ?? [],
      isInMaintenance: maintenance.at(service.id, now()) !== undefined,
      latencyMs: latencies.length === 0 ? null : Math.max(...latencies),
      traffic: traffic.seen(service),
      budget: plain(await this.#budget(service)),
      checks,
    };
  }

  /** Services in use that nobody watches, with what their policies say. */
  proposals(): readonly ProposalView[] {
    const { devices, definitions, registry, desk, runner } = this.#parts;
    const watched = new Set(registry.all().flatMap((service) => desk.addressesOf(service)));
    return proposeServices(devices.all(), definitions, (ip) => watched.has(ip)).map((proposal) => {
      const decisions = proposal.checks.map(({ kind }) => runner.decide(kind, proposal.host, false));
      const refusals = decisions.filter((decision) => !decision.isAllowed);
      const final = refusals.find(({ needsAgreement }) => !needsAgreement);
      const allowed = proposal.checks.filter(({ kind }) => {
        const decision = runner.decide(kind, proposal.host, true);
        return decision.isAllowed;
      });
      return {
        ...proposal,
        checks: (allowed.length === 0 ? proposal.checks : allowed).map((check) => ({
          ...check,
          parameters: { ...check.parameters },
        })),
        needsAgreement: allowed.length > 0 && refusals.some(({ needsAgreement }) => needsAgreement),
        refusal: allowed.length > 0 ? '' : (final?.reason ?? refusals[0]?.reason ?? ''),
      };
    });
  }

  async #budget(service: MonitoredService): Promise<ErrorBudget | null> {
    const { objective, id } = service;
    if (objective === null) return null;
    const { store, results, maintenance, now } = this.#parts;
    const time = now();
    const since = time - objective.days * DAY_MS;
    const [spans, hours] = await Promise.all([
      store.spansSince(id, since),
      objective.fastPercent === null ? [] : results.hours(id, since),
    ]);
    return errorBudgetOf(objective, { spans, hours, maintenance: maintenance.intervals(id), now: time });
  }
}

const GRAVITY = ['down', 'degraded', 'unknown', 'up'];

function plain(budget: ErrorBudget | null): ServiceView['budget'] {
  return budget === null ? null : { ...budget, burning: [...budget.burning] };
}
