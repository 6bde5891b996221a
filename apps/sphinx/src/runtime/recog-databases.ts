import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import {
  type FingerprintDatabase,
  RECOG_LIMITS,
  type ReadExampleFile,
  readFingerprintDatabase,
} from '@sphinx/vulnerabilities';

/*
 * Fingerprint databases in recog's format in the data folder: `knowledge/recog` holds the files as they were imported,
 * `knowledge/recog.previous` those that they replaced.
 */

export interface RecogFile {
  /** Name of the file without folder. */
  readonly file: string;
  readonly database: FingerprintDatabase;
}

export interface RefusedRecogFile {
  readonly file: string;
  readonly reason: string;
}

export interface RecogReading {
  readonly files: readonly RecogFile[];
  readonly refused: readonly RefusedRecogFile[];
}

const MOST_FILES = 1000;

/**
 * Reads every database of a folder, in order of name.
 *
 * @throws SphinxError SPX_NOT_FOUND when there is no such folder, SPX_TOO_LARGE when it holds too many files
 */
export async function readRecogFolder(folder: string): Promise<RecogReading> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new SphinxError('SPX_NOT_FOUND', `There is no folder ${folder}. Is the name right?`);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.xml')).sort();
  if (names.length > MOST_FILES) {
    throw new SphinxError('SPX_TOO_LARGE', `${folder} holds more than ${MOST_FILES} databases.`);
  }
  const files: RecogFile[] = [];
  const refused: RefusedRecogFile[] = [];
  for (const file of names) {
    const path = join(folder, file);
    const { size } = await stat(path);
    if (size > RECOG_LIMITS.fileBytes) {
      refused.push({ file, reason: `It is larger than ${RECOG_LIMITS.fileBytes / 1024 / 1024} MB.` });
      continue;
    }
    const name = basename(file, '.xml');
    const examples = await exampleFiles(join(folder, name));
    const reading = readFingerprintDatabase(await readFile(path), name, examples);
    if (reading.ok) files.push({ file, database: reading.database });
    else refused.push({ file, reason: reading.reason });
  }
  return { files, refused };
}

/**
 * Takes the databases of a folder in place of those that are there, which are kept for `undoRecogImport`. A folder with nothing
 * to use changes nothing.
 *
 * @param dataFolder folder of the data of SPHINX
 * @throws SphinxError SPX_INVALID_INPUT when no fingerprint of the folder can be used
 */
export async function importRecogDatabases(dataFolder: string, folder: string): Promise<RecogReading> {
  const reading = await readRecogFolder(folder);
  if (reading.files.every(({ database }) => database.fingerprints.length === 0)) {
    const [first] = reading.refused;
    const why = first === undefined ? 'it holds no .xml file with fingerprints' : `${first.file}: ${first.reason}`;
    throw new SphinxError('SPX_INVALID_INPUT', `Nothing of ${folder} was taken: ${why}`);
  }
  const { parent, current, previous } = placesIn(dataFolder);
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(join(parent, 'recog.new-'));
  for (const { file } of reading.files) {
    await cp(join(folder, file), join(fresh, file));
    const examples = join(folder, basename(file, '.xml'));
    if (existsSync(examples)) await cp(examples, join(fresh, basename(file, '.xml')), { recursive: true });
  }
  await rm(previous, { recursive: true, force: true });
  if (existsSync(current)) await rename(current, previous);
  await rename(fresh, current);
  return reading;
}

/** @returns the databases that are loaded; none where nothing was imported */
export async function loadRecogDatabases(dataFolder: string): Promise<RecogReading> {
  const { current } = placesIn(dataFolder);
  return existsSync(current) ? readRecogFolder(current) : { files: [], refused: [] };
}

/**
 * Brings back what was there before the last import or removal. What is there now is kept in its place, so that a second undo returns to it.
 *
 * @throws SphinxError SPX_NOT_FOUND when nothing was there before
 */
export async function undoRecogImport(dataFolder: string): Promise<void> {
  const { parent, current, previous } = placesIn(dataFolder);
  if (!existsSync(previous)) throw new SphinxError('SPX_NOT_FOUND', 'Nothing is kept from before the last import.');
  const aside = await mkdtemp(join(parent, 'recog.old-'));
  const hasCurrent = existsSync(current);
  if (hasCurrent) await rename(current, join(aside, 'recog'));
  await rename(previous, current);
  if (hasCurrent) await rename(join(aside, 'recog'), previous);
  await rm(aside, { recursive: true, force: true });
}

/**
 * Takes the databases out; `undoRecogImport` brings them back.
 *
 * @throws SphinxError SPX_NOT_FOUND when there are none
 */
export async function removeRecogDatabases(dataFolder: string): Promise<void> {
  const { current, previous } = placesIn(dataFolder);
  if (!existsSync(current)) throw new SphinxError('SPX_NOT_FOUND', 'No fingerprint database is loaded.');
  await rm(previous, { recursive: true, force: true });
  await rename(current, previous);
}

function placesIn(dataFolder: string) {
  const parent = join(dataFolder, 'knowledge');
  return { parent, current: join(parent, 'recog'), previous: join(parent, 'recog.previous') };
}

/** Files of examples lie in a folder named as their database. */
async function exampleFiles(folder: string): Promise<ReadExampleFile> {
  const contents = new Map<string, Uint8Array>();
  if (!existsSync(folder)) return () => undefined;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(path)).size > RECOG_LIMITS.exampleLength) continue;
    contents.set(path.slice(folder.length + sep.length), await readFile(path));
  }
  return (name) => contents.get(name);
}
