import { SphinxError } from '@sphinx/platform';
import type { Values } from '../commands/condition.ts';
import type { Bell } from './bell.ts';
import type { Documents } from './documents.ts';
import type { Journal } from './journal.ts';
import type { Person, Task } from './run.ts';
import type { RunStore } from './run-store.ts';

export type TaskSpec = Pick<Task, 'id' | 'path' | 'frame' | 'title' | 'text' | 'agent' | 'because' | 'asks' | 'dueAt'>;

/** Tasks of people: opened once, ticked off with an answer, or late. */
export class TaskDesk {
  readonly #parts: {
    readonly tasks: Documents<Task>;
    readonly runs: RunStore;
    readonly journal: Journal;
    readonly bell: Bell;
  };

  constructor(parts: {
    readonly tasks: Documents<Task>;
    readonly runs: RunStore;
    readonly journal: Journal;
    readonly bell: Bell;
  }) {
    this.#parts = parts;
  }

  /** Opens a task unless it is there, and resolves when it is over. */
  async perform(runId: string, spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    const { tasks, journal, bell } = this.#parts;
    if ((await tasks.get(spec.id)) === undefined) {
      const task: Task = {
        ...spec,
        runId,
        state: 'open',
        openedAt: journal.now(),
        endedAt: null,
        by: null,
        note: '',
        answers: {},
      };
      await journal.record(async (sql) => {
        await tasks.save(task, sql);
        return undefined;
      });
    }
    for (;;) {
      const task = await tasks.get(spec.id);
      if (task === undefined) throw new Error(`task ${spec.id} is gone`);
      if (task.state !== 'open') return task;
      if (task.dueAt !== null && task.dueAt <= journal.now()) return this.#expire(task);
      await bell.wait(task.dueAt, signal);
    }
  }

  open(): Promise<readonly Task[]> {
    return this.#parts.tasks.inStates(['open']);
  }

  /**
   * A person ticks a task off, or says that it can't be done.
   *
   * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when it is over, SPX_INVALID_INPUT when an answer is missing or not asked for
   */
  async tick(
    id: string,
    person: Person,
    { isDone, note, answers }: { readonly isDone: boolean; readonly note: string; readonly answers: Values },
  ): Promise<Task> {
    const { tasks, runs, journal } = this.#parts;
    const task = await tasks.get(id);
    if (task === undefined)
      throw new SphinxError('SPX_NOT_FOUND', `There is no task "${id}". "sphinx response tasks" lists them.`);
    if (task.state !== 'open') throw new SphinxError('SPX_CONFLICT', `The task is over: ${task.state}.`);
    checkAnswers(task, answers, isDone);
    const next: Task = {
      ...task,
      state: isDone ? 'done' : 'failed',
      endedAt: journal.now(),
      by: person.name,
      note,
      answers,
    };
    await journal.record(async (sql) => {
      await tasks.save(next, sql);
      const run = await runs.change(
        task.runId,
        (each) => ({ ...each, values: { ...each.values, [task.frame]: { ...each.values[task.frame], ...answers } } }),
        sql,
      );
      const summary = `${isDone ? 'Done' : 'Not done'} by ${person.name}: ${task.title}${note === '' ? '' : ` (${note})`}`;
      const outcome = isDone ? ('done' as const) : ('failed' as const);
      const step = { id, title: task.title, command: '', actuator: '', outcome, summary };
      return [journal.fact('response.step-done', run, { by: person.name, summary, step })];
    });
    return next;
  }

  /** Nobody needs to do them any more. */
  async withdraw(runId: string): Promise<void> {
    for (const task of await this.#parts.tasks.ofRun(runId)) {
      if (task.state === 'open')
        await this.#parts.tasks.save({ ...task, state: 'withdrawn', endedAt: this.#parts.journal.now() });
    }
  }

  async #expire(task: Task): Promise<Task> {
    const { tasks, runs, journal } = this.#parts;
    const next: Task = { ...task, state: 'expired', endedAt: journal.now(), note: 'Nobody ticked it off in time.' };
    const run = await runs.find(task.runId);
    await journal.record(async (sql) => {
      await tasks.save(next, sql);
      const summary = `Nobody ticked it off in time: ${task.title}`;
      const step = { id: task.id, title: task.title, command: '', actuator: '', outcome: 'failed' as const, summary };
      return [journal.fact('response.step-done', run, { by: 'SPHINX', summary, step })];
    });
    return next;
  }
}

function checkAnswers({ asks }: Task, answers: Values, isDone: boolean): void {
  const unknown = Object.keys(answers).filter((name) => asks.every((ask) => ask.name !== name));
  if (unknown.length > 0)
    throw new SphinxError('SPX_INVALID_INPUT', `The task does not ask for ${unknown.join(', ')}.`);
  const missing = isDone ? asks.filter(({ name }) => (answers[name] ?? '') === '') : [];
  if (missing.length > 0) {
    const questions = missing.map(({ name, text, type }) => `${name} (${text}, ${type})`).join('; ');
    throw new SphinxError('SPX_INVALID_INPUT', `Answer first: ${questions}.`);
  }
  for (const { name, type } of asks) {
    const value = answers[name];
    if (value !== undefined && type === 'bool' && value !== 'true' && value !== 'false') {
      throw new SphinxError('SPX_INVALID_INPUT', `${name} is true or false.`);
    }
  }
}
