import type { Playbook, Step } from '@sphinx/playbooks';
import { deterministicId } from '@sphinx/schema';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import { judgeCondition, type Values } from '../commands/condition.ts';
import { fill, type ReadCommand, readCommands, valuesOf } from '../commands/read-command.ts';
import type { Guardian } from '../guard/guardian.ts';
import type { ActionRunner } from './action-runner.ts';
import type { Bell } from './bell.ts';
import type { Documents } from './documents.ts';
import { StepTimeout } from './ending.ts';
import type { Journal } from './journal.ts';
import { isolated, MOST_DEPTH } from './plan-run.ts';
import type { Action, Run, Task, TaskQuestion, Visit } from './run.ts';
import type { RunStore } from './run-store.ts';
import type { TaskDesk } from './task-desk.ts';

export type Outcome = 'success' | 'failure';

export interface WalkParts {
  readonly runs: RunStore;
  readonly actions: Documents<Action>;
  readonly tasks: Documents<Task>;
  readonly taskDesk: TaskDesk;
  readonly runner: ActionRunner;
  readonly guardian: Guardian;
  readonly desk: ActuatorDesk;
  readonly journal: Journal;
  readonly bell: Bell;
  /** Minutes for a task where the playbook names none. */
  readonly taskMinutes: number;
}

/** A playbook within a run: the one that was started has the path '', one that a step calls the path of that step. */
interface Frame {
  readonly playbook: Playbook;
  readonly path: string;
  readonly depth: number;
}

interface Done {
  readonly outcome: Outcome;
  readonly message: string;
}

const SUCCESS: Done = { outcome: 'success', message: '' };
const MS_PER_MINUTE = 60_000;
/** A playbook that goes in circles without a person in it comes to an end here. */
const MOST_VISITS = 5000;
const MOST_ROUNDS = 500;

/**
 * Goes through a playbook from its start. Each visit of a step is noted before it begins and when it is over; a walk that is begun
 * anew after a restart passes over what is done and goes on where it was. Waits and deadlines are times, so that they go on counting
 * while the program is down.
 */
export class RunWalk {
  readonly #parts: WalkParts;
  readonly #run: Run;
  readonly #visits = new Map<string, Visit>();
  #count = 0;

  constructor(run: Run, parts: WalkParts) {
    this.#run = run;
    this.#parts = parts;
  }

  /** @throws the reason of the signal when it is aborted */
  async go(signal: AbortSignal): Promise<Outcome> {
    for (const visit of await this.#parts.runs.visits(this.#run.id)) this.#visits.set(visit.path, visit);
    return this.#frame({ playbook: this.#run.playbook, path: '', depth: 0 }, '', signal);
  }

  /** A playbook from start to end, with its way for exceptions (CACAO 2.0 §3.1 `workflow_exception`). */
  async #frame(frame: Frame, prefix: string, signal: AbortSignal): Promise<Outcome> {
    const { workflow_start, workflow_exception } = frame.playbook;
    const outcome = await this.#chain(frame, workflow_start, prefix, signal);
    if (outcome === 'failure' && workflow_exception !== undefined) {
      await this.#chain(frame, workflow_exception, `${prefix}X`, signal);
    }
    return outcome;
  }

