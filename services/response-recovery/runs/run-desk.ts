import { randomUUID } from 'node:crypto';
import { type Logger, SphinxError } from '@sphinx/platform';
import type { Playbook } from '@sphinx/playbooks';
import type { ResponseSubject } from '@sphinx/schema';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import type { Approval } from '../approvals/approval.ts';
import type { ApprovalDesk } from '../approvals/approval-desk.ts';
import type { Values } from '../commands/condition.ts';
import { missingVariables, valuesOf } from '../commands/read-command.ts';
import type { Guardian } from '../guard/guardian.ts';
import type { PlaybookBook } from '../knowledge/playbook-book.ts';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { KillSwitch, Stop } from '../stop/kill-switch.ts';
import type { Bell } from './bell.ts';
import type { Documents } from './documents.ts';
import { ProgramEnds, RunStopped } from './ending.ts';
import type { Journal } from './journal.ts';
import { approversOf, planRun, refusals } from './plan-run.ts';
import { type Action, GOING, ITSELF, type Person, type Run, type RunState } from './run.ts';
import type { RunStore } from './run-store.ts';
import { type Outcome, RunWalk, type WalkParts } from './run-walk.ts';
import type { Undoer } from './undoer.ts';

export interface RunDeskParts {
  readonly runs: RunStore;
  readonly actions: Documents<Action>;
  readonly approvals: ApprovalDesk;
  readonly guardian: Guardian;
  readonly desk: ActuatorDesk;
  readonly undoer: Undoer;
  readonly journal: Journal;
  readonly bell: Bell;
  readonly killSwitch: KillSwitch;
  readonly policy: ResponsePolicy;
  readonly playbooks: PlaybookBook;
  readonly walk: WalkParts;
  readonly logger: Logger;
}

/** What somebody wants to be carried out. */
export interface RunRequest {
  readonly playbook: Playbook;
  readonly subject: ResponseSubject;
  readonly variables: Values;
  readonly attackFrom?: number | undefined;
  readonly isDryRun: boolean;
  readonly isSample: boolean;
  readonly isolation: Run['isolation'];
  readonly undoAfterMinutes: number | null;
  /** Id of the fact of the decision that it carries out. */
  readonly decision?: string | undefined;
}

/** A run that is at work in this program. */
interface Driver {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Plans, starts, stops, goes on with and undoes runs. */
export class RunDesk {
  readonly #parts: RunDeskParts;
  readonly #drivers = new Map<string, Driver>();

  constructor(parts: RunDeskParts) {
    this.#parts = parts;
  }

  /** Takes up every run that was at work when the program ended. */
  async open(): Promise<void> {
    const { runs, killSwitch } = this.#parts;
    const going = await runs.inStates(GOING);
    if (killSwitch.stop !== null) {
      for (const run of going) await this.#halt(run.id, reasonOf(killSwitch.stop));
    } else for (const run of going) this.#drive(run.id);
  }

