import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

interface SensorView {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  readonly lastSeenAt: number | null;
  readonly acceptedBatches: number;
  readonly status: { readonly version: string; readonly waitingBatches: number; readonly waitingBytes: number } | null;
}

/** `sphinx sensors [list | enrol NAME | remove ID]` */
export function sensorsCommand(): Command {
  return defineCommand('sensors', 'list the remote sensors of the running SPHINX, let one in or take one out', EXAMPLE)
    .action((_options: CommonOptions, self: Command) => withRunningClient(self, listSensors))
    .addCommand(
      defineCommand('list', 'list the remote sensors with their health', 'sphinx sensors list --json').action(
        (_options: CommonOptions, self: Command) => withRunningClient(self, listSensors),
      ),
    )
    .addCommand(enrolCommand())
    .addCommand(removeCommand());
}

const EXAMPLE = `sphinx sensors
sphinx sensors enrol "Branch Nord"`;

function enrolCommand(): Command {
  return defineCommand('enrol', 'give a one-time token for a new sensor', 'sphinx sensors enrol "Branch Nord"')
    .argument('<name>', 'how lists call the sensor')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const enrolment = await client.send<{ token: string; port: number }>('POST', '/sensors/enrolments', { name });
        if (options.json) printJson(enrolment);
        else {
          print(
            'On the machine of the sensor, within the hour:\n' +
              `  sphinx sensor --to THIS-HOST:${enrolment.port} --token ${enrolment.token} --interface eth1`,
          );
        }
      }),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'take the certificate of a sensor back', 'sphinx sensors remove sen_1')
    .argument('<id>', 'id, as "sphinx sensors" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        await client.send('DELETE', `/sensors/${encodeURIComponent(id)}`);
        if (options.json) printJson({ id });
        else print('It may send no more. What it has sent stays; its sources can be removed with "sphinx sources".');
      }),
    );
}

async function listSensors(client: ApiClient, options: CommonOptions): Promise<void> {
  const sensors = await readAllPages<SensorView>(client, '/sensors');
  if (options.json) printJson(sensors);
  else if (sensors.length > 0) print(renderTable(sensors, COLUMNS));
  else print('No remote sensor yet. Let one in: sphinx sensors enrol NAME');
}

const COLUMNS = [
  { title: 'Sensor', value: ({ name }: SensorView) => printable(name) },
  { title: 'State', value: ({ isConnected }: SensorView) => (isConnected ? 'connected' : 'away') },
  {
    title: 'Last seen',
    value: ({ lastSeenAt }: SensorView) => (lastSeenAt === null ? 'never' : new Date(lastSeenAt).toISOString()),
  },
  { title: 'Waiting', value: ({ status }: SensorView) => `${status?.waitingBatches ?? 0} batches` },
  { title: 'Version', value: ({ status }: SensorView) => printable(status?.version ?? '') },
  { title: 'Id', value: ({ id }: SensorView) => id },
];
