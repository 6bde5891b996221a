import type { StateStore } from '@sphinx/platform';
import { ActuatorError, type Json, type OpenC2Command } from '@sphinx/response';
import { deterministicId } from '@sphinx/schema';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import type { Approval } from '../approvals/approval.ts';
import type { ApprovalDesk } from '../approvals/approval-desk.ts';
import { commandText } from '../commands/interference.ts';
import type { Guardian, Look } from '../guard/guardian.ts';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { KillSwitch } from '../stop/kill-switch.ts';
import { nextSlot } from '../stop/rate-limit.ts';
import { actuatorCommand, messageOf, preparationOf } from './actuator-command.ts';
import type { Bell } from './bell.ts';
import type { Documents } from './documents.ts';
import { RunStopped } from './ending.ts';
import type { Journal } from './journal.ts';
import { isolated } from './plan-run.ts';
import type { Action, ActionState, Run } from './run.ts';
import type { RunStore } from './run-store.ts';
import type { Undoer } from './undoer.ts';

const MS_PER_MINUTE = 60_000;
const MOST_TRIES = 3;
const RETRY_MS = 2000;
/** Where the playbook sets no limit. */
const APPLY_MS = 120_000;

export interface ActionRunnerParts {
  readonly state: StateStore;
  readonly actions: Documents<Action>;
  readonly runs: RunStore;
  readonly approvals: ApprovalDesk;
  readonly guardian: Guardian;
  readonly desk: ActuatorDesk;
  readonly undoer: Undoer;
  readonly journal: Journal;
  readonly bell: Bell;
  readonly killSwitch: KillSwitch;
  readonly policy: ResponsePolicy;
}

export interface ActionSpec {
  /** The same each time the same step of the same run is tried. */
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly command: OpenC2Command;
  readonly actuator: string;
  /** Milliseconds that the other end may take. */
  readonly timeoutMs: number | null;
}

/**
 * Carries one command out: permission, preparation, then the deed, each noted before the next begins. Whatever moment the program
 * ends at, the next start goes on from what was noted.
 */
export class ActionRunner {
  readonly #parts: ActionRunnerParts;

  constructor(parts: ActionRunnerParts) {
    this.#parts = parts;
  }

  /** @returns how the action ended; its message says why */
  async perform(runId: string, spec: ActionSpec, signal: AbortSignal): Promise<Action> {
    let action = (await this.#parts.actions.get(spec.id)) ?? (await this.#begin(runId, spec));
    for (;;) {
      switch (action.state) {
        case 'new':
        case 'awaiting-approval':
        case 'waiting':
          action = await this.#permit(action, signal);
          break;
        case 'prepared':
        case 'applying':
          action = await this.#apply(action, spec.timeoutMs ?? APPLY_MS, signal);
          break;
        case 'done':
        case 'failed':
        case 'refused':
        case 'undoing':
        case 'undone':
        case 'undo-failed':
          return action;
        default:
          return action.state satisfies never;
      }
    }
  }

  async #begin(runId: string, { id, path, title, command, actuator }: ActionSpec): Promise<Action> {
    const action: Action = {
      id,
      runId,
      path,
      title,
      command,
      text: commandText(command),
      actuator,
      state: 'new',
      message: '',
      verdict: null,
      devices: [],
      addresses: [],
      macAddresses: [],
      keptFlows: [],
      leftOut: [],
      preparation: null,
      result: null,
      begunAt: this.#parts.journal.now(),
      appliedAt: null,
      endedAt: null,
      undoAt: null,
      confirmedBy: null,
      undoneBy: null,
    };
    return this.#save(action);
  }

