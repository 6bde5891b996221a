import type {
  ActionView,
  ApprovalView,
  MicroView,
  ResponsePolicy,
  ResponseState,
  RunDetail,
  RunItem,
} from '@sphinx/service-response-recovery';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { approvalText, microText, policyText, runTable, runText, stateText } from '../terminal/response-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { pairOf } from './pair-of.ts';
import { actuatorsCommand } from './response-actuators.ts';
import { tasksCommand } from './response-tasks.ts';

/** The service that has to be on. */
const NEEDED = ['response-recovery'];
const EXAMPLE = `sphinx response
sphinx response run "Micro-quarantine: leave a device only the flows that care needs" --subject 10.20.3.7 --dry-run
sphinx response approvals`;

/** `sphinx response [runs | show | run | begin | approvals | approve | refuse | undo | confirm | cancel | stop | resume | …]` */
export function responseCommand(): Command {
  return defineCommand('response', 'carry out playbooks safely: what is at work, and what waits for people', EXAMPLE)
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const state = await client.send<ResponseState>('GET', '/response/state');
          if (json) printJson(state);
          else print(stateText(state));
        },
        NEEDED,
      ),
    )
    .addCommand(runsCommand())
    .addCommand(showCommand())
    .addCommand(runCommand())
    .addCommand(
      changeCommand('begin', 'start', 'begin a run that was planned: the guard looks anew, who has to agree is asked'),
    )
    .addCommand(approvalsCommand())
    .addCommand(approveCommand())
    .addCommand(refuseCommand())
    .addCommand(undoCommand())
    .addCommand(changeCommand('confirm', 'confirm', 'what a run did stays: nothing of it is taken back by itself'))
    .addCommand(changeCommand('cancel', 'cancel', 'end a run; what was done stays until it is undone'))
    .addCommand(stopCommand())
    .addCommand(resumeCommand())
    .addCommand(tasksCommand())
    .addCommand(actuatorsCommand())
    .addCommand(policyCommand())
    .addCommand(flowsCommand());
}

function runsCommand(): Command {
  return defineCommand('runs', 'list runs of playbooks, newest first', 'sphinx response runs --state running')
    .option('--state <state>', 'only those in this state, for example running or awaiting-approval')
    .option('--subject <subject>', 'only those about this incident, weakness or device')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { state?: string; subject?: string }) => {
          const query = new URLSearchParams();
          if (options.state !== undefined) query.set('state', options.state);
          if (options.subject !== undefined) query.set('subject', options.subject);
          const runs = await readAllPages<RunItem>(client, `/response/runs?${query}`);
          if (options.json) printJson(runs);
          else print(runs.length === 0 ? 'Nothing was carried out yet.' : runTable(runs));
        },
        NEEDED,
      ),
    );
}

function showCommand(): Command {
  return defineCommand('show', 'show a run: its plan, and what was done', 'sphinx response show RUN-12')
    .argument('<run>', 'RUN-12')
    .action((run: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => tell(await client.send<RunDetail>('GET', pathOf(run)), options),
        NEEDED,
      ),
    );
}

interface RunOptions extends CommonOptions {
  readonly subject?: string;
  readonly set?: readonly string[];
  readonly dryRun?: boolean;
  readonly plan?: boolean;
  readonly microQuarantine?: boolean;
  readonly undoAfter?: string;
}

function runCommand(): Command {
  return defineCommand(
    'run',
    'carry a playbook out; exit code 3 when the guard or a person refuses it at once',
    'sphinx response run "Isolate a workstation or a server" --subject INC-12 --set __device_ip__=10.20.3.7 --dry-run',
  )
    .argument('<playbook>', 'name or id, as "sphinx playbooks" shows it')
    .option('--subject <subject>', 'INC-12, CVE-2019-0708, or a device; an exercise where it is left out')
    .option('--set <variable=value...>', 'values of its variables; several things are parted by commas')
    .option('--dry-run', 'show what each step would do; change nothing')
    .option('--plan', 'plan it only; "sphinx response begin" begins it')
    .option('--micro-quarantine', 'leave devices their clinical flows where the playbook would cut them off')
    .option('--undo-after <minutes>', 'take it back after this time unless somebody confirms it; 0: never')
    .action((playbook: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: RunOptions) => {
          const run = await client.send<RunDetail>('POST', '/response/runs', {
            playbook,
            subject: options.subject ?? '',
            variables: Object.fromEntries((options.set ?? []).map(pairOf)),
            isDryRun: options.dryRun === true,
            isolation: options.microQuarantine === true ? 'micro-quarantine' : 'as-written',
            undoAfterMinutes: options.undoAfter === undefined ? null : Number(options.undoAfter),
            start: options.dryRun !== true && options.plan !== true,
          });
          tell(run, options);
        },
        NEEDED,
      ),
    );
}

const pathOf = (run: string) => `/response/runs/${encodeURIComponent(run)}`;

function tell(run: RunDetail, { json }: CommonOptions): void {
  if (json) printJson(run);
  else print(runText(run));
  if (run.state === 'refused' || run.refused.length > 0) process.exitCode = EXIT.negative;
}

