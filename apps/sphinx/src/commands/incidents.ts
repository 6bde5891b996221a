import { SphinxError } from '@sphinx/platform/errors';
import type { IncidentDetail, IncidentItem, LessonItem } from '@sphinx/service-incident-forensics';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { incidentName, incidentTable, incidentText, lessonTable } from '../terminal/incident-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const EXAMPLE = `sphinx incidents
sphinx incidents show 12
sphinx incidents assign 12 "Anna Berg"
sphinx incidents close 12 false --note "Maintenance by the maker"`;
const VERDICTS = 'true, false, benign, test or duplicate';

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
  readonly heldBack?: boolean;
  readonly noted?: boolean;
  readonly severity?: string;
  readonly search?: string;
}

/** `sphinx incidents [list | show | assign | comment | close | reopen | open | merge | lessons | sample]` */
export function incidentsCommand(): Command {
  return withFilters(
    defineCommand('incidents', 'list what happened that somebody must look at, and work on it', EXAMPLE),
  )
    .action((_options: ListOptions, self: Command) => withRunningClient(self, list))
    .addCommand(
      withFilters(
        defineCommand('list', 'list incidents, newest first', 'sphinx incidents list --severity critical'),
      ).action((_options: ListOptions, self: Command) => withRunningClient(self, list)),
    )
    .addCommand(showCommand())
    .addCommand(assignCommand())
    .addCommand(commentCommand())
    .addCommand(closeCommand())
    .addCommand(plainCommand('reopen', 'open a closed incident again; what was learnt from its closing is forgotten'))
    .addCommand(plainCommand('open', 'make an incident of what was held back or noted'))
    .addCommand(mergeCommand())
    .addCommand(lessonsCommand())
    .addCommand(sampleCommand());
}

function withFilters(command: Command): Command {
  return command
    .option('--all', 'closed ones, too')
    .option('--held-back', 'what only closings of the past keep from being an incident')
    .option('--noted', 'what has too few points to be an incident')
    .option('--severity <severity>', 'critical, high, medium or low')
    .option('--search <text>', 'part of a title, a device, an account or an address');
}

async function list(client: ApiClient, options: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  if (options.heldBack === true) query.set('attention', 'held-back');
  else if (options.noted === true) query.set('attention', 'noted');
  else if (options.all !== true) query.set('status', 'open');
  if (options.severity !== undefined) query.set('severity', options.severity);
  if (options.search !== undefined) query.set('search', options.search);
  const incidents = await readAllPages<IncidentItem>(client, `/incidents?${query}`);
  if (options.json) printJson(incidents);
  else print(incidents.length === 0 ? 'No incident fits. Nobody has to look at anything.' : incidentTable(incidents));
}

function showCommand(): Command {
  return defineCommand('show', 'tell an incident: story, reasons, checklists, history', 'sphinx incidents show 12')
    .argument('<incident>', 'its number (12, INC-12) or its id')
    .action((incident: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const detail = await client.send<IncidentDetail>('GET', `/incidents/${await findIncident(client, incident)}`);
        if (json) printJson(detail);
        else print(incidentText(detail));
      }),
    );
}

function assignCommand(): Command {
  return defineCommand('assign', 'say who works on an incident', 'sphinx incidents assign 12 "Anna Berg"')
    .argument('<incident>', 'its number or its id')
    .argument('<owner>', 'a name; "nobody" takes it back')
    .action((incident: string, owner: string, _options: CommonOptions, self: Command) =>
      change(self, incident, 'PATCH', '', { owner: owner === 'nobody' ? null : owner }),
    );
}

function commentCommand(): Command {
  return defineCommand('comment', 'add a comment to an incident', 'sphinx incidents comment 12 "The ward was called"')
    .argument('<incident>', 'its number or its id')
    .argument('<text>', 'without data of patients')
    .action((incident: string, text: string, _options: CommonOptions, self: Command) =>
      change(self, incident, 'POST', '/comments', { text }),
    );
}

function closeCommand(): Command {
  return defineCommand(
    'close',
    'close an incident and say what it was; SPHINX learns from it',
    'sphinx incidents close 12 false --note "Maintenance by the maker"',
  )
    .argument('<incident>', 'its number or its id')
    .argument('<verdict>', VERDICTS)
    .option('--note <text>', 'what it was, for whoever meets the like of it')
    .action((incident: string, verdict: string, _options: CommonOptions, self: Command) =>
      change(self, incident, 'POST', '/close', { verdict, note: self.opts<{ note?: string }>().note ?? '' }),
    );
}

function plainCommand(name: 'open' | 'reopen', description: string): Command {
  return defineCommand(name, description, `sphinx incidents ${name} 12`)
    .argument('<incident>', 'its number or its id')
    .action((incident: string, _options: CommonOptions, self: Command) => change(self, incident, 'POST', `/${name}`));
}

function mergeCommand(): Command {
  return defineCommand('merge', 'move an incident into another one', 'sphinx incidents merge 13 12')
    .argument('<incident>', 'the one that is closed as a duplicate')
    .argument('<into>', 'the one that goes on')
    .action((incident: string, into: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const [from, to] = [await findIncident(client, incident), await findIncident(client, into)];
        tell(await client.send<IncidentItem>('POST', `/incidents/${from}/merge`, { into: to }), json);
      }),
    );
}

function lessonsCommand(): Command {
  return defineCommand('lessons', 'list what was learnt from closings, or forget one', 'sphinx incidents lessons')
    .option('--forget <id>', 'forget this one')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const { forget } = self.opts<{ forget?: string }>();
        if (forget !== undefined) {
          await client.send('DELETE', `/incident-lessons/${encodeURIComponent(forget)}`);
          return print('Forgotten.');
        }
        const lessons = await readAllPages<LessonItem>(client, '/incident-lessons?');
        if (json) printJson(lessons);
        else print(lessons.length === 0 ? 'Nothing was learnt yet: no incident was closed.' : lessonTable(lessons));
      }),
    );
}

function sampleCommand(): Command {
  return defineCommand(
    'sample',
    'show the incidents of two weeks of an invented hospital, or remove them',
    'sphinx incidents sample',
  )
    .option('--remove', 'remove them, with all that people did with them')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const isRemoval = self.opts<{ remove?: boolean }>().remove === true;
        const answer = await client.send<{ incidents: number }>(isRemoval ? 'DELETE' : 'POST', '/incidents/sample');
        if (json) printJson(answer);
        else if (isRemoval) print(`${answer.incidents} incidents of the sample hospital are removed.`);
        else
          print(
            `${answer.incidents} incidents of the sample hospital stand beside yours, marked as sample. Remove them with: sphinx incidents sample --remove`,
          );
      }),
    );
}

function change(self: Command, incident: string, method: string, path: string, body?: object): Promise<void> {
  return withRunningClient(self, async (client, { json }) => {
    const id = await findIncident(client, incident);
    tell(await client.send<IncidentItem>(method, `/incidents/${id}${path}`, body), json);
  });
}

function tell(incident: IncidentItem, isJson = false): void {
  if (isJson) printJson(incident);
  else print(`${incidentName(incident)}: ${incident.status}, ${incident.owner ?? 'nobody'} has it.`);
}

/**
 * @param name number, "INC-12" or id
 * @throws SphinxError SPX_NOT_FOUND when no incident has the number
 */
export async function findIncident(client: ApiClient, name: string): Promise<string> {
  const number = /^(?:INC-)?(\d+)$/i.exec(name)?.[1];
  if (number === undefined) return encodeURIComponent(name);
  const incidents = await readAllPages<IncidentItem>(client, '/incidents?');
  const found = incidents.find((incident) => incident.number === Number(number));
  if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no incident INC-${number}.`);
  return encodeURIComponent(found.id);
}
