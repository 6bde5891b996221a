import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

/**
 * Opens PostgreSQL with an empty database. Making one (`initdb`) takes seconds, copying one a tenth of a second, so the first is
 * kept and every further one starts as its copy. Whatever is wrong with what was kept costs time only.
 *
 * @param folder where the database is to live; must not exist
 * @param cacheFolder where the first is kept; the user's cache folder when absent
 */
export async function createEmptyDatabase(folder: string, cacheFolder = userCacheFolder()): Promise<PGlite> {
  const template = await templateFolder(cacheFolder);
  if (await isOwn(template)) {
    try {
      copy(template, folder);
      return await PGlite.create({ dataDir: folder });
    } catch {
      await rm(folder, { recursive: true, force: true });
    }
  }
  await (await PGlite.create({ dataDir: folder })).close();
  await keep(folder, template).catch(() => undefined);
  return PGlite.create({ dataDir: folder });
}

/** A database fits one version of PGlite only: the name says which. */
async function templateFolder(cacheFolder: string): Promise<string> {
  const manifest = fileURLToPath(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')));
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return join(cacheFolder, `empty-database-pglite-${version}`);
}

/** Never a folder that others can write to: its copy becomes the database in which secrets and users live. */
function userCacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA !== undefined) return join(LOCALAPPDATA, 'sphinx', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'sphinx');
  return join(XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'sphinx');
}

async function isOwn(template: string): Promise<boolean> {
  try {
    const { uid, mode } = await stat(template);
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}

/** In one go: asynchronous copying of a thousand small files takes four times as long. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, errorOnExist: true, force: false });
}

/** Appears under its name when complete, so that a program that starts meanwhile never copies half of it. */
async function keep(database: string, template: string): Promise<void> {
  const cacheFolder = join(template, '..');
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  await chmod(cacheFolder, 0o700);
  const unfinished = `${template}.${randomUUID()}`;
  try {
    copy(database, unfinished);
    await chmod(unfinished, 0o700);
    await rm(template, { recursive: true, force: true });
    await rename(unfinished, template);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