  async #chain(frame: Frame, start: string, prefix: string, signal: AbortSignal): Promise<Outcome> {
    let id: string | undefined = start;
    for (let place = 1; id !== undefined; place++) {
      const step: Step | undefined = frame.playbook.workflow[id];
      if (step === undefined) return 'failure';
      if (step.type === 'end') return 'success';
      const outcome: Outcome = await this.#visit(frame, id, step, `${prefix}${place}`, signal);
      // CACAO leaves open where a step that failed goes on without on_failure: to the exceptions of its playbook, here.
      id = outcome === 'success' ? (step.on_success ?? step.on_completion) : step.on_failure;
      if (outcome === 'failure' && id === undefined) return 'failure';
    }
    return 'success';
  }

  async #visit(frame: Frame, id: string, step: Step, path: string, signal: AbortSignal): Promise<Outcome> {
    const known = this.#visits.get(path);
    if (known !== undefined && known.endedAt !== null) return known.outcome ?? 'failure';
    if (++this.#count > MOST_VISITS)
      throw new Error(`It came to more than ${MOST_VISITS} steps: does it go in circles?`);
    const begun = known ?? (await this.#begin(id, step, path));
    const { journal, bell } = this.#parts;
    while (begun.readyAt > journal.now()) await bell.wait(begun.readyAt, signal);
    const done = await this.#within(begun, step, signal, (inner) => this.#perform(frame, step, begun, inner));
    const latest = this.#visits.get(path) ?? begun;
    await this.#save({ ...latest, endedAt: journal.now(), ...done });
    return done.outcome;
  }

  async #begin(step: string, { type, name = '', delay = 0, timeout }: Step, path: string): Promise<Visit> {
    const now = this.#parts.journal.now();
    const visit: Visit = {
      path,
      runId: this.#run.id,
      step,
      type,
      name,
      begunAt: now,
      readyAt: now + delay,
      dueAt: timeout === undefined || timeout === 0 ? null : now + delay + timeout,
      endedAt: null,
      outcome: null,
      message: '',
      branch: null,
      rounds: 0,
    };
    await this.#save(visit);
    return visit;
  }

  /** A step that is no action and lasts too long fails, and what is in it is given up. Actions watch their own time. */
  async #within(
    { dueAt, path }: Visit,
    { type }: Step,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Done>,
  ): Promise<Done> {
    if (dueAt === null || type === 'action') return work(signal);
    const timeout = new AbortController();
    const watch = this.#abortAt(dueAt, timeout, AbortSignal.any([signal, timeout.signal]), path);
    try {
      return await work(AbortSignal.any([signal, timeout.signal]));
    } catch (error) {
      if (error instanceof StepTimeout && error.path === path) return { outcome: 'failure', message: error.message };
      throw error;
    } finally {
      timeout.abort();
      await watch;
    }
  }

  async #abortAt(dueAt: number, timeout: AbortController, signal: AbortSignal, path: string): Promise<void> {
    const { journal, bell } = this.#parts;
    try {
      while (dueAt > journal.now()) await bell.wait(dueAt, signal);
      timeout.abort(new StepTimeout(path));
    } catch {
      // The step was over before, or all is stopped.
    }
  }

  async #perform(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    switch (step.type) {
      case 'start':
      case 'end':
        return SUCCESS;
      case 'action':
        return this.#action(frame, step, visit, signal);
      case 'playbook-action':
        return this.#call(frame, step, visit, signal);
      case 'parallel':
        return this.#parallel(frame, step, visit, signal);
      case 'if-condition':
        return this.#if(frame, step, visit, signal);
      case 'while-condition':
        return this.#while(frame, step, visit, signal);
      case 'switch-condition':
        return this.#switch(frame, step, visit, signal);
      default:
        return step.type satisfies never;
    }
  }

  async #action(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    const messages: string[] = [];
    const commands = await this.#commandsOf(frame, step, visit);
    for (const [index, read] of commands.entries()) {
      const isLast = index === commands.length - 1;
      const done = await this.#command(frame, step, visit, { read, index, isLast }, signal);
      messages.push(done.message);
      if (done.outcome === 'failure') return { outcome: 'failure', message: done.message };
    }
    return { outcome: 'success', message: messages.filter((message) => message !== '').join(' ') };
  }

  /** What was begun stays as it was begun, whatever variables have become. */
  async #commandsOf(frame: Frame, step: Step, visit: Visit): Promise<readonly ReadCommand[]> {
    if (visit.commands !== undefined) return visit.commands;
    const run = await this.#parts.runs.find(this.#run.id);
    const commands = readCommands(step, await this.#valuesOf(frame)).map((read) =>
      read.kind === 'openc2' ? { ...read, command: isolated(read.command, run.isolation) } : read,
    );
    await this.#save({ ...visit, commands });
    return commands;
  }

  async #command(
    frame: Frame,
    step: Step,
    visit: Visit,
    { read, index, isLast }: { readonly read: ReadCommand; readonly index: number; readonly isLast: boolean },
    signal: AbortSignal,
  ): Promise<Done> {
    const { guardian, desk, runner, actions, tasks } = this.#parts;
    const taskId = deterministicId('tsk', this.#run.id, visit.path, index);
    if (read.kind === 'person') return this.#task(frame, step, visit, { ...read, id: taskId, isLast }, signal);
    const id = deterministicId('act', this.#run.id, visit.path, index);
    const known = await actions.get(id);
    let actuator = known?.actuator;
    if (actuator === undefined) {
      const chosen =
        (await tasks.get(taskId)) === undefined
          ? desk.choose(read.command, await guardian.look(read.command, this.#run.attackFrom))
          : { problem: 'No actuator could do it when it was begun.' };
      if ('problem' in chosen) {
        const text = `By hand: ${read.title}`;
        return this.#task(
          frame,
          step,
          visit,
          { title: read.title, text, because: chosen.problem, id: taskId, isLast },
          signal,
        );
      }
      actuator = chosen.actuator.id;
    }
    const { title, command } = read;
    const spec = { id, path: visit.path, title, command, actuator, timeoutMs: step.timeout ?? null };
    const { state, message } = await runner.perform(this.#run.id, spec, signal);
    return {
      outcome: state === 'failed' || state === 'refused' || state === 'undo-failed' ? 'failure' : 'success',
      message,
    };
  }

  async #task(
    frame: Frame,
    step: Step,
    { path, readyAt, dueAt }: Visit,
    task: {
      readonly id: string;
      readonly title: string;
      readonly text: string;
      readonly because: string;
      readonly isLast: boolean;
    },
    signal: AbortSignal,
  ): Promise<Done> {
    const { playbook } = frame;
    const { isLast, ...spec } = task;
    const agent = step.agent === undefined ? '' : (playbook.agent_definitions?.[step.agent]?.name ?? '');
    const values = await this.#valuesOf(frame);
    const begun = Math.max(readyAt, this.#parts.journal.now());
    const { state, note } = await this.#parts.taskDesk.perform(
      this.#run.id,
      {
        ...spec,
        path,
        frame: frame.path,
        agent: task.because === '' ? agent : '',
        // The last command of a step answers for it.
        asks: isLast ? questionsOf(step, playbook, values) : [],
        // The time of the playbook is for the program where a person stands in for it.
        dueAt: task.because === '' && dueAt !== null ? dueAt : begun + this.#parts.taskMinutes * MS_PER_MINUTE,
      },
      signal,
    );
    return { outcome: state === 'done' ? 'success' : 'failure', message: note };
  }

  async #call(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    const called = this.#run.others[step.playbook_id ?? ''];
    if (called === undefined || frame.depth >= MOST_DEPTH) {
      const because =
        called === undefined ? 'SPHINX does not have that playbook.' : 'Playbooks call each other too deeply.';
      const id = deterministicId('tsk', this.#run.id, visit.path, 0);
      const title = step.name ?? 'Another playbook';
      const text = `Carry out the playbook ${step.playbook_id ?? ''} by hand.`;
      return this.#task(frame, step, visit, { id, title, text, because, isLast: true }, signal);
    }
    const inner: Frame = { playbook: called, path: visit.path, depth: frame.depth + 1 };
    await this.#openFrame(frame, inner, step);
    const outcome = await this.#frame(inner, `${visit.path}/`, signal);
    await this.#closeFrame(frame, inner, step);
    return { outcome, message: '' };
  }

  async #parallel(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    const branches = (step.next_steps ?? []).map((next, index) =>
      this.#chain(frame, next, `${visit.path}.${letterOf(index)}.`, signal),
    );
    // All come to an end first: none is to be at work while the run is told to be over.
    const ended = await Promise.allSettled(branches);
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    const failed = ended.filter((each) => each.status === 'fulfilled' && each.value === 'failure').length;
    if (failed === 0) return SUCCESS;
    return { outcome: 'failure', message: `${failed} of ${ended.length} branches failed.` };
  }

  async #if(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    let { branch } = visit;
    if (branch === null) {
      const judged = judgeCondition(step.condition ?? '', await this.#valuesOf(frame));
      if ('problem' in judged) return { outcome: 'failure', message: judged.problem };
      branch = judged.value ? 'on_true' : 'on_false';
      await this.#save({ ...visit, branch });
    }
    const next = branch === 'on_true' ? step.on_true : step.on_false;
    return this.#branch(frame, next, `${visit.path}.${branch === 'on_true' ? 'a' : 'b'}.`, signal);
  }

  async #switch(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    const cases = step.cases ?? {};
    let { branch } = visit;
    if (branch === null) {
      const value = fill(step.switch ?? '', await this.#valuesOf(frame)).text;
      branch = cases[value] === undefined ? 'default' : value;
      await this.#save({ ...visit, branch });
    }
    const index = Object.keys(cases).indexOf(branch);
    return this.#branch(frame, cases[branch], `${visit.path}.${letterOf(Math.max(0, index))}.`, signal);
  }

  async #while(frame: Frame, step: Step, visit: Visit, signal: AbortSignal): Promise<Done> {
    let latest = visit;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      if (round > latest.rounds) {
        const judged = judgeCondition(step.condition ?? '', await this.#valuesOf(frame));
        if ('problem' in judged) return { outcome: 'failure', message: judged.problem };
        if (!judged.value) return SUCCESS;
        latest = { ...latest, rounds: round };
        await this.#save(latest);
      }
      const done = await this.#branch(frame, step.on_true, `${visit.path}#${round}.`, signal);
      if (done.outcome === 'failure') return done;
    }
    return { outcome: 'failure', message: `It was done ${MOST_ROUNDS} times and is not over.` };
  }

  async #branch(frame: Frame, start: string | undefined, prefix: string, signal: AbortSignal): Promise<Done> {
    if (start === undefined) return SUCCESS;
    const outcome = await this.#chain(frame, start, prefix, signal);
    return outcome === 'success' ? SUCCESS : { outcome, message: 'A step in it failed.' };
  }

  /** A called playbook gets the values that its step hands over, and all that it asks for from outside. */
  async #openFrame(frame: Frame, inner: Frame, step: Step): Promise<void> {
    const { runs, journal } = this.#parts;
    await journal.record(async (sql) => {
      await runs.change(
        this.#run.id,
        (run) => {
          if (run.values[inner.path] !== undefined) return run;
          const own = run.values[frame.path] ?? {};
          const asked = Object.keys(inner.playbook.playbook_variables ?? {});
          const given = Object.fromEntries(
            [...new Set([...(step.in_args ?? []), ...asked])].flatMap((name) =>
              own[name] === undefined || own[name] === '' ? [] : [[name, own[name]]],
            ),
          );
          return { ...run, values: { ...run.values, [inner.path]: valuesOf(inner.playbook, given) } };
        },
        sql,
      );
      return undefined;
    });
  }

  async #closeFrame(frame: Frame, inner: Frame, { out_args = [] }: Step): Promise<void> {
    if (out_args.length === 0) return;
    const { runs, journal } = this.#parts;
    await journal.record(async (sql) => {
      await runs.change(
        this.#run.id,
        (run) => {
          const from = run.values[inner.path] ?? {};
          const taken = Object.fromEntries(
            out_args.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
          );
          return { ...run, values: { ...run.values, [frame.path]: { ...run.values[frame.path], ...taken } } };
        },
        sql,
      );
      return undefined;
    });
  }

  async #valuesOf(frame: Frame): Promise<Values> {
    return (await this.#parts.runs.find(this.#run.id)).values[frame.path] ?? {};
  }

  async #save(visit: Visit): Promise<void> {
    await this.#parts.journal.record(async (sql) => {
      await this.#parts.runs.saveVisit(visit, sql);
      return undefined;
    });
    this.#visits.set(visit.path, visit);
  }
}

function questionsOf(
  { out_args = [] }: Step,
  { playbook_variables = {} }: Playbook,
  values: Values,
): readonly TaskQuestion[] {
  return out_args.map((name) => ({
    name,
    text: playbook_variables[name]?.description ?? name,
    type: playbook_variables[name]?.type ?? 'string',
    value: values[name] ?? '',
  }));
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `z${index}`;
}
