import { randomUUID } from 'node:crypto';
import { type Principal, type Secrets, SphinxError } from '@sphinx/platform';
import type { CheckDefinition } from '../knowledge/check-definition.ts';
import { readParameters } from '../knowledge/check-definition.ts';
import { addressOf, type CheckRunner, secretName } from './check-runner.ts';
import type {
  CheckRequest,
  MonitoredService,
  ServiceChange,
  ServiceRequest,
  WatchedCheck,
} from './monitored-service.ts';
import type { ServiceStore } from './service-store.ts';

/** Services that one installation watches. */
const MAXIMUM_SERVICES = 500;

export interface RegistryParts {
  readonly store: ServiceStore;
  readonly definitions: ReadonlyMap<string, CheckDefinition>;
  readonly runner: CheckRunner;
  readonly secrets: Secrets;
  readonly now: () => number;
}

/** The services that people asked to watch. Nothing is checked that is not in here. */
export class ServiceRegistry {
  readonly #parts: RegistryParts;
  readonly #services = new Map<string, MonitoredService>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    for (const service of await this.#parts.store.services()) this.#services.set(service.id, service);
  }

  all(): readonly MonitoredService[] {
    return [...this.#services.values()];
  }

  find(id: string): MonitoredService | undefined {
    return this.#services.get(id);
  }

  /** @param reference id or name. @throws SphinxError SPX_NOT_FOUND */
  get(reference: string): MonitoredService {
    const found = this.#services.get(reference) ?? this.all().find(({ name }) => name === reference);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `No service "${reference}" is watched.`);
    return found;
  }

  /** @throws SphinxError SPX_INVALID_INPUT, SPX_CONFLICT, and SPX_FORBIDDEN where the policy of a device does not allow it */
  async add(request: ServiceRequest, principal: Principal): Promise<MonitoredService> {
    if (this.#services.size >= MAXIMUM_SERVICES)
      throw new SphinxError('SPX_CONFLICT', `At most ${MAXIMUM_SERVICES} services are watched. Remove one first.`);
    this.#requireFreeName(request.name, undefined);
    const { checks, agreement, ...described } = request;
    const bare = {
      ...described,
      id: `svc_${randomUUID()}`,
      agreement: this.#agreementOf(agreement, principal),
      isPaused: false,
      createdAt: this.#parts.now(),
      createdBy: principal.name,
    };
    const prepared = await this.#prepare(checks, bare, [], true);
    return this.#save({ ...bare, checks: prepared.map(({ check }) => check) }, prepared);
  }

  /** @throws SphinxError as `add` does, and SPX_NOT_FOUND */
  async change(reference: string, change: ServiceChange, principal: Principal): Promise<MonitoredService> {
    const before = this.get(reference);
    if (change.name !== undefined) this.#requireFreeName(change.name, before.id);
    const { checks, agreement, ...described } = change;
    const bare = {
      ...before,
      ...given(described),
      ...(agreement === undefined ? {} : { agreement: this.#agreementOf(agreement, principal) }),
    };
    if (checks === undefined) return this.#save(bare, []);
    const mayAgree = agreement !== undefined || principal.permissions.has('probes:approve');
    const prepared = await this.#prepare(checks, bare, before.checks, mayAgree);
    await this.#parts.store.keepChecks(
      before.id,
      prepared.map(({ check }) => check.id),
    );
    return this.#save({ ...bare, checks: prepared.map(({ check }) => check) }, prepared);
  }

  async remove(reference: string): Promise<MonitoredService> {
    const service = this.get(reference);
    this.#services.delete(service.id);
    await this.#parts.store.remove(service.id);
    for (const { id, hasSecret } of service.checks) {
      if (hasSecret) await this.#parts.secrets.remove(secretName(service.id, id));
    }
    return service;
  }

  async #save(service: MonitoredService, prepared: readonly PreparedCheck[]): Promise<MonitoredService> {
    for (const { check, secret } of prepared) {
      if (secret !== undefined) await this.#parts.secrets.set(secretName(service.id, check.id), Buffer.from(secret));
    }
    await this.#parts.store.save(service);
    this.#services.set(service.id, service);
    return service;
  }

  #requireFreeName(name: string, ownId: string | undefined): void {
    if (this.all().some((service) => service.name === name && service.id !== ownId))
      throw new SphinxError('SPX_CONFLICT', `A service named "${name}" is watched already.`);
  }

  #agreementOf(note: string | undefined, { name, permissions }: Principal) {
    if (note === undefined) return null;
    if (!permissions.has('probes:approve'))
      throw new SphinxError('SPX_FORBIDDEN', 'To agree to checks needs the permission probes:approve.');
    return { by: name, at: this.#parts.now(), note };
  }

  async #prepare(
    requests: readonly CheckRequest[],
    service: Pick<MonitoredService, 'host' | 'agreement'>,
    known: readonly WatchedCheck[],
    mayAgree: boolean,
  ): Promise<readonly PreparedCheck[]> {
    const prepared: PreparedCheck[] = [];
    for (const request of requests) {
      const check = await this.#prepareOne(request, service, known, prepared, mayAgree);
      prepared.push({ check, secret: request.secret });
    }
    return prepared;
  }

  async #prepareOne(
    request: CheckRequest,
    service: Pick<MonitoredService, 'host' | 'agreement'>,
    known: readonly WatchedCheck[],
    others: readonly PreparedCheck[],
    mayAgree: boolean,
  ): Promise<WatchedCheck> {
    const definition = this.#parts.definitions.get(request.kind);
    if (definition === undefined) {
      const kinds = [...this.#parts.definitions.keys()].join(', ');
      throw new SphinxError('SPX_INVALID_INPUT', `There is no check "${request.kind}". There are: ${kinds}.`);
    }
    const isSending = definition.transport !== 'none';
    const host = isSending ? (request.host ?? service.host ?? '') : '';
    const port = request.port ?? definition.port;
    if (isSending && host === '') throw new SphinxError('SPX_INVALID_INPUT', 'Name the host that is to be checked.');
    if ((definition.transport === 'tcp' || definition.transport === 'udp') && port === 0)
      throw new SphinxError('SPX_INVALID_INPUT', `Name the port for the check ${request.kind}.`);
    if (request.secret !== undefined && definition.secret === undefined)
      throw new SphinxError('SPX_INVALID_INPUT', `The check ${request.kind} has no secret.`);
    const parameters = readParameters(definition, request.parameters);
    // An agreement holds for what it was given for, until somebody who may agree asks for more.
    const isKnown = known.some((each) => each.kind === request.kind && each.host === host);
    const hasAgreement = service.agreement !== null && (mayAgree || isKnown);
    const leastSeconds = isSending ? await this.#requireAllowed(request.kind, host, hasAgreement) : 0;
    const same = known.find((each) => each.kind === request.kind && each.host === host && each.port === port);
    const isTaken = same !== undefined && others.some(({ check }) => check.id === same.id);
    return {
      id: same === undefined || isTaken ? `chk_${randomUUID()}` : same.id,
      kind: request.kind,
      host,
      port,
      parameters: { ...parameters },
      hasSecret: request.secret !== undefined || (same?.hasSecret === true && !isTaken),
      intervalSeconds: Math.max(request.intervalSeconds ?? definition.intervalSeconds, leastSeconds),
      slowMs: request.slowMs ?? definition.slowMs,
      isEssential: request.isEssential,
    };
  }

  /** @returns seconds that checks must be apart */
  async #requireAllowed(kind: string, host: string, hasAgreement: boolean): Promise<number> {
    const ip = await addressOf(host);
    if (ip === undefined) throw new SphinxError('SPX_INVALID_INPUT', `The name ${host} has no address.`);
    const decision = this.#parts.runner.decide(kind, ip, hasAgreement);
    if (decision.isAllowed) return decision.leastSeconds;
    const how = decision.needsAgreement ? ' State the agreement, or give the device its class in the inventory.' : '';
    throw new SphinxError('SPX_FORBIDDEN', `${host} may not be checked by ${kind}. ${decision.reason}${how}`);
  }
}

/** @returns what a person gave, without what was left out */
function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

interface PreparedCheck {
  readonly check: WatchedCheck;
  readonly secret: string | undefined;
}
