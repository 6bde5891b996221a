import type { Logger, Outbox } from '@sphinx/platform';
import { type Alert, createFact, deterministicId, type Fact, type ServiceAvailability } from '@sphinx/schema';
import { type CauseJudgement, judgeCause } from '../cause/judge-cause.ts';
import { concerns, type Signal, type SignalBook } from '../cause/signal-book.ts';
import type { CheckResult } from '../checks/run-check.ts';
import type { DeviceBook } from '../devices/device-book.ts';
import type { MaintenanceBook } from '../maintenance/maintenance.ts';
import { advanceCheck, type CheckState, type DampingRules, UNKNOWN_STATE } from '../state/check-state.ts';
import { judgeService, type ServiceVerdict, type Voice } from '../state/service-state.ts';
import type { MonitoredService, StateSpan, WatchedCheck } from './monitored-service.ts';
import type { ServiceRegistry } from './registry.ts';
import type { ResultStore } from './result-store.ts';
import type { ServiceStore } from './service-store.ts';

const SERVICE = 'dependability-monitoring';
const FACT_TYPES = { up: 'service.up', degraded: 'service.degraded', down: 'service.down' } as const;

export interface StateDeskParts {
  readonly registry: ServiceRegistry;
  readonly store: ServiceStore;
  readonly results: ResultStore;
  readonly outbox: Outbox;
  readonly devices: DeviceBook;
  readonly signals: SignalBook;
  readonly maintenance: MaintenanceBook;
  /** What traffic says of a service; undefined where nobody wants to know. */
  readonly trafficVoice: (service: MonitoredService) => Voice | undefined;
  readonly titleOf: (kind: string) => string;
  readonly rules: DampingRules;
  readonly logger: Logger;
  readonly now: () => number;
  readonly notify: () => void;
}

/** Takes answers of checks, keeps the states of services, and tells when one changes. One after the other. */
export class StateDesk {
  readonly #parts: StateDeskParts;
  readonly #checks = new Map<string, CheckState>();
  readonly #spans = new Map<string, StateSpan>();
  /** Addresses at which the checks of a service were answered, or were to be. */
  readonly #ips = new Map<string, Set<string>>();
  /** Why a check was not sent, by its key. */
  readonly #unsent = new Map<string, string>();
  /** What a check found that speaks for somebody in between, by its key. */
  readonly #suspicious = new Map<string, string>();
  #working: Promise<void> = Promise.resolve();

  constructor(parts: StateDeskParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { store, outbox } = this.#parts;
    for (const { service, checkId, state } of await store.checkStates())
      this.#checks.set(`${service} ${checkId}`, state);
    for (const [service, span] of await store.standing()) this.#spans.set(service, span);
    await outbox.publish();
  }

  checkState(serviceId: string, checkId: string): CheckState {
    return this.#checks.get(`${serviceId} ${checkId}`) ?? UNKNOWN_STATE;
  }

  notSent(serviceId: string, checkId: string): string {
    return this.#unsent.get(`${serviceId} ${checkId}`) ?? '';
  }

  /** The state that stands; undefined before the first answer. */
  standing(serviceId: string): StateSpan | undefined {
    return this.#spans.get(serviceId);
  }

  /** Addresses of a service: those that are written down, and those that names stood for last. */
  addressesOf({ id, host, checks }: MonitoredService): readonly string[] {
    const written = [host ?? '', ...checks.map((check) => check.host)].filter((name) => /^[0-9.]+$|:/.test(name));
    return [...new Set([...written, ...(this.#ips.get(id) ?? [])])];
  }

  /** Takes what a check found. */
  take(service: MonitoredService, check: WatchedCheck, result: CheckResult, ip: string): Promise<void> {
    return this.#one(() => this.#take(service, check, result, ip));
  }

  /** A check was not sent: what was known of it holds no longer. */
  takeUnsent(service: MonitoredService, check: WatchedCheck, reason: string): Promise<void> {
    return this.#one(async () => {
      const key = `${service.id} ${check.id}`;
      if (this.#unsent.get(key) === reason) return;
      this.#unsent.set(key, reason);
      this.#checks.set(key, { ...UNKNOWN_STATE, since: this.#parts.now() });
      this.#parts.logger.info('An availability check is not sent', {
        service: service.name,
        check: check.kind,
        reason,
      });
      await this.#parts.store.transaction((sql) =>
        this.#parts.store.saveCheckState(service.id, check.id, this.checkState(service.id, check.id), sql),
      );
      await this.#settle(service);
    });
  }

