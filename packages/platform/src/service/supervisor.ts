import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SphinxError } from '../errors.ts';
import type { Route } from '../http/route.ts';
import type { Logger, RunningService, ServiceContext, ServiceDefinition, ServiceHealth } from './service.ts';

export type ServiceState = 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';

/** How one service is. */
export interface ServiceStatus {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly state: ServiceState;
  readonly health: ServiceHealth;
  /** Restarts after failures since the program started. */
  readonly restarts: number;
  readonly lastError: string | undefined;
  readonly startedAt: number | undefined;
}

/** What belongs to one run of a service and ends with it. */
export interface ServiceRunContext {
  readonly context: ServiceContext<never>;
  /** Ends subscriptions and other resources that the run took. */
  release(): Promise<void>;
}

export interface SupervisorOptions {
  readonly definitions: readonly ServiceDefinition[];
  /** Builds the context of a new run. Throws when the settings do not fit. */
  readonly createContext: (
    definition: ServiceDefinition,
    run: { signal: AbortSignal; fail: (error: unknown) => void },
  ) => Promise<ServiceRunContext>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onChange?: (status: ServiceStatus) => void;
  /** First wait before a restart, doubled on every failure up to `maximumBackOffMs`. */
  readonly initialBackOffMs?: number;
  readonly maximumBackOffMs?: number;
  /** A start that takes longer goes on, and nobody waits for it any more. */
  readonly startPatienceMs?: number;
}

const DEFAULT_INITIAL_BACK_OFF_MS = 500;
const DEFAULT_MAXIMUM_BACK_OFF_MS = 60_000;
/** A run this long counts as recovered: the next failure starts with the first wait again. */
const RECOVERED_AFTER_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const DEFAULT_START_PATIENCE_MS = 10_000;
/** After this many failures in a row the service is shown as failed; restarts go on. */
const FAILURES_UNTIL_FAILED = 5;

/**
 * Starts, restarts and stops services so that the trouble of one stays its own. Errors that a service throws outside
 * any promise it was given are found by their asynchronous context and count as its failure, not as the program's.
 */
export class ServiceSupervisor {
  readonly #slots: ReadonlyMap<string, ServiceSlot>;
  readonly #running = new AsyncLocalStorage<ServiceSlot>();
  readonly #onStrayError = (error: unknown): void => this.#handleStrayError(error);
  readonly #logger: Logger;
  readonly #startPatienceMs: number;