  /** The program ends: what is at work is noted and goes on at the next start. */
  async close(): Promise<void> {
    const drivers = [...this.#drivers.values()];
    for (const { controller } of drivers) controller.abort(new ProgramEnds());
    await Promise.allSettled(drivers.map(({ ended }) => ended));
  }

  /** Plans a run: every step, its effect, its guard. Changes nothing anywhere. */
  async plan(request: RunRequest, askedBy: Person): Promise<Run> {
    const { runs, journal, playbooks } = this.#parts;
    const { playbook, subject, variables, isDryRun, isSample, isolation, undoAfterMinutes } = request;
    const id = `run_${randomUUID()}`;
    const now = journal.now();
    const others = playbooks.calledBy(playbook);
    const values = { '': valuesOf(playbook, variables) };
    const attackFrom = request.attackFrom ?? now;
    const { actions, devices } = await planRun({ id, playbook, others, values, attackFrom, isolation }, this.#parts);
    let planned: Run | undefined;
    await journal.record(async (sql) => {
      const make = (number: number): Run => ({
        id,
        number,
        playbook,
        others,
        subject,
        attackFrom,
        values,
        isDryRun: isDryRun || isSample,
        isSample,
        isolation,
        undoAfterMinutes,
        decision: request.decision ?? null,
        askedBy,
        state: 'planned',
        reason: isSample && !isDryRun ? 'It is about the sample hospital: nothing is carried out.' : '',
        plan: actions,
        devices,
        agreed: [],
        plannedAt: now,
        startedAt: null,
        endedAt: null,
      });
      planned = await runs.add(id, make, sql);
      const summary = `${askedBy.name} planned ${planned.isDryRun ? 'a dry run' : 'it'}: ${playbook.name}`;
      return [journal.fact('response.planned', planned, { by: askedBy.name, summary })];
    });
    if (planned === undefined) throw new Error('a run was not kept');
    return planned;
  }

  /** Variables that the playbook asks for and nobody gave: their steps become tasks of people. */
  missing(run: Run): readonly string[] {
    return missingVariables(run.playbook, run.values[''] ?? {});
  }

  /**
   * Begins a planned run. The guard looks anew; who has to agree is asked first.
   *
   * @throws SphinxError SPX_CONFLICT while everything is stopped, for a dry run, for a run that was begun, and for what the guard refuses
   */
  async start(name: string, by: Person): Promise<Run> {
    const { runs, journal, killSwitch, policy, approvals } = this.#parts;
    const planned = await runs.find(name);
    const { stop } = killSwitch;
    if (stop !== null) throw new SphinxError('SPX_CONFLICT', `${reasonOf(stop)} Let it go on first.`);
    if (planned.isDryRun)
      throw new SphinxError('SPX_CONFLICT', 'A dry run is not carried out. Plan it anew without that.');
    if (planned.state !== 'planned')
      throw new SphinxError('SPX_CONFLICT', `RUN-${planned.number} is ${planned.state} already.`);
    const { actions, devices } = await planRun(planned, this.#parts);
    const refused = refusals(actions);
    if (refused.length > 0) {
      const milder = actions.some(({ verdict }) => verdict?.milder !== null && verdict?.decision === 'refuse');
      const hint = milder
        ? ' Plan it with a micro-quarantine instead.'
        : ' Choose another playbook, or do it by hand with the ward.';
      throw new SphinxError('SPX_CONFLICT', `The guard refuses it: ${refused.join(' ')}${hint}`);
    }
    const run: Run = { ...planned, plan: actions, devices, askedBy: by };
    const groups = approversOf(run.playbook, actions, policy);
    if (groups.length > 0) {
      await journal.record(async (sql) => {
        await runs.save({ ...run, state: 'awaiting-approval', reason: 'People have to agree first.' }, sql);
        return undefined;
      });
      const milder = await this.#milder(run);
      await approvals.ask(run, { id: approvalId(run), actionId: null, ...questionOf(run), milder, groups });
    } else await this.#begin(run, by.name);
    this.#drive(run.id);
    return runs.find(run.id);
  }

  /** Stops everything at once, by hand. */
  async stopAll(by: string, reason: string): Promise<void> {
    await this.#parts.killSwitch.pull(by, reason);
    await this.#haltAll(`Everything was stopped by ${by}: ${reason}`);
  }

  /** @throws SphinxError SPX_CONFLICT while the stop file is there */
  async resumeAll(): Promise<void> {
    const problem = await this.#parts.killSwitch.release();
    if (problem !== null) throw new SphinxError('SPX_CONFLICT', problem);
  }

  /** Goes on with a run that was stopped. @throws SphinxError SPX_CONFLICT */
  async resume(name: string, by: string): Promise<Run> {
    const { runs, killSwitch } = this.#parts;
    const run = await runs.find(name);
    if (killSwitch.stop !== null)
      throw new SphinxError('SPX_CONFLICT', `${reasonOf(killSwitch.stop)} Let it go on first.`);
    if (run.state !== 'stopped')
      throw new SphinxError('SPX_CONFLICT', `RUN-${run.number} is ${run.state}, not stopped.`);
    const state = run.startedAt === null ? 'awaiting-approval' : 'running';
    const going = await this.#move(run.id, state, `${by} let it go on.`);
    this.#drive(run.id);
    return going;
  }

  /** Ends a run: what was done stays until it is undone. @throws SphinxError SPX_CONFLICT when it is over */
  async cancel(name: string, by: string): Promise<Run> {
    const { runs, journal, approvals, walk } = this.#parts;
    const run = await runs.find(name);
    if (!['planned', 'awaiting-approval', 'running', 'stopped'].includes(run.state)) {
      throw new SphinxError('SPX_CONFLICT', `RUN-${run.number} is over: ${run.state}.`);
    }
    await this.#endDriver(run.id, new RunStopped(`${by} ended it.`));
    await walk.taskDesk.withdraw(run.id);
    await approvals.withdraw(run.id);
    await journal.record(async (sql) => {
      const next = await runs.change(run.id, (each) => ended(each, 'cancelled', `${by} ended it.`, journal.now()), sql);
      const summary = `${by} ended it; what was done stays until it is undone`;
      return [journal.fact('response.finished', next, { by, summary, outcome: 'cancelled' })];
    });
    return runs.find(run.id);
  }

  /** Takes everything back that the run did, the last first. @throws SphinxError SPX_CONFLICT when there is nothing to take back */
  async undo(name: string, by: string): Promise<Run> {
    const { runs, undoer, journal } = this.#parts;
    const run = await runs.find(name);
    await this.#endDriver(run.id, new RunStopped(`${by} takes it back.`));
    if ((await undoer.toUndo(run.id)).length === 0) {
      throw new SphinxError('SPX_CONFLICT', `RUN-${run.number} did nothing that SPHINX could take back.`);
    }
    await this.#parts.walk.taskDesk.withdraw(run.id);
    await journal.record(async (sql) => {
      await runs.change(run.id, (each) => ({ ...each, state: 'undoing', reason: by }), sql);
      return undefined;
    });
    this.#drive(run.id);
    return runs.find(run.id);
  }

  /** What the run did stays: nothing of it is taken back by itself. @returns how many actions were confirmed */
  async confirm(name: string, by: string): Promise<number> {
    const { runs, actions, journal } = this.#parts;
    const run = await runs.find(name);
    const waiting = (await actions.ofRun(run.id)).filter(({ undoAt }) => undoAt !== null);
    await journal.record(async (sql) => {
      for (const action of waiting) await actions.save({ ...action, undoAt: null, confirmedBy: by }, sql);
      return undefined;
    });
    return waiting.length;
  }

  /** What comes with time: escalations, what nobody confirmed, the stop file. Cheap enough for every second. */
  async round(): Promise<void> {
    const { killSwitch, journal, actions, undoer, approvals } = this.#parts;
    if (await killSwitch.look()) {
      await this.#haltAll('Everything was stopped by the stop file.');
      await journal.audit('response.stop', 'stop file', { file: killSwitch.file });
    }
    if (killSwitch.stop !== null) return;
    await approvals.round();
    const now = journal.now();
    for (const { id, undoAt } of await actions.inStates(['done'])) {
      if (undoAt === null || undoAt > now) continue;
      await undoer.undo(id, 'SPHINX, because nobody confirmed it in time');
    }
  }

  /** What a micro-quarantine instead would do. */
  async #milder(run: Run): Promise<Approval['milder']> {
    if (run.plan.every(({ verdict }) => verdict?.milder !== 'micro-quarantine')) return null;
    const { actions } = await planRun({ ...run, isolation: 'micro-quarantine' }, this.#parts);
    const { effects, keys } = questionOf({ ...run, plan: actions });
    return { effects, keys };
  }

  #drive(id: string): void {
    if (this.#drivers.has(id)) return;
    const controller = new AbortController();
    const ended = this.#go(id, controller.signal)
      .catch((error: unknown) => this.#broke(id, error))
      .finally(() => this.#drivers.delete(id));
    this.#drivers.set(id, { controller, ended });
  }

  async #go(id: string, signal: AbortSignal): Promise<void> {
    const { runs, approvals, walk } = this.#parts;
    let run = await runs.find(id);
    if (run.state === 'undoing') return this.#undoAll(run);
    if (run.state === 'awaiting-approval') {
      const approval = await approvals.closed(approvalId(run), signal);
      if (approval.state !== 'approved') {
        const who = approval.endedBy ?? 'Nobody';
        await this.#finish(
          id,
          'refused',
          `${approval.state === 'refused' ? `${who} refused` : 'Nobody agreed in time'}${approval.note === '' ? '' : `: ${approval.note}`}`,
        );
        return;
      }
      run = await runs.find(id);
      // Whoever agreed may have chosen a micro-quarantine instead.
      const { actions, devices } = await planRun(run, this.#parts);
      await this.#begin({ ...run, plan: actions, devices }, approval.endedBy ?? ITSELF.name);
    }
    const outcome = await new RunWalk(await runs.find(id), walk).go(signal);
    const words: Readonly<Record<Outcome, string>> = { success: 'All steps are done.', failure: 'A step failed.' };
    await this.#finish(id, outcome === 'success' ? 'succeeded' : 'failed', words[outcome]);
  }

  async #begin(run: Run, by: string): Promise<void> {
    const { journal, runs } = this.#parts;
    await journal.record(async (sql) => {
      const next = await runs.change(
        run.id,
        (each) => ({
          ...each,
          plan: run.plan,
          devices: run.devices,
          askedBy: run.askedBy,
          state: 'running',
          reason: '',
          startedAt: journal.now(),
        }),
        sql,
      );
      return [journal.fact('response.started', next, { by, summary: `begun: ${next.playbook.name}` })];
    });
  }

  async #undoAll(run: Run): Promise<void> {
    const { undoer } = this.#parts;
    const by = run.reason;
    const problems: string[] = [];
    for (const { id, text } of await undoer.toUndo(run.id)) {
      const action = await undoer.undo(id, by);
      if (action.state !== 'undone') problems.push(`${text}: ${action.message}`);
    }
    const state = problems.length === 0 ? 'undone' : 'failed';
    await this.#finish(run.id, state, problems.length === 0 ? `Taken back by ${by}.` : problems.join(' '));
  }

  async #finish(id: string, state: RunState, reason: string): Promise<void> {
    const { journal, runs } = this.#parts;
    await journal.record(async (sql) => {
      const run = await runs.change(id, (each) => ended(each, state, reason, journal.now()), sql);
      if (state === 'undone') return [journal.fact('response.undone', run, { by: ITSELF.name, summary: reason })];
      const outcome = state === 'succeeded' || state === 'refused' ? state : 'failed';
      return [journal.fact('response.finished', run, { by: ITSELF.name, summary: reason, outcome })];
    });
    await journal.audit('response.finish', id, { state, reason });
  }

  /** A run ended otherwise than by its steps. */
  async #broke(id: string, error: unknown): Promise<void> {
    if (error instanceof ProgramEnds) return;
    if (!(error instanceof RunStopped))
      this.#parts.logger.error('A run could not go on', { run: id, error: String(error) });
    const why = error instanceof Error ? error.message : String(error);
    await this.#halt(id, error instanceof RunStopped ? why : `It could not go on: ${why}`);
  }

