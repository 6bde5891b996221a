import type { Anomaly, BaselineDetail, DetectorItem, ShownAnomaly } from '@sphinx/service-anomaly-detection';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { anomalyTable, anomalyText, baselineText, detectorTable } from '../terminal/anomaly-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const LIST_EXAMPLE = `sphinx anomalies --open
sphinx anomalies --actor 10.20.30.4 --json`;

interface ListOptions extends CommonOptions {
  readonly open?: boolean;
  readonly actor?: string;
  readonly detector?: string;
}

interface VerdictOptions extends CommonOptions {
  readonly kind?: boolean;
  readonly note?: string;
}

/** `sphinx anomalies [show | normal | confirm | undo | detectors | baseline]` */
export function anomaliesCommand(): Command {
  return defineCommand('anomalies', 'what behaves unlike itself, and what is usual', LIST_EXAMPLE)
    .option('--open', 'only those that nobody has said anything of')
    .option('--actor <address>', 'only of this host or user')
    .option('--detector <id>', 'only of this detector')
    .action((_options: ListOptions, self: Command) => withRunningClient<ListOptions>(self, list))
    .addCommand(showCommand())
    .addCommand(verdictCommand('normal', 'say that an anomaly is normal from now on'))
    .addCommand(verdictCommand('confirmed', 'say that an anomaly was right to tell'))
    .addCommand(undoCommand())
    .addCommand(detectorsCommand())
    .addCommand(baselineCommand());
}

async function list(client: ApiClient, { json, open, actor, detector }: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  if (open === true) query.set('verdict', 'open');
  if (actor !== undefined) query.set('actor', actor);
  if (detector !== undefined) query.set('detector', detector);
  const anomalies = await readAllPages<Anomaly>(client, `/anomalies?${query}`);
  if (json) printJson(anomalies);
  else if (anomalies.length > 0) print(anomalyTable(anomalies));
  else print(query.size > 0 ? 'No anomaly fits. Leave a filter out.' : 'Nothing was unlike itself so far.');
}

function showCommand(): Command {
  return defineCommand('show', 'tell everything of one anomaly', 'sphinx anomalies show anm_4k2')
    .argument('<id>', 'of the anomaly')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const anomaly = await client.send<ShownAnomaly>('GET', `/anomalies/${encodeURIComponent(id)}`);
        if (json) printJson(anomaly);
        else print(anomalyText(anomaly));
      }),
    );
}

function verdictCommand(verdict: 'normal' | 'confirmed', description: string): Command {
  const name = verdict === 'normal' ? 'normal' : 'confirm';
  const command = defineCommand(name, description, `sphinx anomalies ${name} anm_4k2 --note "new backup"`)
    .argument('<id>', 'of the anomaly')
    .option('--note <text>', 'why');
  if (verdict === 'normal') command.option('--kind', 'for all devices of this kind');
  return command.action((id: string, _options: VerdictOptions, self: Command) =>
    withRunningClient<VerdictOptions>(self, async (client, { json, kind, note = '' }) => {
      const body = { verdict, scope: kind === true ? 'kind' : 'device', note };
      const anomaly = await client.send<Anomaly>('PUT', `/anomalies/${encodeURIComponent(id)}/verdict`, body);
      if (json) printJson(anomaly);
      else
        print(
          verdict === 'normal' ? 'It is normal from now on. Take it back with: sphinx anomalies undo' : 'Confirmed.',
        );
    }),
  );
}

function undoCommand(): Command {
  return defineCommand('undo', 'take back what was said of an anomaly', 'sphinx anomalies undo anm_4k2')
    .argument('<id>', 'of the anomaly')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const anomaly = await client.send<Anomaly>('DELETE', `/anomalies/${encodeURIComponent(id)}/verdict`);
        if (json) printJson(anomaly);
        else print('Taken back: it is told again when it repeats.');
      }),
    );
}

function detectorsCommand(): Command {
  return defineCommand(
    'detectors',
    'list what is looked for, and from where on it is told',
    'sphinx anomalies detectors',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(self, async (client, { json }) => {
      const detectors = await readAllPages<DetectorItem>(client, '/anomaly-detectors?');
      if (json) printJson(detectors);
      else print(detectorTable(detectors));
    }),
  );
}

function baselineCommand(): Command {
  return defineCommand('baseline', 'tell what is usual of one device', 'sphinx anomalies baseline 10.20.30.4')
    .argument('<asset>', 'address, or id of the asset')
    .action((asset: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const baseline = await client.send<BaselineDetail>('GET', `/baselines/${encodeURIComponent(asset)}`);
        if (json) printJson(baseline);
        else print(baselineText(baseline));
      }),
    );
}