  constructor(options: SupervisorOptions) {
    this.#logger = options.logger;
    this.#startPatienceMs = options.startPatienceMs ?? DEFAULT_START_PATIENCE_MS;
    this.#slots = new Map(
      options.definitions.map((definition) => [
        definition.manifest.id,
        new ServiceSlot(definition, options, this.#running),
      ]),
    );
    process.on('uncaughtException', this.#onStrayError);
    process.on('unhandledRejection', this.#onStrayError);
  }

  get definitions(): readonly ServiceDefinition[] {
    return [...this.#slots.values()].map((slot) => slot.definition);
  }

  /** Resolves when the first start of the service ended, well or not, or takes so long that the others go on. */
  async enable(id: string): Promise<void> {
    await Promise.race([this.#slot(id).enable(), delay(this.#startPatienceMs, undefined, { ref: false })]);
  }

  /** Resolves when nothing of the service runs any more. */
  async disable(id: string): Promise<void> {
    await this.#slot(id).disable();
  }

  /** Ends the present run and starts a new one, with the settings as they are now. */
  async restart(id: string): Promise<void> {
    const slot = this.#slot(id);
    if (!slot.isEnabled) return;
    await slot.disable();
    await this.enable(id);
  }

  async status(id: string): Promise<ServiceStatus> {
    return this.#slot(id).status();
  }

  async statuses(): Promise<readonly ServiceStatus[]> {
    return Promise.all([...this.#slots.values()].map((slot) => slot.status()));
  }

  /** Routes of the services that run at this moment. */
  routes(): readonly Route[] {
    return [...this.#slots.values()].flatMap((slot) => slot.routes);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#slots.values()].map((slot) => slot.disable()));
    process.off('uncaughtException', this.#onStrayError);
    process.off('unhandledRejection', this.#onStrayError);
  }

  #slot(id: string): ServiceSlot {
    const slot = this.#slots.get(id);
    if (slot === undefined) {
      const known = [...this.#slots.keys()].join(', ');
      throw new SphinxError('SPX_NOT_FOUND', `There is no service "${id}". Known services: ${known}.`);
    }
    return slot;
  }

  #handleStrayError(error: unknown): void {
    const slot = this.#running.getStore();
    if (slot !== undefined) {
      slot.fail(error);
      return;
    }
    this.#logger.error('An error outside any service ends the program', { error: describeError(error) });
    process.exit(1);
  }
}

/** One service with its present run. */
class ServiceSlot {
  readonly definition: ServiceDefinition;
  readonly #options: SupervisorOptions;
  readonly #storage: AsyncLocalStorage<ServiceSlot>;
  #state: ServiceState = 'stopped';
  #isEnabled = false;
  #run: { service: RunningService; release: () => Promise<void>; abort: AbortController } | undefined;
  #restarts = 0;
  #failuresInARow = 0;
  #lastError: string | undefined;
  #startedAt: number | undefined;
  #pendingRestart: AbortController | undefined;
  /** Of the start that is under way. */
  #starting: AbortController | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(definition: ServiceDefinition, options: SupervisorOptions, storage: AsyncLocalStorage<ServiceSlot>) {
    this.definition = definition;
    this.#options = options;
    this.#storage = storage;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  get routes(): readonly Route[] {
    return this.#run?.service.routes ?? [];
  }

  enable(): Promise<void> {
    this.#isEnabled = true;
    return this.#enqueue(async () => {
      if (this.#isEnabled && this.#run === undefined) await this.#start();
    });
  }

  disable(): Promise<void> {
    this.#isEnabled = false;
    this.#pendingRestart?.abort();
    this.#starting?.abort();
    return this.#enqueue(async () => {
      await this.#stop();
      this.#failuresInARow = 0;
      this.#setState('stopped');
    });
  }

  fail(error: unknown): void {
    const failedRun = this.#run;
    this.#noteFailure(error);
    void this.#enqueue(async () => {
      if (failedRun !== undefined && this.#run !== failedRun) return;
      await this.#stop();
      this.#scheduleRestart();
    });
  }

  async status(): Promise<ServiceStatus> {
    return {
      id: this.definition.manifest.id,
      isEnabled: this.#isEnabled,
      state: this.#state,
      health: await this.#health(),
      restarts: this.#restarts,
      lastError: this.#lastError,
      startedAt: this.#startedAt,
    };
  }

  async #health(): Promise<ServiceHealth> {
    switch (this.#state) {
      case 'stopped':
        return { state: 'healthy', message: 'Switched off.' };
      case 'starting':
        return { state: 'degraded', message: 'Starting.' };
      case 'restarting':
      case 'failed':
        return { state: 'unhealthy', message: `Restarting after a failure: ${this.#lastError ?? 'unknown'}` };
      case 'running': {
        try {
          return (await this.#run?.service.health?.()) ?? { state: 'healthy', message: 'Running.' };
        } catch (error) {
          return { state: 'unhealthy', message: `Cannot tell its health: ${describeError(error)}` };
        }
      }
      default:
        return this.#state satisfies never;
    }
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    // A new asynchronous context: a supervisor action must not inherit the context of the service that failed.
    const next = this.#queue.then(() => this.#storage.exit(work));
    this.#queue = next.catch((error) =>
      this.#options.logger.error('A service could not be supervised', { error: describeError(error) }),
    );
    return this.#queue;
  }

  async #start(): Promise<void> {
    this.#setState(this.#failuresInARow === 0 ? 'starting' : 'restarting');
    const abort = new AbortController();
    this.#starting = abort;
    let release = async (): Promise<void> => {};
    const started = this.#storage.run(this, async () => {
      const created = await this.#options.createContext(this.definition, {
        signal: abort.signal,
        fail: (error) => this.fail(error),
      });
      release = created.release;
      return this.definition.start(created.context);
    });
    try {
      const service = await Promise.race([started, switchedOff(abort.signal)]);
      this.#run = { service, release, abort };
      this.#startedAt = this.#options.now();
      this.#setState('running');
    } catch (error) {
      const wasSwitchedOff = abort.signal.aborted;
      abort.abort();
      await release().catch(() => undefined);
      // A start that hangs may end one day, when nobody wants it any more.
      if (wasSwitchedOff) void started.then((service) => service.stop()).catch(() => undefined);
      else {
        this.#noteFailure(error);
        this.#scheduleRestart();
      }
    } finally {
      this.#starting = undefined;
    }
  }

  async #stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    run.abort.abort();
    const isStopped = Promise.all([run.release(), run.service.stop()]).then(() => true);
    const ended = await Promise.race([
      isStopped.catch((error) => {
        this.#lastError = describeError(error);
        return true;
      }),
      delay(STOP_TIMEOUT_MS, false, { ref: false }),
    ]);
    if (!ended) this.#options.logger.warn('A service did not stop in time', { service: this.definition.manifest.id });
  }

  #noteFailure(error: unknown): void {
    const ranLong = this.#startedAt !== undefined && this.#options.now() - this.#startedAt > RECOVERED_AFTER_MS;
    this.#failuresInARow = ranLong ? 1 : this.#failuresInARow + 1;
    this.#startedAt = undefined;
    this.#lastError = describeError(error);
    this.#options.logger.error('A service failed', {
      service: this.definition.manifest.id,
      error: this.#lastError,
      failuresInARow: this.#failuresInARow,
    });
  }

  #scheduleRestart(): void {
    if (!this.#isEnabled || this.#pendingRestart !== undefined) return;
    this.#setState(this.#failuresInARow >= FAILURES_UNTIL_FAILED ? 'failed' : 'restarting');
    const initial = this.#options.initialBackOffMs ?? DEFAULT_INITIAL_BACK_OFF_MS;
    const maximum = this.#options.maximumBackOffMs ?? DEFAULT_MAXIMUM_BACK_OFF_MS;
    const waitMs = Math.min(maximum, initial * 2 ** (this.#failuresInARow - 1));
    const pending = new AbortController();
    this.#pendingRestart = pending;
    void delay(waitMs, undefined, { signal: pending.signal, ref: false }).then(
      () => {
        this.#pendingRestart = undefined;
        this.#restarts += 1;
        return this.enable();
      },
      () => {
        this.#pendingRestart = undefined;
      },
    );
  }

  #setState(state: ServiceState): void {
    if (this.#state === state) return;
    this.#state = state;
    if (this.#options.onChange === undefined) return;
    const { onChange } = this.#options;
    void this.status().then(onChange);
  }
}

/** Rejects when a service is switched off. */
function switchedOff(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('It was switched off while it started.')), { once: true });
  });
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