  async #haltAll(reason: string): Promise<void> {
    for (const { controller } of this.#drivers.values()) controller.abort(new RunStopped(reason));
    await Promise.allSettled([...this.#drivers.values()].map(({ ended: end }) => end));
    for (const run of await this.#parts.runs.inStates(['running', 'awaiting-approval']))
      await this.#halt(run.id, reason);
  }

  async #halt(id: string, reason: string): Promise<void> {
    const { journal, runs } = this.#parts;
    await journal.record(async (sql) => {
      const run = await runs.change(
        id,
        (each) => (GOING.includes(each.state) ? { ...each, state: 'stopped', reason } : each),
        sql,
      );
      return [journal.fact('response.finished', run, { by: ITSELF.name, summary: reason, outcome: 'stopped' })];
    });
  }

  async #move(id: string, state: RunState, reason: string): Promise<Run> {
    const { journal, runs } = this.#parts;
    await journal.record(async (sql) => {
      await runs.change(id, (each) => ({ ...each, state, reason }), sql);
      return undefined;
    });
    return runs.find(id);
  }

  async #endDriver(id: string, reason: Error): Promise<void> {
    const driver = this.#drivers.get(id);
    driver?.controller.abort(reason);
    await driver?.ended;
  }
}

function ended(run: Run, state: RunState, reason: string, now: number): Run {
  return { ...run, state, reason, endedAt: now };
}

function reasonOf({ by, reason }: Stop): string {
  return `Everything is stopped by ${by}: ${reason}.`;
}

function approvalId({ id }: Run): string {
  return `apr_${id}`;
}

function questionOf({ plan, playbook, subject }: Run) {
  const own = plan.filter(({ actuator }) => actuator !== null);
  return {
    title: `${playbook.name} for ${subject.name}`,
    reasons: [...new Set(own.flatMap(({ verdict }) => (verdict?.decision === 'run' ? [] : (verdict?.reasons ?? []))))],
    effects: [
      ...own.map(({ text, actuator, effects }) => `${text} (${actuator}): ${effects.join(' ')}`),
      ...own.flatMap(({ keptFlows }) => keptFlows.map(({ reason }) => `stays: ${reason}`)),
    ],
    careLoss: [...new Set(own.flatMap(({ verdict }) => verdict?.careLoss ?? []))],
    keys: [...new Set(own.flatMap(({ verdict }) => verdict?.keys ?? []))],
  };
}
