const MAXIMUM_WAITING = 64;

/** A request that was answered. */
export interface Answered<Q> {
  readonly request: Q;
  /** From request to answer; undefined where nobody keeps time. */
  readonly durationMs: number | undefined;
}

/** Requests of one flow that wait for their answers; the oldest give way to new ones. */
export class PendingRequests<Q> {
  readonly #waiting = new Map<number | string, { readonly request: Q; readonly askedMicros: number | undefined }>();

  /** @returns a request that will not be waited for any longer: the one with the same key, or the oldest of too many */
  ask(key: number | string, request: Q, timeMicros: number | undefined): Q | undefined {
    const oldest = this.#waiting.has(key) ? key : this.#waiting.size < MAXIMUM_WAITING ? undefined : this.#oldestKey();
    const given = oldest === undefined ? undefined : this.#waiting.get(oldest)?.request;
    if (oldest !== undefined) this.#waiting.delete(oldest);
    this.#waiting.set(key, { request, askedMicros: timeMicros });
    return given;
  }

  answer(key: number | string, timeMicros: number | undefined): Answered<Q> | undefined {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(key);
    const { request, askedMicros } = waiting;
    const isTimed = askedMicros !== undefined && timeMicros !== undefined;
    return { request, durationMs: isTimed ? Math.max(0, timeMicros - askedMicros) / 1000 : undefined };
  }

  /** @returns the request that waits for an answer of this key, which goes on waiting */
  waiting(key: number | string): Q | undefined {
    return this.#waiting.get(key)?.request;
  }

  /** @returns what was never answered, in the order in which it was asked; nothing waits afterwards */
  takeAll(): readonly Q[] {
    const requests = [...this.#waiting.values()].map(({ request }) => request);
    this.#waiting.clear();
    return requests;
  }

  #oldestKey(): number | string | undefined {
    return this.#waiting.keys().next().value;
  }
}
