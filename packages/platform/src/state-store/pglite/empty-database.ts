import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * Opens PostgreSQL with an empty database. Making one (`initdb`) takes seconds, reading one well under a second, so the
 * first is kept as a file and every further one starts as its copy. Whatever is wrong with that file costs time only.
 *
 * @param options.folder where the database is to live, must not exist; in memory when absent
 * @param options.cacheFolder where the copy is kept; the user's cache folder when absent
 */
export async function createEmptyDatabase(options: { folder?: string; cacheFolder?: string }): Promise<PGlite> {
  const location = options.folder === undefined ? {} : { dataDir: options.folder };
  const file = await snapshotFile(options.cacheFolder ?? userCacheFolder());
  const snapshot = await readSnapshot(file);
  if (snapshot !== undefined) {
    try {
      return await PGlite.create({ ...location, loadDataDir: snapshot });
    } catch {
      await rm(file, { force: true });
      if (options.folder !== undefined) await rm(options.folder, { recursive: true, force: true });
    }
  }
  const database = await PGlite.create(location);
  await saveSnapshot(file, database).catch(() => undefined);
  return database;
}

/** A snapshot fits one version of PGlite only: the name says which. */
async function snapshotFile(cacheFolder: string): Promise<string> {
  const manifest = fileURLToPath(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')));
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return join(cacheFolder, `empty-database-pglite-${version}.tar.zst`);
}

/** Never a folder that others can write to: the snapshot becomes the database in which secrets and users live. */
function userCacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA !== undefined) return join(LOCALAPPDATA, 'sphinx', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'sphinx');
  return join(XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'sphinx');
}

async function readSnapshot(file: string): Promise<Blob | undefined> {
  try {
    const { uid, mode } = await stat(file);
    const isForeign = process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0);
    if (isForeign) return undefined;
    return new Blob([await decompress(await readFile(file))]);
  } catch {
    return undefined;
  }
}

/** Appears under its name when complete, so that a program that starts meanwhile never reads half of it. */
async function saveSnapshot(file: string, database: PGlite): Promise<void> {
  const tar = await database.dumpDataDir('none');
  const content = await compress(new Uint8Array(await tar.arrayBuffer()));
  const folder = join(file, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
