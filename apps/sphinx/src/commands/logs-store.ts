import { basename } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, Option } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import {
  eventLine,
  type LogEvent,
  type LogRuleSet,
  type LogSource,
  ruleSetTable,
  sourceTable,
} from '../terminal/log-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withClient, withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES = ['log-collection'];
const BATCH_BYTES = 4_000_000;
const TAIL_INTERVAL_MS = 1000;
const TAIL_PAGE = 500;

const SEARCH_EXAMPLE = `sphinx logs search 'status:failure AND user:k.wolf' --since 24h
sphinx logs search 'src_ip:10.0.0.0/8 dst_port:>1024' --limit 1000 --json
sphinx logs search 'format:openssh' --export ssh.csv`;

/** `sphinx logs search QUERY` */
export function searchCommand(): Command {
  return defineCommand('search', 'find events of logs, newest first', SEARCH_EXAMPLE)
    .argument('[query...]', 'words, field:value, field:>5, "words together", AND, OR, NOT; everything when absent')
    .option('--since <time>', 'from: 2h, 3d, or 2026-11-30T08:00:00Z')
    .option('--until <time>', 'up to: 1h, or 2026-11-30T09:00:00Z')
    .option('--limit <number>', 'so many events at most', '100')
    .option('--export <file>', 'writes all of them to a new file, .csv or .jsonl')
    .action((words: string[], _options: SearchOptions, self: Command) =>
      withClient<SearchOptions>(self, SERVICES, (client, options) => search(client, words.join(' '), options)),
    );
}

interface SearchOptions extends CommonOptions {
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly export?: string;
}

async function search(client: ApiClient, query: string, options: SearchOptions): Promise<void> {
  const parameters = new URLSearchParams({ query });
  if (options.since !== undefined) parameters.set('from', String(instantOf(options.since)));
  if (options.until !== undefined) parameters.set('until', String(instantOf(options.until)));
  if (options.export !== undefined) {
    parameters.set('format', options.export.endsWith('.csv') ? 'csv' : 'jsonl');
    await client.downloadTo(`/logs/export?${parameters}`, options.export);
    if (!options.json) print(`Written to ${options.export}. What may name a patient is masked.`);
    return;
  }
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) {
    throw new SphinxError('SPX_INVALID_INPUT', '--limit is a number from 1 to 100000.');
  }
  const events: LogEvent[] = [];
  for (let cursor: string | null = ''; cursor !== null && events.length < limit; ) {
    const page = new URLSearchParams(parameters);
    page.set('limit', String(Math.min(1000, limit - events.length)));
    if (cursor !== '') page.set('cursor', cursor);
    const answer: { items: LogEvent[]; nextCursor: string | null } = await client.send('GET', `/logs?${page}`);
    events.push(...answer.items);
    cursor = answer.nextCursor;
  }
  if (options.json) printJson(events);
  else if (events.length === 0) print('No event fits.');
  else print(events.map(eventLine).join('\n'));
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @throws SphinxError SPX_INVALID_INPUT */
function instantOf(text: string): number {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  const time = ago === null ? Date.parse(text) : Date.now() - Number(ago[1]) * (UNITS[ago[2] ?? 's'] ?? 0);
  if (Number.isFinite(time)) return time;
  throw new SphinxError('SPX_INVALID_INPUT', `"${text}" is no time: write 2h, 3d or 2026-11-30T08:00:00Z.`);
}

/** `sphinx logs tail [QUERY]` */
export function tailCommand(): Command {
  return defineCommand('tail', 'show events as they come in, until Ctrl+C', "sphinx logs tail 'severity:high'")
    .argument('[query...]', 'as with search; everything when absent')
    .addOption(new Option('--for <seconds>', 'ends after so many seconds'))
    .action((words: string[], _options: CommonOptions, self: Command) =>
      withRunningClient<CommonOptions & { readonly for?: string }>(self, async (client, options) => {
        const end = options.for === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(options.for) * 1000;
        await tail(client, words.join(' '), end, options.json === true);
      }),
    );
}