function changeCommand(name: string, operation: string, description: string): Command {
  return defineCommand(name, description, `sphinx response ${name} RUN-12`)
    .argument('<run>', 'RUN-12')
    .action((run: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => tell(await client.send<RunDetail>('POST', `${pathOf(run)}/${operation}`), options),
        NEEDED,
      ),
    );
}

function undoCommand(): Command {
  return defineCommand(
    'undo',
    'take back what a run did, the last first, or one action of it',
    'sphinx response undo RUN-12',
  )
    .argument('<run or action>', 'RUN-12, or the id of an action as "sphinx response show" tells it')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => {
          if (!name.startsWith('act_')) {
            tell(await client.send<RunDetail>('POST', `${pathOf(name)}/undo`), options);
            return;
          }
          const action = await client.send<ActionView>('POST', `/response/actions/${encodeURIComponent(name)}/undo`);
          if (options.json) printJson(action);
          else print(`${action.text}: ${action.message}`);
          if (action.state !== 'undone') process.exitCode = EXIT.failure;
        },
        NEEDED,
      ),
    );
}

function approvalsCommand(): Command {
  return defineCommand(
    'approvals',
    'show what waits for somebody to agree: reasons, effects, what care loses',
    'sphinx response approvals --mine',
  )
    .option('--mine', 'only what you may agree to')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { mine?: boolean }) => {
          const approvals = await readAllPages<ApprovalView>(
            client,
            `/response/approvals?mine=${options.mine === true}&`,
          );
          if (options.json) printJson(approvals);
          else print(approvals.length === 0 ? 'Nothing waits for approval.' : approvalText(approvals));
        },
        NEEDED,
      ),
    );
}

function approveCommand(): Command {
  return defineCommand('approve', 'agree to what waits', 'sphinx response approve apr_… --note "ward informed"')
    .argument('<approval>', 'as "sphinx response approvals" shows it')
    .option('--note <words>', 'without data of patients')
    .option('--micro-quarantine', 'agree to a micro-quarantine instead')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { note?: string; microQuarantine?: boolean }) => {
          const body = {
            ...(options.note === undefined ? {} : { note: options.note }),
            ...(options.microQuarantine === true ? { instead: 'micro-quarantine' } : {}),
          };
          await answer(client, `/response/approvals/${encodeURIComponent(id)}/approve`, body, options);
        },
        NEEDED,
      ),
    );
}

function refuseCommand(): Command {
  return defineCommand('refuse', 'refuse what waits', 'sphinx response refuse apr_… --reason "surgery is going on"')
    .argument('<approval>', 'as "sphinx response approvals" shows it')
    .requiredOption('--reason <words>', 'why, without data of patients')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { reason: string }) =>
          answer(client, `/response/approvals/${encodeURIComponent(id)}/refuse`, { reason: options.reason }, options),
        NEEDED,
      ),
    );
}

async function answer(client: ApiClient, path: string, body: object, { json }: CommonOptions): Promise<void> {
  const approval = await client.send<ApprovalView>('POST', path, body);
  if (json) printJson(approval);
  else print(approvalText([approval]));
}

function stopCommand(): Command {
  return defineCommand(
    'stop',
    'stop everything at once, until it is resumed',
    'sphinx response stop --reason "ward 3 is dark"',
  )
    .requiredOption('--reason <words>', 'why')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { reason: string }) => {
          await client.send('POST', '/response/stop', { reason: options.reason });
          if (options.json) printJson({ stopped: true });
          else print('Everything is stopped. What was done stays; "sphinx response undo RUN-…" takes it back.');
        },
        NEEDED,
      ),
    );
}

function resumeCommand(): Command {
  return defineCommand(
    'resume',
    'let runs be carried out again, or go on with one that was stopped',
    'sphinx response resume\nsphinx response resume RUN-12',
  )
    .argument('[run]', 'RUN-12; left out: the stop of everything ends')
    .action((run: string | undefined, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => {
          if (run !== undefined) {
            tell(await client.send<RunDetail>('POST', `${pathOf(run)}/resume`), options);
            return;
          }
          await client.send('POST', '/response/resume');
          if (options.json) printJson({ stopped: false });
          else
            print(
              'Runs may be carried out again. Those that were stopped wait: "sphinx response resume RUN-…" lets one go on.',
            );
        },
        NEEDED,
      ),
    );
}

function policyCommand(): Command {
  return defineCommand(
    'policy',
    'show which actions run at once, need whom, or are refused',
    'sphinx response policy',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(
      self,
      async (client, { json }) => {
        const policy = await client.send<ResponsePolicy>('GET', '/response/policy');
        if (json) printJson(policy);
        else print(policyText(policy));
      },
      NEEDED,
    ),
  );
}

function flowsCommand(): Command {
  return defineCommand(
    'flows',
    'show which flows of a device would stay in a micro-quarantine, and why',
    'sphinx response flows 10.20.3.7',
  )
    .argument('<device>', 'id, address or name')
    .action((device: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const micro = await client.send<MicroView>('GET', `/response/micro-quarantine/${encodeURIComponent(device)}`);
          if (json) printJson(micro);
          else print(microText(micro));
        },
        NEEDED,
      ),
    );
}
