import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, Option } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import {
  type FileDetail,
  type FileTypeCount,
  fileTable,
  fileText,
  fileTypeTable,
  type SeenFile,
} from '../terminal/file-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** The largest page that the API gives. */
const PAGE_SIZE = 1000;
const DEFAULT_LIMIT = 100;
const HASH_LENGTHS = [32, 40, 64];
/** Sent to standard error, so that JSON stays JSON. */
const WARNING =
  'Careful: this may be malware. Open it only on a machine that is meant for it. The download is on record.';

/** `sphinx files [list | types | show | download]` */
export function filesCommand(): Command {
  return filtered(defineCommand('files', 'list the files that crossed the network', EXAMPLE))
    .action((_options: CommonOptions, self: Command) => withRunningClient(self, list(self)))
    .addCommand(
      filtered(defineCommand('list', 'list the files that crossed the network', EXAMPLE)).action(
        (_options: CommonOptions, self: Command) => withRunningClient(self, list(self)),
      ),
    )
    .addCommand(typesCommand())
    .addCommand(showCommand())
    .addCommand(downloadCommand());
}

const EXAMPLE = `sphinx files --verdict matched
sphinx files list --kind program --mismatch --sort=-size
sphinx files --search 10.20.3.31 --limit 1000 --json`;

function filtered(command: Command): Command {
  return command
    .option('--search <text>', 'part of a name, type, hash, address or YARA rule')
    .option('--type <type>', 'only this type by content, for example pe')
    .option('--kind <kind>', 'only this kind, for example program, document or clinical')
    .option('--protocol <protocol>', 'only over this protocol, for example smb')
    .option('--address <address>', 'only from or to this address')
    .option('--rule <name>', 'only what this YARA rule matched')
    .addOption(new Option('--verdict <verdict>', 'only with this outcome').choices(['matched', 'clean', 'unscanned']))
    .option('--mismatch', 'only what is not what its name or its sender says')
    .option('--kept', 'only those whose content is kept')
    .addOption(new Option('--sort <order>', 'order').choices(SORTS).default('-time'))
    .option('--limit <number>', 'no more than so many', String(DEFAULT_LIMIT));
}

const SORTS = ['time', '-time', 'size', '-size', 'name', '-name', 'type', '-type'];

interface ListOptions {
  readonly kind?: string;
  readonly mismatch?: boolean;
  readonly kept?: boolean;
  readonly limit: string;
  readonly [name: string]: string | boolean | undefined;
}

function list(command: Command): (client: ApiClient, options: CommonOptions) => Promise<void> {
  return async (client, options) => {
    const chosen = command.optsWithGlobals<ListOptions>();
    const limit = limitOf(chosen.limit);
    const query = queryOf(chosen);
    const { files, isMore } = await readFiles(client, query, limit);
    if (options.json) return printJson(files);
    if (files.length > 0) print(fileTable(files));
    else print(query.size > 1 ? 'No file fits. Leave a filter out.' : 'No file has crossed the network yet.');
    if (isMore) print(`\nThese are the first ${files.length}. --limit shows more.`);
  };
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new SphinxError('SPX_INVALID_INPUT', `--limit takes a number from 1 to 9999999, and not "${text}".`);
}

function queryOf({ kind, mismatch, kept, ...others }: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['search', 'type', 'protocol', 'address', 'rule', 'verdict', 'sort']) {
    const value = others[name];
    if (typeof value === 'string') query.set(name, value);
  }
  if (kind !== undefined) query.set('category', kind);
  if (mismatch === true) query.set('isMismatch', 'true');
  if (kept === true) query.set('isKept', 'true');
  return query;
}

async function readFiles(
  client: ApiClient,
  query: URLSearchParams,
  limit: number,
): Promise<{ readonly files: readonly SeenFile[]; readonly isMore: boolean }> {
  const files: SeenFile[] = [];
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams(query);
    page.set('limit', String(Math.min(PAGE_SIZE, limit - files.length)));
    if (cursor !== null) page.set('cursor', cursor);
    const answer: { items: SeenFile[]; nextCursor: string | null } = await client.send('GET', `/files?${page}`);
    files.push(...answer.items);
    cursor = answer.nextCursor;
  } while (cursor !== null && files.length < limit);
  return { files, isMore: cursor !== null };
}

function typesCommand(): Command {
  return defineCommand('types', 'count the files by their type', 'sphinx files types --json').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const { types } = await client.send<{ types: FileTypeCount[] }>('GET', '/files/summary');
        if (options.json) printJson(types);
        else print(types.length === 0 ? 'No file has crossed the network yet.' : fileTypeTable(types));
      }),
  );
}

function showCommand(): Command {
  return defineCommand('show', 'show all that is known of a file, and what a match means', 'sphinx files show fil_1a2b')
    .argument('<file>', 'id, or MD5, SHA-1 or SHA-256')
    .action((text: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const file = await findFile(client, text);
        if (options.json) printJson(file);
        else print(fileText(file));
      }),
    );
}

function downloadCommand(): Command {
  return defineCommand(
    'download',
    'write the kept content of a file to disk; it may be malware',
    'sphinx files download fil_1a2b /secure/sample.bin',
  )
    .argument('<file>', 'id, or MD5, SHA-1 or SHA-256')
    .argument('<path>', 'file that does not exist yet, or a folder')
    .action((text: string, path: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const file = await findFile(client, text);
        const content = await client.download(`/files/${encodeURIComponent(file.file_id)}/content`);
        const target = await writeContent(resolve(path), file, content);
        process.stderr.write(`${WARNING}\n`);
        const answer = { id: file.file_id, path: target, bytes: content.length, isWhole: isAll(file, content) };
        if (options.json) printJson(answer);
        else print(`${target}: ${content.length.toLocaleString('en')} bytes${answer.isWhole ? '' : ', in part'}`);
      }),
    );
}

/** The content is that of the whole file, as its hash tells. */
function isAll(file: SeenFile, content: Uint8Array): boolean {
  return file.is_whole && createHash('sha256').update(content).digest('hex') === file.sha256;
}

/** Readable for this account only, under a name that nothing starts by itself. @returns path of the file */
async function writeContent(path: string, file: SeenFile, content: Uint8Array): Promise<string> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const target = isFolder ? join(path, `${file.sha256}.bin`) : path;
  try {
    await writeFile(target, content, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const reason = isThere ? 'it is there already; name another one' : String(cause);
    throw new SphinxError('SPX_INVALID_INPUT', `${target} cannot be written: ${reason}.`, { cause });
  }
  return target;
}

/**
 * The file that a person means by its id or a hash; the newest of several.
 *
 * @throws SphinxError SPX_NOT_FOUND
 */
async function findFile(client: ApiClient, text: string): Promise<FileDetail> {
  const id = text.trim().toLowerCase();
  if (!HASH_LENGTHS.includes(id.length) || !/^[0-9a-f]+$/.test(id)) {
    return client.send<FileDetail>('GET', `/files/${encodeURIComponent(text)}`);
  }
  const query = new URLSearchParams({ search: id, sort: '-time' });
  const { files } = await readFiles(client, query, PAGE_SIZE);
  const found = files.filter(({ md5, sha1, sha256 }) => [md5, sha1, sha256].includes(id));
  const best = found.find(({ is_kept }) => is_kept) ?? found[0];
  if (best === undefined) throw new SphinxError('SPX_NOT_FOUND', `No file has the hash ${id}.`);
  return client.send<FileDetail>('GET', `/files/${encodeURIComponent(best.file_id)}`);
}