async function tail(client: ApiClient, query: string, endMs: number, isJson: boolean): Promise<void> {
  const startedAt = Date.now();
  const shown = new Set<string>();
  while (Date.now() < endMs) {
    const parameters = new URLSearchParams({
      query: query === '' ? `logged_time:>=${startedAt}` : `(${query}) AND logged_time:>=${startedAt}`,
      limit: String(TAIL_PAGE),
    });
    const { items } = await client.send<{ items: LogEvent[] }>('GET', `/logs?${parameters}`);
    for (const event of items.toReversed()) {
      if (shown.has(event.log_id)) continue;
      shown.add(event.log_id);
      if (isJson) process.stdout.write(`${JSON.stringify(event)}\n`);
      else print(eventLine(event));
    }
    await new Promise((resolve) => setTimeout(resolve, TAIL_INTERVAL_MS));
  }
}

/** `sphinx logs import FILE…` */
export function importCommand(): Command {
  return defineCommand(
    'import',
    'take log files in: EVTX, XML, JSON, any lines; also gzipped',
    'sphinx logs import Security.evtx access.log.1.gz\nsphinx logs import ehr.csv --format ehr-access',
  )
    .argument('<file...>', 'log files')
    .option('--format <id>', 'format of the lines, as sphinx logs formats lists them; told by content when absent')
    .action((files: string[], _options: ImportOptions, self: Command) =>
      withClient<ImportOptions>(self, SERVICES, async (client, options) => {
        const taken: { file: string; events: number }[] = [];
        for (const file of files) taken.push({ file, events: await importFile(client, file, options.format) });
        if (options.json) printJson(taken);
        else print(taken.map(({ file, events }) => `${file}: ${events} events taken in`).join('\n'));
      }),
    );
}

interface ImportOptions extends CommonOptions {
  readonly format?: string;
}

async function importFile(client: ApiClient, file: string, format: string | undefined): Promise<number> {
  const { readLogLines } = await import('../runtime/log-lines.ts');
  const name = basename(file)
    .replace(/[^\w.:@-]/g, '_')
    .slice(0, 90);
  const parameters = new URLSearchParams({ source: name, ...(format === undefined ? {} : { format }) });
  let batch: string[] = [];
  let bytes = 0;
  let events = 0;
  const send = async () => {
    if (batch.length === 0) return;
    const body = Buffer.from(batch.join('\n'));
    const { accepted } = await client.send<{ accepted: number }>('POST', `/logs/intake?${parameters}`, body);
    events += accepted;
    batch = [];
    bytes = 0;
  };
  try {
    await readLogLines(file, async (line) => {
      batch.push(line);
      bytes += line.length;
      if (bytes >= BATCH_BYTES) await send();
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  }
  await send();
  return events;
}

/** `sphinx logs sources` */
export function logSourcesCommand(): Command {
  return defineCommand('sources', 'list who sends logs, with counts', 'sphinx logs sources --json').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const sources = await readAllPages<LogSource>(client, '/log-sources');
        if (json) printJson(sources);
        else print(sources.length === 0 ? 'No logs came in so far.' : sourceTable(sources));
      }),
  );
}

/** `sphinx logs rules` */
export function rulesCommand(): Command {
  return defineCommand(
    'rules',
    'list the sets of Sigma rules that events are matched with, or add one',
    'sphinx logs rules\nsphinx logs rules --add sigma/rules --title SigmaHQ',
  )
    .option('--add <path...>', 'Sigma rules: files, or folders of .yml files')
    .option('--title <name>', 'name of the set; one of the same name is replaced')
    .action((_options: RulesOptions, self: Command) =>
      withClient<RulesOptions>(self, SERVICES, async (client, options) => {
        if (options.add !== undefined) await addRules(client, options.add, options.title);
        const sets = await readAllPages<LogRuleSet>(client, '/log-rule-sets');
        if (options.json) printJson(sets);
        else print(ruleSetTable(sets));
      }),
    );
}

interface RulesOptions extends CommonOptions {
  readonly add?: readonly string[];
  readonly title?: string;
}

async function addRules(client: ApiClient, paths: readonly string[], title: string | undefined): Promise<void> {
  if (title === undefined) throw new SphinxError('SPX_INVALID_INPUT', 'Name the set with --title.');
  const { readRuleFiles } = await import('../runtime/load-sigma.ts');
  const files = (await Promise.all(paths.map(readRuleFiles))).flat();
  if (files.length === 0) throw new SphinxError('SPX_INVALID_INPUT', 'There is no .yml file in it.');
  await client.send('POST', '/log-rule-sets', { title, files });
}
