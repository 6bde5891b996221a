import { setTimeout as pause } from 'node:timers/promises';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, Option } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { type ProbePreview, type ProbeRun, previewText, runText } from '../terminal/probe-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const ASK_AGAIN_MS = 500;
const IS_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$|:.*:/;

interface ProbeOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly only?: readonly string[];
  readonly engine: string;
  readonly wait: boolean;
}

/** `sphinx probe TARGET|ASSET` */
export function probeCommand(): Command {
  return defineCommand('probe', 'ask a device what passive traffic does not tell, if its policy allows', EXAMPLE)
    .argument('<target>', 'address, or asset by id, MAC address or name')
    .option('--dry-run', 'say what would be sent to whom, in words; send nothing')
    .addOption(new Option('--only <probe...>', 'ids of the only probes, as "sphinx probes list" shows them'))
    .addOption(
      new Option('--engine <engine>', 'who asks: the probes, or nmap where it is installed and allowed')
        .choices(['own', 'nmap'])
        .default('own'),
    )
    .option('--no-wait', 'do not wait for the end')
    .action((target: string, _options: ProbeOptions, self: Command) =>
      withRunningClient<ProbeOptions>(
        self,
        async (client, options) => {
          const probed = await targetOf(client, target);
          if (options.dryRun) await preview(client, probed, options);
          else await probe(client, probed, options);
        },
        ['active-probing'],
      ),
    );
}

const EXAMPLE = `sphinx probe 10.20.3.31 --dry-run
sphinx probe 10.20.3.31 --engine nmap
sphinx probe "PACS archive" --only dicom-echo dicom-titles`;

/** Addresses may be of devices that nobody has seen yet. */
async function targetOf(client: ApiClient, text: string): Promise<string> {
  try {
    return await findAssetId(client, text);
  } catch (error) {
    if (IS_ADDRESS.test(text) && error instanceof SphinxError && error.code === 'SPX_NOT_FOUND') return text;
    throw error;
  }
}

async function preview(client: ApiClient, target: string, { json, only = [], engine }: ProbeOptions): Promise<void> {
  const query = new URLSearchParams({ target, probes: only.join(','), engine });
  const told = await client.send<ProbePreview>('GET', `/probe-preview?${query}`);
  if (json) printJson(told);
  else print(previewText(told));
  if (!told.isAllowed) process.exitCode = EXIT.negative;
}

async function probe(
  client: ApiClient,
  target: string,
  { json, only = [], engine, wait }: ProbeOptions,
): Promise<void> {
  let run = await client.send<ProbeRun>('POST', '/probe-runs', { target, probes: only, engine });
  while (wait && (run.state === 'waiting' || run.state === 'running')) {
    await pause(ASK_AGAIN_MS);
    run = await client.send<ProbeRun>('GET', `/probe-runs/${run.id}`);
  }
  if (json) printJson(run);
  else print(runText(run));
  if (run.state === 'refused' || run.state === 'slowed') process.exitCode = EXIT.negative;
}
