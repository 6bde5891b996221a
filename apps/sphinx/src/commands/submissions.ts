import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { print, printJson } from '../terminal/output.ts';
import {
  type EffectView,
  effectText,
  type SubmissionView,
  submissionsText,
  submissionText,
} from '../terminal/submission-text.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['vulnerability-assessment'];
const EXAMPLE = `sphinx submissions
sphinx submissions show sub_4f0c
sphinx submissions accept sub_4f0c --reason "Confirmed on a device in the workshop"`;

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
}

interface DecisionOptions extends CommonOptions {
  readonly reason: string;
}

/** `sphinx submissions [list | show | accept | refuse | take-back]` */
export function submissionsCommand(): Command {
  return defineCommand('submissions', 'documents that vendors sent for their devices, and whether they count', EXAMPLE)
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(decisionCommand('accept', 'let a document count; its claims are shown as claims that you accepted'))
    .addCommand(decisionCommand('refuse', 'refuse a document'))
    .addCommand(decisionCommand('take-back', 'take an accepted document back; everything is as without it'));
}

function listCommand(): Command {
  return defineCommand('list', 'list documents that wait for a decision', 'sphinx submissions list --all')
    .option('--all', 'also those that are decided')
    .action((_options: ListOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options: ListOptions) => {
        const state = options.all === true ? '' : '?state=waiting';
        const items = await readAllPages<SubmissionView>(client, `/vendor-submissions${state}`);
        if (options.json) printJson(items);
        else print(submissionsText(items));
      }),
    );
}

function showCommand(): Command {
  return defineCommand(
    'show',
    'say what a document claims, and what accepting it would change now',
    'sphinx submissions show sub_4f0c',
  )
    .argument('<document>', 'id of a document')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options) => {
        const path = `/vendor-submissions/${encodeURIComponent(id)}`;
        const found = await client.send<{ submission: SubmissionView; effect: EffectView | null }>('GET', path);
        if (options.json) printJson(found);
        else
          print(
            [submissionText(found.submission), found.effect && effectText(found.effect)].filter(Boolean).join('\n\n'),
          );
      }),
    );
}

function decisionCommand(decision: 'accept' | 'refuse' | 'take-back', about: string): Command {
  return defineCommand(decision, about, `sphinx submissions ${decision} sub_4f0c --reason "Read by us"`)
    .argument('<document>', 'id of a document')
    .requiredOption('--reason <text>', 'why; the vendor reads it')
    .action((id: string, _options: DecisionOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options: DecisionOptions) => {
        const path = `/vendor-submissions/${encodeURIComponent(id)}/${decision}`;
        const decided = await client.send<SubmissionView>('POST', path, { reason: options.reason });
        if (options.json) printJson(decided);
        else print(submissionText(decided));
      }),
    );
}
