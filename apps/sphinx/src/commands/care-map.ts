import { SphinxError } from '@sphinx/platform/errors';
import type {
  AreaItem,
  CareItem,
  CareNodeDetail,
  CareNodeItem,
  CriticalItem,
  EditItem,
  OutageReport,
} from '@sphinx/service-risk-assessment';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { areaTable, careTable, criticalTable, editTable, nodeText, outageText } from '../terminal/care-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['risk-assessment'];
const EXAMPLE = `sphinx care-map
sphinx care-map outage pacs
sphinx care-map critical`;
const MOST_NAMED = 5;

/** `sphinx care-map [list | show | outage | critical | beds | needs | changes | undo]` */
export function careMapCommand(): Command {
  const list = (_options: CommonOptions, self: Command) => run(self, listServices);
  return defineCommand('care-map', 'which clinical service needs what, and what stops when something stops', EXAMPLE)
    .action(list)
    .addCommand(
      defineCommand('list', 'list clinical services with beds and care areas', 'sphinx care-map list').action(list),
    )
    .addCommand(showCommand())
    .addCommand(outageCommand())
    .addCommand(criticalCommand())
    .addCommand(bedsCommand())
    .addCommand(needsCommand())
    .addCommand(changesCommand())
    .addCommand(undoCommand());
}

function run(self: Command, work: (client: ApiClient, isJson: boolean) => Promise<void>): Promise<void> {
  return withRunningClient(self, (client, { json = false }) => work(client, json), SERVICES_NEEDED);
}

async function listServices(client: ApiClient, isJson: boolean): Promise<void> {
  const services = await readAllPages<CareItem>(client, '/care-map?');
  if (isJson) printJson(services);
  else
    print(
      services.length === 0 ? 'No clinical service is known yet. Connect a source of traffic.' : careTable(services),
    );
}

function showCommand(): Command {
  return defineCommand('show', 'tell what something needs and what needs it', 'sphinx care-map show pacs')
    .argument('<what>', 'name or id of an asset, a network or a clinical service')
    .action((what: string, _options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const detail = await client.send<CareNodeDetail>(
          'GET',
          `/care-map/nodes/${encodeURIComponent(await findNode(client, what))}`,
        );
        if (isJson) printJson(detail);
        else print(nodeText(detail));
      }),
    );
}

function outageCommand(): Command {
  return defineCommand('outage', 'tell what stops when these stop together', 'sphinx care-map outage sql-1 sql-2')
    .argument('<what...>', 'names or ids')
    .action((names: string[], _options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const stopped: string[] = [];
        for (const name of names) stopped.push(await findNode(client, name));
        const report = await client.send<OutageReport>('POST', '/care-map/outage', { stopped });
        if (isJson) printJson(report);
        else print(outageText(report));
      }),
    );
}

function criticalCommand(): Command {
  return defineCommand('critical', 'list servers and networks that care hangs on', 'sphinx care-map critical').action(
    (_options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const nodes = await readAllPages<CriticalItem>(client, '/care-map/critical?');
        if (isJson) printJson(nodes);
        else print(nodes.length === 0 ? 'Nothing that care hangs on was seen yet.' : criticalTable(nodes));
      }),
  );
}

function bedsCommand(): Command {
  return defineCommand('beds', 'list beds by care area, or state them', 'sphinx care-map beds "ICU 2" 12')
    .argument('[area]', 'care area; "" for what has none')
    .argument('[beds]', 'how many; "unknown" takes the statement back')
    .action((area: string | undefined, beds: string | undefined, _options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        if (area !== undefined && beds !== undefined) {
          return state(client, isJson, { kind: 'beds', area, beds: bedsOf(beds) });
        }
        const areas = await readAllPages<AreaItem>(client, '/care-map/areas?');
        const shown = areas.filter((each) => area === undefined || each.area === area);
        if (isJson) printJson(shown);
        else print(shown.length === 0 ? 'No such care area is known.' : areaTable(shown));
      }),
    );
}

/** @throws SphinxError SPX_INVALID_INPUT */
function bedsOf(text: string): number | null {
  if (text === 'unknown') return null;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new SphinxError('SPX_INVALID_INPUT', `"${text}" is no number of beds. Write for example 12, or unknown.`);
}

function needsCommand(): Command {
  return defineCommand(
    'needs',
    'state that something needs something else, or deny it',
    'sphinx care-map needs pacs sql-1 stops --note "asked the maker"',
  )
    .argument('<dependent>', 'name or id of what needs')
    .argument('<provider>', 'name or id of what is needed')
    .argument('<effect>', 'what happens without it: stops, degrades, slows, or none: it is not needed')
    .option('--alternative', 'others that are stated so stand in for it')
    .option('--note <text>', 'how you know')
    .action((from: string, to: string, effect: string, _options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const { alternative = false, note = '' } = self.opts<{ alternative?: boolean; note?: string }>();
        const [dependent, provider] = [await findNode(client, from), await findNode(client, to)];
        const ends = { dependent, provider };
        const edit =
          effect === 'none'
            ? { kind: 'no-dependency', ...ends }
            : { kind: 'dependency', ...ends, effect, isAlternative: alternative };
        await state(client, isJson, edit, note);
      }),
    );
}

async function state(client: ApiClient, isJson: boolean, edit: object, note = ''): Promise<void> {
  const made = await client.send<EditItem>('POST', '/care-map/edits', { edit, note });
  if (isJson) printJson(made);
  else print(`${made.text}. "sphinx care-map undo ${made.id}" takes it back.`);
}

function changesCommand(): Command {
  return defineCommand('changes', 'list what people said about the map', 'sphinx care-map changes').action(
    (_options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const edits = await readAllPages<EditItem>(client, '/care-map/edits?');
        if (isJson) printJson(edits);
        else print(edits.length === 0 ? 'Nobody has changed the care map.' : editTable(edits));
      }),
  );
}

function undoCommand(): Command {
  return defineCommand('undo', 'take a change back', 'sphinx care-map undo edit_3f2a_1')
    .argument('<id>', 'of the change, as "sphinx care-map changes" lists it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const undone = await client.send<EditItem>('POST', `/care-map/edits/${encodeURIComponent(id)}/undo`);
        if (isJson) printJson(undone);
        else print(`Taken back: ${undone.text}.`);
      }),
    );
}

/**
 * @param text id or name; part of a name where only one has it
 * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when several fit
 */
async function findNode(client: ApiClient, text: string): Promise<string> {
  const found = await readAllPages<CareNodeItem>(client, `/care-map/nodes?search=${encodeURIComponent(text)}`);
  const lower = text.toLowerCase();
  const exact = found.filter(({ id, name }) => id === text || name.toLowerCase() === lower);
  const fitting = exact.length > 0 ? exact : found;
  const [first, second] = fitting;
  if (first === undefined) {
    throw new SphinxError('SPX_NOT_FOUND', `The care map has no "${text}". "sphinx care-map" lists clinical services.`);
  }
  if (second !== undefined) {
    const names = fitting.slice(0, MOST_NAMED).map(({ id, name }) => `${name} (${id})`);
    throw new SphinxError(
      'SPX_CONFLICT',
      `Several are called like "${text}": ${names.join(', ')}. Name one by its id.`,
    );
  }
  return first.id;
}
