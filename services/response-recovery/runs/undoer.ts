import { SphinxError } from '@sphinx/platform';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import { actuatorCommand, messageOf, preparationOf } from './actuator-command.ts';
import type { Documents } from './documents.ts';
import type { Journal } from './journal.ts';
import { type Action, CHANGED } from './run.ts';
import type { RunStore } from './run-store.ts';

const UNDO_MS = 120_000;

/** Takes actions back: by hand, when a run is undone, when one failed half-way, and when nobody confirmed it in time. */
export class Undoer {
  readonly #parts: {
    readonly actions: Documents<Action>;
    readonly runs: RunStore;
    readonly desk: ActuatorDesk;
    readonly journal: Journal;
  };
  /** One at a time for each action. */
  readonly #under = new Map<string, Promise<Action>>();

  constructor(parts: {
    readonly actions: Documents<Action>;
    readonly runs: RunStore;
    readonly desk: ActuatorDesk;
    readonly journal: Journal;
  }) {
    this.#parts = parts;
  }

  /**
   * Takes one action back, unless it is.
   *
   * @returns the action; `undo-failed` with the reason where it could not be taken back
   * @throws SphinxError SPX_CONFLICT when there is nothing to take back, or it can't be
   */
  undo(id: string, by: string): Promise<Action> {
    const under = this.#under.get(id);
    if (under !== undefined) return under;
    const undone = this.#undo(id, by).finally(() => this.#under.delete(id));
    this.#under.set(id, undone);
    return undone;
  }

  /** Takes back what was begun. @returns in words why it could not be; null: it is */
  async takeBack(action: Action): Promise<string | null> {
    try {
      const actuator = this.#parts.desk.opened(action.actuator);
      await actuator.undo(actuatorCommand(action), preparationOf(action), AbortSignal.timeout(UNDO_MS));
      return null;
    } catch (error) {
      return `It could not be taken back: ${messageOf(error)}`;
    }
  }

  /** Actions of a run that changed something and can be taken back, the last one first. */
  async toUndo(runId: string): Promise<readonly Action[]> {
    const actions = await this.#parts.actions.ofRun(runId);
    return actions
      .filter(({ state, preparation }) => CHANGED.includes(state) && preparation?.isReversible === true)
      .toSorted((a, b) => (b.appliedAt ?? 0) - (a.appliedAt ?? 0) || actions.indexOf(b) - actions.indexOf(a));
  }

  async #undo(id: string, by: string): Promise<Action> {
    const { actions, runs, journal } = this.#parts;
    const action = await actions.get(id);
    if (action === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no action "${id}".`);
    if (action.state === 'undone') return action;
    if (!CHANGED.includes(action.state)) {
      throw new SphinxError('SPX_CONFLICT', `Nothing was changed by it: it is ${action.state}.`);
    }
    if (action.preparation?.isReversible !== true) {
      throw new SphinxError('SPX_CONFLICT', `"${action.text}" can't be taken back by SPHINX. Do it by hand.`);
    }
    await actions.save({ ...action, state: 'undoing', undoneBy: by });
    const problem = await this.takeBack(action);
    const isUndone = problem === null;
    const message = problem ?? `Taken back by ${by}.`;
    const next: Action = {
      ...action,
      state: isUndone ? 'undone' : 'undo-failed',
      message,
      undoneBy: by,
      undoAt: null,
      endedAt: journal.now(),
    };
    const run = await runs.find(action.runId);
    await journal.record(async (sql) => {
      await actions.save(next, sql);
      const outcome = isUndone ? ('undone' as const) : ('undo-failed' as const);
      const { title, text, actuator, devices } = action;
      const step = { id, title, command: text, actuator, outcome, summary: message };
      return [journal.fact('response.undone', run, { by, summary: `${text}: ${message}`, step, devices })];
    });
    await journal.audit('response.undo', id, { run: run.id, by, command: action.text, message });
    return next;
  }
}