  /** Guard, approval, rate, preparation. */
  async #permit(begun: Action, signal: AbortSignal): Promise<Action> {
    const { runs, guardian, approvals, journal, bell, policy, state, desk } = this.#parts;
    this.#throwIfStopped();
    const run = await runs.find(begun.runId);
    const command = isolated(begun.command, run.isolation);
    const look = await guardian.look(command, run.attackFrom, { action: begun.id });
    const action = looked({ ...begun, command, text: commandText(command) }, look);
    if (look.verdict.decision === 'refuse') return this.#end(action, 'refused', look.verdict.reasons.join(' '));
    if (look.verdict.decision === 'ask' && !isCovered(look, run)) {
      const id = deterministicId('apr', action.id, ...look.verdict.keys);
      await this.#save({ ...action, state: 'awaiting-approval', message: look.verdict.reasons.join(' ') });
      const milder = await this.#milder(action, look, run);
      await approvals.ask(run, { id, actionId: action.id, ...questionOf(action, look), milder });
      const { state: answer, note, endedBy } = await approvals.closed(id, signal);
      if (answer === 'approved') return { ...action, state: 'new' };
      const why =
        answer === 'refused' ? `${endedBy ?? 'Somebody'} refused${note === '' ? '' : `: ${note}`}` : note || answer;
      return this.#end(action, 'refused', why);
    }
    const slot = await nextSlot(state, action.actuator, policy.rates, journal.now());
    if (slot > journal.now()) {
      const at = new Date(slot).toISOString().slice(11, 16);
      const waiting = await this.#save({
        ...action,
        state: 'waiting',
        message: `The most actions of an hour are reached; it goes on at ${at} UTC.`,
      });
      await bell.wait(slot, signal);
      return waiting;
    }
    try {
      const preparation = await desk
        .opened(action.actuator)
        .prepare(actuatorCommand(action), this.#within(APPLY_MS, signal));
      return await this.#save({ ...action, state: 'prepared', message: '', preparation });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return this.#end(action, 'failed', `It could not be prepared: ${messageOf(error)}`);
    }
  }

  /** What a micro-quarantine instead would do. */
  async #milder(action: Action, look: Look, run: Run): Promise<Approval['milder']> {
    if (look.verdict.milder === null) return null;
    const command = isolated(action.command, 'micro-quarantine');
    const milder = await this.#parts.guardian.look(command, run.attackFrom, { action: action.id });
    return { effects: flowWords(milder), keys: milder.verdict.keys };
  }

  /** The guard looks once more, it is noted, then it is done. */
  async #apply(prepared: Action, timeoutMs: number, signal: AbortSignal): Promise<Action> {
    const { runs, guardian, journal, desk } = this.#parts;
    this.#throwIfStopped();
    const run = await runs.find(prepared.runId);
    const { verdict } = await guardian.look(prepared.command, run.attackFrom, { action: prepared.id });
    if (verdict.decision === 'refuse' || (verdict.decision === 'ask' && !isCovered({ verdict }, run))) {
      // Something of it may be there when the program ended in the middle.
      if (prepared.state === 'applying') await this.#takeBack(prepared);
      return this.#save({ ...prepared, state: 'new', preparation: null, appliedAt: null });
    }
    const action = await this.#save({ ...prepared, state: 'applying', appliedAt: prepared.appliedAt ?? journal.now() });
    const actuator = desk.opened(action.actuator);
    for (let tried = 1; ; tried++) {
      try {
        const { summary, result } = await actuator.apply(
          actuatorCommand(action),
          preparationOf(action),
          this.#within(timeoutMs, signal),
        );
        return await this.#done(action, summary, result, run);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const isTemporary = error instanceof ActuatorError && error.isTemporary;
        if (!isTemporary || tried >= MOST_TRIES) return this.#failed(action, error);
        await this.#parts.bell.wait(journal.now() + RETRY_MS * tried, signal);
      }
    }
  }

  async #done(action: Action, summary: string, result: Json, run: Run): Promise<Action> {
    const { journal, policy } = this.#parts;
    const interference = action.verdict?.interference ?? 'none';
    const minutes = run.undoAfterMinutes ?? policy.undoAfterMinutes[interference] ?? 0;
    const isUndone = minutes > 0 && action.preparation?.isReversible === true;
    const now = journal.now();
    const done: Action = {
      ...action,
      result,
      undoAt: isUndone ? now + minutes * MS_PER_MINUTE : null,
    };
    if (action.command.action === 'allow') await this.#released(action, run);
    await journal.audit('response.act', action.id, {
      run: action.runId,
      command: action.text,
      actuator: action.actuator,
      summary,
    });
    return this.#end(done, 'done', summary);
  }

  /** What cut a device off is over when it was let back. */
  async #released({ devices, actuator }: Action, run: Run): Promise<void> {
    const standing = await this.#parts.actions.inStates(['done']);
    for (const each of standing) {
      const isSame = each.actuator === actuator && ['contain', 'deny'].includes(each.command.action);
      if (!isSame || !each.devices.some((id) => devices.includes(id))) continue;
      await this.#save({
        ...each,
        state: 'undone',
        undoneBy: `RUN-${run.number}`,
        undoAt: null,
        message: 'The device was let back.',
      });
    }
  }

  async #failed(action: Action, error: unknown): Promise<Action> {
    const taken = await this.#takeBack(action);
    await this.#parts.journal.audit('response.fail', action.id, { run: action.runId, error: messageOf(error), taken });
    return this.#end(
      action,
      taken === null ? 'failed' : 'undo-failed',
      `${messageOf(error)} ${taken ?? 'What was begun is taken back.'}`,
    );
  }

  /** @returns in words why it could not be taken back; null: it is */
  async #takeBack(action: Action): Promise<string | null> {
    return this.#parts.undoer.takeBack(action);
  }

  async #end(action: Action, state: ActionState, message: string): Promise<Action> {
    const { journal, actions, runs } = this.#parts;
    const ended: Action = { ...action, state, message, endedAt: journal.now() };
    const run = await runs.find(action.runId);
    const outcome = state === 'done' ? 'done' : state === 'refused' ? 'refused' : 'failed';
    const { id, title, text, actuator, devices } = action;
    await journal.record(async (sql) => {
      await actions.save(ended, sql);
      const step = { id, title, command: text, actuator, outcome, summary: message } as const;
      return [journal.fact('response.step-done', run, { by: 'SPHINX', summary: `${text}: ${message}`, step, devices })];
    });
    return ended;
  }

  async #save(action: Action): Promise<Action> {
    await this.#parts.journal.record(async (sql) => {
      await this.#parts.actions.save(action, sql);
      return undefined;
    });
    return action;
  }

  #throwIfStopped(): void {
    const { stop } = this.#parts.killSwitch;
    if (stop !== null) throw new RunStopped(`Everything was stopped by ${stop.by}: ${stop.reason}`);
  }

  #within(timeoutMs: number, signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  }
}

function flowWords({ keptFlows, leftOut }: Pick<Look, 'keptFlows' | 'leftOut'>): readonly string[] {
  return [...keptFlows.map(({ reason }) => `stays: ${reason}`), ...leftOut.map(({ reason }) => `is cut: ${reason}`)];
}

function looked(action: Action, { verdict, deviceIds, addresses, macAddresses, keptFlows, leftOut }: Look): Action {
  return { ...action, verdict, devices: deviceIds, addresses, macAddresses, keptFlows, leftOut };
}

/** People agreed to everything that the guard asks about. */
function isCovered({ verdict }: Pick<Look, 'verdict'>, run: Run): boolean {
  return verdict.keys.every((key) => run.agreed.includes(key));
}

function questionOf({ text, title }: Action, { verdict, keptFlows, leftOut }: Look) {
  return {
    title: `${title}: ${text}`,
    reasons: verdict.reasons,
    effects: flowWords({ keptFlows, leftOut }),
    careLoss: verdict.careLoss,
    keys: verdict.keys,
    groups: verdict.approvers,
  };
}
