import { basename } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, Option } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { waitForJob } from '../client/wait-for-job.ts';
import {
  candidateText,
  type FeedbackItem,
  feedbackTable,
  type ModelItem,
  modelStateText,
} from '../terminal/model-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES = ['intrusion-detection'];

/** Commands about the model of the SPHINX that runs, unlike those about files. */
export function runningModelCommands(): readonly Command[] {
  return [
    stateCommand(),
    feedbackCommand(),
    retrainCommand(),
    decisionCommand('accept', 'let the candidate take the place of the model that runs', 'POST', '/candidate/accept'),
    decisionCommand('discard', 'throw the candidate away', 'DELETE', '/candidate'),
    decisionCommand('undo', 'bring the model back that ran before', 'POST', '/undo'),
  ];
}

function stateCommand(): Command {
  return defineCommand(
    'running',
    'show the model that judges flows, its feedback and the candidate beside it',
    'sphinx ml running',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(
      self,
      async (client, { json }) => {
        const model = await client.send<ModelItem>('GET', '/detection-model');
        if (json) printJson(model);
        else print(modelStateText(model));
      },
      SERVICES,
    ),
  );
}

interface FeedbackOptions extends CommonOptions {
  readonly verdict?: 'attack' | 'harmless';
}

function feedbackCommand(): Command {
  return defineCommand(
    'feedback',
    'list what people have said of detections of the model',
    'sphinx ml feedback --verdict harmless\nsphinx ml feedback harmless det_4k2 --note "new printer"',
  )
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['attack', 'harmless']))
    .action((_options: FeedbackOptions, self: Command) =>
      withRunningClient<FeedbackOptions>(
        self,
        async (client, { json, verdict }) => {
          const path = `/model-feedback${verdict === undefined ? '' : `?verdict=${verdict}`}`;
          const items = await readAllPages<FeedbackItem>(client, path);
          if (json) printJson(items);
          else print(items.length === 0 ? 'Nothing was said of a detection of a model so far.' : feedbackTable(items));
        },
        SERVICES,
      ),
    )
    .addCommand(verdictCommand('attack', 'say that a detection of the model was an attack'))
    .addCommand(verdictCommand('harmless', 'say that a detection of the model was harmless'))
    .addCommand(withdrawCommand());
}

interface VerdictOptions extends CommonOptions {
  readonly note?: string;
}

function verdictCommand(verdict: 'attack' | 'harmless', description: string): Command {
  return defineCommand(verdict, description, `sphinx ml feedback ${verdict} det_4k2 --note "asked the ward"`)
    .argument('<detection>', 'id of the detection')
    .option('--note <text>', 'why')
    .action((id: string, _options: VerdictOptions, self: Command) =>
      withRunningClient<VerdictOptions>(
        self,
        async (client, { json, note = '' }) => {
          const body = { verdict, note };
          const given = await client.send<FeedbackItem>('PUT', `/detections/${encodeURIComponent(id)}/feedback`, body);
          if (json) printJson(given);
          else print(`Kept. Take it back with: sphinx ml feedback undo ${id}`);
        },
        SERVICES,
      ),
    );
}

function withdrawCommand(): Command {
  return defineCommand('undo', 'take back what was said of a detection', 'sphinx ml feedback undo det_4k2')
    .argument('<detection>', 'id of the detection')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          await client.send('DELETE', `/detections/${encodeURIComponent(id)}/feedback`);
          if (json) printJson({ detection: id, verdict: null });
          else print('Taken back.');
        },
        SERVICES,
      ),
    );
}

interface RetrainOptions extends CommonOptions {
  readonly training?: string;
}

function retrainCommand(): Command {
  return defineCommand(
    'retrain',
    'train a candidate from the training data and the feedback, and compare it with the model that runs',
    'sphinx ml retrain --training KDDTrain+_20Percent.txt',
  )
    .option('--training <file>', 'data to train from, kept for the next time; may be gzipped')
    .action((_options: RetrainOptions, self: Command) =>
      withRunningClient<RetrainOptions>(
        self,
        async (client, { json, training }) => {
          if (training !== undefined) {
            const name = new URLSearchParams({ name: basename(training) });
            await client.upload(`/detection-model/training-data?${name}`, training);
          }
          const { job } = await client.send<{ job: string }>('POST', '/detection-model/retraining');
          await waitForJob(client, job);
          const { candidate } = await client.send<ModelItem>('GET', '/detection-model');
          if (candidate === null) throw new SphinxError('SPX_CONFLICT', 'Somebody has decided about the candidate.');
          if (json) printJson(candidate);
          else print(candidateText(candidate));
        },
        SERVICES,
      ),
    );
}

function decisionCommand(name: string, description: string, method: string, path: string): Command {
  return defineCommand(name, description, `sphinx ml ${name}`).action((_options: CommonOptions, self: Command) =>
    withRunningClient(
      self,
      async (client, { json }) => {
        await client.send(method, `/detection-model${path}`);
        const model = await client.send<ModelItem>('GET', '/detection-model');
        if (json) printJson(model);
        else print(modelStateText(model));
      },
      SERVICES,
    ),
  );
}