  /** Something else than an answer changed: checks, a pause, a window. */
  review(service: MonitoredService): Promise<void> {
    return this.#one(() => this.#settle(service));
  }

  /** A detection, an alert or an incident came in: outages that it concerns are judged once more. */
  takeSignal(signal: Signal): Promise<void> {
    return this.#one(async () => {
      for (const service of this.#parts.registry.all()) {
        const span = this.#spans.get(service.id);
        if (span === undefined || (span.state !== 'down' && span.state !== 'degraded')) continue;
        if (span.cause === 'possible-attack') continue;
        if (concerns(signal, this.addressesOf(service), this.#assetsOf(service))) await this.#rejudge(service, span);
      }
    });
  }

  forget(serviceId: string): Promise<void> {
    return this.#one(async () => {
      this.#spans.delete(serviceId);
      this.#ips.delete(serviceId);
      for (const map of [this.#checks, this.#unsent, this.#suspicious]) {
        for (const key of map.keys()) if (key.startsWith(`${serviceId} `)) map.delete(key);
      }
      this.#parts.notify();
    });
  }

  settled(): Promise<void> {
    return this.#working;
  }

  #one(work: () => Promise<void>): Promise<void> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => undefined);
    return done;
  }

  async #take(service: MonitoredService, check: WatchedCheck, result: CheckResult, ip: string): Promise<void> {
    // It may have been removed while it was asked.
    const current = this.#parts.registry.find(service.id);
    if (current === undefined || current.checks.every(({ id }) => id !== check.id)) return;
    const { store, results, rules, now } = this.#parts;
    const key = `${service.id} ${check.id}`;
    const time = now();
    this.#unsent.delete(key);
    if (ip !== '') this.#ips.set(service.id, (this.#ips.get(service.id) ?? new Set()).add(ip));
    if (result.isSuspicious === true) this.#suspicious.set(key, result.message);
    else this.#suspicious.delete(key);
    const state = advanceCheck(this.checkState(service.id, check.id), result, time, rules);
    const { outcome, latencyMs, message, figures = {} } = result;
    await store.transaction(async (sql) => {
      const isFast = latencyMs !== null && latencyMs <= check.slowMs;
      await results.add(service.id, { checkId: check.id, time, outcome, latencyMs, message, figures }, isFast, sql);
      await store.saveCheckState(service.id, check.id, state, sql);
    });
    this.#checks.set(key, state);
    await this.#settle(current);
    this.#parts.notify();
  }

  async #settle(service: MonitoredService): Promise<void> {
    const verdict: ServiceVerdict = service.isPaused
      ? { state: 'unknown', reason: 'Paused.' }
      : judgeService(this.#voicesOf(service));
    const before = this.#spans.get(service.id);
    if (before?.state === verdict.state) {
      if (before.reason === verdict.reason) return;
      const span = { ...before, reason: verdict.reason };
      await this.#parts.store.transaction((sql) => this.#parts.store.updateSpan(span, sql));
      this.#spans.set(service.id, span);
      return;
    }
    // Before the first answer there is nothing to tell.
    if (before === undefined && verdict.state === 'unknown') return;
    await this.#change(service, verdict, before);
  }

  async #change(
    service: MonitoredService,
    { state, reason }: ServiceVerdict,
    before: StateSpan | undefined,
  ): Promise<void> {
    const from = this.#parts.now();
    const isOut = state === 'down' || state === 'degraded';
    const { cause, reasons, evidence } = isOut
      ? this.#judge(service, from)
      : { cause: null, reasons: [], evidence: [] };
    const { store, outbox } = this.#parts;
    const span = await store.transaction(async (sql) => {
      const begun = await store.beginSpan(
        { service: service.id, state, from, reason, cause, causeReasons: reasons, evidence },
        sql,
      );
      await outbox.note(this.#factsOf(service, begun, before?.state ?? 'unknown'), sql);
      return begun;
    });
    this.#spans.set(service.id, span);
    await outbox.publish();
    this.#parts.notify();
  }

  async #rejudge(service: MonitoredService, span: StateSpan): Promise<void> {
    const { cause, reasons, evidence } = this.#judge(service, span.from);
    if (cause === span.cause) return;
    const { store, outbox } = this.#parts;
    const judged = { ...span, cause, causeReasons: [...reasons], evidence: [...evidence] };
    await store.transaction(async (sql) => {
      await store.updateSpan(judged, sql);
      await outbox.note(this.#factsOf(service, judged, span.state), sql);
    });
    this.#spans.set(service.id, judged);
    await outbox.publish();
    this.#parts.notify();
  }

  #judge(service: MonitoredService, since: number): CauseJudgement {
    const { registry, signals, maintenance } = this.#parts;
    const ips = this.addressesOf(service);
    const others = registry.all().flatMap((other) => {
      const span = other.id === service.id ? undefined : this.#spans.get(other.id);
      return span?.state === 'down' ? [{ name: other.name, ips: this.addressesOf(other), since: span.from }] : [];
    });
    const keys = service.checks.map(({ id }) => `${service.id} ${id}`);
    return judgeCause({
      since,
      ips,
      signals: signals.about(ips, this.#assetsOf(service)),
      suspicious: keys.map((key) => this.#suspicious.get(key) ?? '').find((words) => words !== '') ?? '',
      maintenance: maintenance.at(service.id, since)?.note,
      others,
    });
  }

  #voicesOf(service: MonitoredService): readonly Voice[] {
    const traffic = this.#parts.trafficVoice(service);
    const checks = service.checks.map(({ id, kind, isEssential }) => {
      const { state, message } = this.checkState(service.id, id);
      return { title: this.#parts.titleOf(kind), state, message, isEssential };
    });
    return traffic === undefined ? checks : [...checks, traffic];
  }

  #assetsOf(service: MonitoredService): readonly string[] {
    const devices = this.addressesOf(service).flatMap((ip) => this.#parts.devices.at(ip));
    return [...new Set(devices.filter(({ isSample }) => !isSample).map(({ assetId }) => assetId))];
  }

  #factsOf(service: MonitoredService, span: StateSpan, previous: StateSpan['state']): readonly Fact[] {
    if (span.state === 'unknown') return [];
    const time = this.#parts.now();
    const data: ServiceAvailability = {
      serviceId: service.id,
      name: service.name,
      care: service.care,
      state: span.state,
      previous,
      since: span.from,
      reason: span.reason,
      cause: span.cause,
      causeReasons: span.causeReasons,
      evidence: span.evidence,
      assetIds: [...this.#assetsOf(service)],
      ips: [...this.addressesOf(service)],
    };
    const fact = createFact(FACT_TYPES[span.state], { key: service.id, time, source: SERVICE, data });
    const isAlert = span.cause === 'possible-attack' && data.ips.length > 0;
    if (!isAlert) return [fact];
    const alert = alertOf(data, time);
    return [fact, createFact('alert.raised', { key: alert.id, time, source: SERVICE, data: alert })];
  }
}

/** An outage that may be an attack, for whoever puts incidents together. A mere failure is none. */
function alertOf(outage: ServiceAvailability, now: number): Alert {
  const { serviceId, name, state, since, causeReasons, assetIds, ips, care } = outage;
  const subjects = [
    ...assetIds.map((value) => ({ role: 'affected', type: 'asset', value }) as const),
    ...ips.map((value) => ({ role: 'affected', type: 'ip', value }) as const),
  ];
  const words = state === 'down' ? 'is down' : 'works in part';
  return {
    id: deterministicId('alt', 'outage', serviceId, since),
    kind: 'outage',
    analytic: { id: `outage-${serviceId}`, title: `${name} ${words}`, set: SERVICE, version: '1', references: [] },
    severity: state === 'down' ? 'high' : 'medium',
    message:
      `${name} ${words}${care === '' ? '' : ` (${care})`}, and it may be an attack. ${causeReasons.join(' ')}`.slice(
        0,
        2000,
      ),
    subjects: subjects.slice(0, 50),
    // Endpoint denial of service.
    techniques: ['T1499'],
    time: since,
    endTime: now,
    count: 1,
    evidence: [],
    isSample: false,
  };
}
