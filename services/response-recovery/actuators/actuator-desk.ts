import { type Clock, type Secrets, SphinxError, type StateStore } from '@sphinx/platform';
import { type Actuator, type ActuatorKind, type OpenC2Command, targetTypeOf } from '@sphinx/response';
import { z } from 'zod';
import { type CommandPlace, type ConfiguredActuator, isInScope } from './configured-actuator.ts';
import { OWN_ACTUATOR } from './own-actuator.ts';

/** Secrets of actuators are kept apart from those that the service may come to have. */
const SECRET_PREFIX = 'actuator/';
const CHECK_MS = 15_000;

interface Opened {
  readonly configured: ConfiguredActuator;
  /** In words why it could not be opened. */
  readonly problem: string | null;
  readonly actuator: Actuator | undefined;
}

/** How an actuator was when it was asked last. */
export interface CheckResult {
  readonly isReady: boolean;
  readonly message: string;
  readonly at: number;
}

/** The means that this hospital has, and which of them carries out what. */
export class ActuatorDesk {
  readonly #parts: {
    readonly state: StateStore;
    readonly secrets: Secrets;
    readonly clock: Clock;
    readonly kinds: readonly ActuatorKind[];
    readonly own: Actuator;
  };
  readonly #opened = new Map<string, Opened>();
  readonly #checks = new Map<string, CheckResult>();

  constructor(parts: {
    readonly state: StateStore;
    readonly secrets: Secrets;
    readonly clock: Clock;
    readonly kinds: readonly ActuatorKind[];
    /** SPHINX itself. */
    readonly own: Actuator;
  }) {
    this.#parts = parts;
  }

  get kinds(): readonly ActuatorKind[] {
    return this.#parts.kinds;
  }

  async open(): Promise<void> {
    this.#opened.clear();
    const rows = await this.#parts.state.query<{ actuator: ConfiguredActuator }>(
      'SELECT actuator FROM response_recovery.actuator ORDER BY id',
    );
    for (const { actuator } of rows) this.#put(actuator);
  }

  /** Those that were set up, in the order in which they are asked. */
  list(): readonly {
    readonly configured: ConfiguredActuator;
    readonly problem: string | null;
    readonly check: CheckResult | null;
  }[] {
    return [...this.#opened.values()]
      .map(({ configured, problem }) => ({ configured, problem, check: this.#checks.get(configured.id) ?? null }))
      .sort((a, b) => a.configured.priority - b.configured.priority || (a.configured.id < b.configured.id ? -1 : 1));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  configured(id: string): ConfiguredActuator {
    const opened = this.#opened.get(id);
    if (opened === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no actuator "${id}".`);
    return opened.configured;
  }

  /**
   * Sets an actuator up, or up anew. Nothing is sent to it.
   *
   * @param secrets values by the names that its settings use; those that are left out stay as they are
   * @throws SphinxError SPX_INVALID_INPUT for a type that does not exist and for settings that do not fit
   */
  async save(configured: ConfiguredActuator, secrets: Readonly<Record<string, string>>): Promise<void> {
    if (configured.id === OWN_ACTUATOR) {
      throw new SphinxError('SPX_INVALID_INPUT', `"${OWN_ACTUATOR}" is SPHINX itself. Choose another name.`);
    }
    const kind = this.#kindOf(configured.type);
    const parsed = kind.settings.safeParse(configured.settings);
    if (!parsed.success) {
      const message = `The settings of ${configured.type} do not fit.\n${z.prettifyError(parsed.error)}`;
      throw new SphinxError('SPX_INVALID_INPUT', message);
    }
    for (const [name, value] of Object.entries(secrets)) {
      await this.#parts.secrets.set(SECRET_PREFIX + name, new TextEncoder().encode(value));
    }
    const saved = { ...configured, settings: parsed.data as Record<string, unknown> };
    await this.#parts.state.query(
      `INSERT INTO response_recovery.actuator (id, actuator) VALUES ($1, $2::jsonb)
       ON CONFLICT (id) DO UPDATE SET actuator = excluded.actuator`,
      [saved.id, JSON.stringify(saved)],
    );
    this.#put(saved);
    this.#checks.delete(saved.id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<void> {
    this.configured(id);
    await this.#parts.state.query('DELETE FROM response_recovery.actuator WHERE id = $1', [id]);
    this.#opened.delete(id);
    this.#checks.delete(id);
  }

  /** Asks the other end whether it answers and lets SPHINX in; changes nothing there. */
  async check(id: string): Promise<CheckResult> {
    const opened = this.#opened.get(id);
    if (opened === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no actuator "${id}".`);
    const at = this.#parts.clock.now();
    const result = await this.#ask(opened);
    const check = { ...result, at };
    this.#checks.set(id, check);
    return check;
  }

  async #ask({ actuator, problem }: Opened): Promise<{ readonly isReady: boolean; readonly message: string }> {
    if (actuator === undefined) return { isReady: false, message: problem ?? 'It could not be opened.' };
    try {
      return await actuator.check(AbortSignal.timeout(CHECK_MS));
    } catch (error) {
      return { isReady: false, message: messageOf(error) };
    }
  }

  /**
   * Which actuator carries out a command.
   *
   * @returns the actuator, or in words why there is none
   */
  choose(command: OpenC2Command, place: CommandPlace): { readonly actuator: Actuator } | { readonly problem: string } {
    const target = targetTypeOf(command);
    const isAble = ({ capabilities }: Actuator) =>
      capabilities.some((each) => each.action === command.action && each.target === target);
    const { own } = this.#parts;
    if (isAble(own)) return { actuator: own };
    const words = `${command.action} ${target.replace('x-sphinx:', '').replaceAll('_', ' ')}`;
    const able = this.list().flatMap(({ configured }) => {
      const { actuator } = this.#opened.get(configured.id) ?? {};
      return actuator !== undefined && isAble(actuator) ? [{ configured, actuator }] : [];
    });
    if (able.length === 0) return { problem: `No actuator can "${words}". Set one up, or do it by hand.` };
    const enabled = able.filter(({ configured }) => configured.isEnabled);
    if (enabled.length === 0) return { problem: `${able[0]?.configured.id} could "${words}" but is switched off.` };
    const inScope = enabled.find(({ configured }) => isInScope(configured.scope, place));
    if (inScope !== undefined) return { actuator: inScope.actuator };
    const where = place.addresses.join(', ') || place.deviceIds.join(', ');
    return { problem: `No actuator that can "${words}" serves ${where}.` };
  }

  /** The actuator that carried something out. @throws SphinxError SPX_CONFLICT when it is not set up any more */
  opened(id: string): Actuator {
    if (id === OWN_ACTUATOR) return this.#parts.own;
    const { actuator, problem } = this.#opened.get(id) ?? {};
    if (actuator !== undefined) return actuator;
    const why = problem === undefined || problem === null ? 'it was removed' : problem;
    throw new SphinxError(
      'SPX_CONFLICT',
      `The actuator "${id}" is not there: ${why}. Set it up again, or do it by hand.`,
    );
  }

  #kindOf(type: string): ActuatorKind {
    const kind = this.#parts.kinds.find((each) => each.type === type);
    if (kind !== undefined) return kind;
    const types = this.#parts.kinds.map((each) => each.type).join(', ');
    throw new SphinxError('SPX_INVALID_INPUT', `There is no kind of actuator "${type}". There are: ${types}.`);
  }

  #put(configured: ConfiguredActuator): void {
    const { secrets, clock } = this.#parts;
    try {
      const kind = this.#kindOf(configured.type);
      const settings = kind.settings.parse(configured.settings);
      const context = {
        secrets: { get: (name: string) => secrets.get(SECRET_PREFIX + name) },
        now: () => clock.now(),
      };
      this.#opened.set(configured.id, {
        configured,
        problem: null,
        actuator: kind.open(configured.id, settings, context),
      });
    } catch (error) {
      this.#opened.set(configured.id, { configured, problem: messageOf(error), actuator: undefined });
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
