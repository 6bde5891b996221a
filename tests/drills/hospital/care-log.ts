/** One request of care. */
export interface CareRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  readonly ok: boolean;
  readonly why: string;
}

/** What care lost of one service within a time. */
export interface CareLoss {
  readonly service: string;
  readonly requests: number;
  readonly failed: number;
  /** From the first request that failed to the first that was answered again, over all interruptions. */
  readonly interruptedMs: number;
}

/** What was asked of the services that care depends on, and what came of it. */
export class CareLog {
  readonly #requests = new Map<string, CareRequest[]>();

  add(service: string, request: CareRequest): void {
    const known = this.#requests.get(service);
    if (known === undefined) this.#requests.set(service, [request]);
    else known.push(request);
  }

  get services(): readonly string[] {
    return [...this.#requests.keys()];
  }

  /** @returns what was lost of requests that began within the time, service by service */
  losses(from: number, until: number): CareLoss[] {
    return [...this.#requests].map(([service, all]) => {
      const requests = all.filter(({ at }) => at >= from && at <= until);
      return {
        service,
        requests: requests.length,
        failed: requests.filter(({ ok }) => !ok).length,
        interruptedMs: interruptedMs(requests, until),
      };
    });
  }

  /** @returns whether the last requests of each service since then were answered, and there were some */
  isWell(since: number, atLeast = 2): boolean {
    return [...this.#requests.values()].every((all) => {
      const last = all.filter(({ at }) => at >= since).slice(-atLeast);
      return last.length >= atLeast && last.every(({ ok }) => ok);
    });
  }

  /** @returns whether some request of the service that began since then was answered */
  isServed(service: string, since: number): boolean {
    return this.#requests.get(service)?.some(({ at, ok }) => ok && at >= since) === true;
  }
}

function interruptedMs(requests: readonly CareRequest[], until: number): number {
  let total = 0;
  let since: number | undefined;
  for (const { at, ms, ok } of requests) {
    if (!ok) since ??= at;
    else if (since !== undefined) {
      total += at + ms - since;
      since = undefined;
    }
  }
  return since === undefined ? total : total + until - since;
}
