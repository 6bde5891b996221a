import type { TaskView } from '@sphinx/service-response-recovery';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { print, printJson } from '../terminal/output.ts';
import { taskText } from '../terminal/response-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { pairOf } from './pair-of.ts';

const NEEDED = ['response-recovery'];

/** `sphinx response tasks [done]` */
export function tasksCommand(): Command {
  return defineCommand('tasks', 'show what people have to do for runs', 'sphinx response tasks')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const tasks = await readAllPages<TaskView>(client, '/response/tasks?');
          if (json) printJson(tasks);
          else print(tasks.length === 0 ? 'Nobody has anything to do.' : taskText(tasks));
        },
        NEEDED,
      ),
    )
    .addCommand(doneCommand());
}

interface DoneOptions extends CommonOptions {
  readonly failed?: boolean;
  readonly note?: string;
  readonly answer?: readonly string[];
}

function doneCommand(): Command {
  return defineCommand(
    'done',
    'tick a task off, or say that it cannot be done',
    'sphinx response tasks done tsk_… --answer __is_infected__=true --note "looked at with the ward"',
  )
    .argument('<task>', 'as "sphinx response tasks" shows it')
    .option('--failed', 'it cannot be done')
    .option('--note <words>', 'without data of patients')
    .option('--answer <variable=value...>', 'what it asks for')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: DoneOptions) => {
          const task = await client.send<TaskView>('POST', `/response/tasks/${encodeURIComponent(id)}`, {
            isDone: options.failed !== true,
            ...(options.note === undefined ? {} : { note: options.note }),
            answers: Object.fromEntries((options.answer ?? []).map(pairOf)),
          });
          if (options.json) printJson(task);
          else print(`${task.title}: ${task.state}.`);
        },
        NEEDED,
      ),
    );
}
