import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ActuatorError } from '../../contract/actuator.ts';
import { type Machine, runOrFail } from '../../means/machine.ts';
import { BACKUP_LIMIT_MS } from './backup-tool.ts';

/** Folders beside the one that is restored. All are on the same file system, so that each step is one renaming. */
interface Places {
  readonly path: string;
  /** What the backup program writes into. */
  readonly staging: string;
  /** What was there before; evidence, and the way back. */
  readonly kept: string;
  /** What was restored, after it was taken back. */
  readonly manifest: string;
}

function placesOf(path: string, commandId: string): Places {
  const mark = createHash('sha256').update(commandId).digest('hex').slice(0, 12);
  return {
    path,
    staging: `${path}.sphinx-restoring-${mark}`,
    kept: `${path}.sphinx-before-${mark}`,
    manifest: `${path}.sphinx-hashes-${mark}`,
  };
}

/**
 * Puts a folder of a copy in the place of what is there, which is kept beside it. Its files are hashed (SHA-256) before they take
 * the place. May be called again after a crash at any moment.
 *
 * @param extract writes the path of the copy below a folder
 * @returns number of files
 */
export async function restoreInPlace(
  machine: Machine,
  path: string,
  commandId: string,
  extract: (folder: string) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const places = placesOf(path, commandId);
  const { staging, kept, manifest } = places;
  const isReplaced = (await isThere(machine, kept, signal)) && (await isThere(machine, path, signal));
  if (!isReplaced) {
    if (!(await isThere(machine, manifest, signal))) await stage(machine, places, extract, signal);
    if (await isThere(machine, path, signal)) await move(machine, path, kept, signal);
    else await runOrFail(machine, ['mkdir', '-p', '--', kept], signal);
    await move(machine, posix.join(staging, path), path, signal);
    await runOrFail(machine, ['rm', '-rf', '--', staging], signal);
  }
  const hashes = await runOrFail(machine, ['cat', '--', manifest], signal);
  return hashes.split('\n').filter((line) => line !== '').length;
}

/** The hashes are written last and under another name first: where they stand, the folder beside them is whole. */
async function stage(
  machine: Machine,
  { path, staging, manifest }: Places,
  extract: (folder: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await runOrFail(machine, ['rm', '-rf', '--', staging], signal);
  await runOrFail(machine, ['mkdir', '-p', '--', staging], signal);
  await extract(staging);
  const folder = posix.join(staging, path);
  if (!(await isThere(machine, folder, signal))) throw new ActuatorError(`The copy holds no folder ${path}.`);
  const hash = ['env', '-C', folder, 'find', '.', '-type', 'f', '-exec', 'sha256sum', '--', '{}', '+'];
  const hashes = await runOrFail(machine, hash, signal, { limitMs: BACKUP_LIMIT_MS });
  await runOrFail(machine, ['tee', '--', `${manifest}.new`], signal, { input: hashes });
  await move(machine, `${manifest}.new`, manifest, signal);
}

/** Puts what was there before back in its place, and takes away what was restored. */
export async function takeBack(machine: Machine, path: string, commandId: string, signal: AbortSignal): Promise<void> {
  const { staging, kept, manifest } = placesOf(path, commandId);
  if (await isThere(machine, kept, signal)) {
    // Of two renamings the second can be missing after a crash: then nothing is in the place.
    if (await isThere(machine, path, signal)) await move(machine, path, `${staging}-undone`, signal);
    await move(machine, kept, path, signal);
  }
  await runOrFail(machine, ['rm', '-rf', '--', staging, `${staging}-undone`, manifest, `${manifest}.new`], signal);
}

/** Whether every file of the copy is in its place, with its hash. */
export async function isRestored(
  machine: Machine,
  path: string,
  commandId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { kept, manifest } = placesOf(path, commandId);
  for (const place of [kept, path, manifest]) if (!(await isThere(machine, place, signal))) return false;
  const hashes = await runOrFail(machine, ['cat', '--', manifest], signal);
  if (hashes === '') return true;
  const check = ['env', '-C', path, 'sha256sum', '--check', '--quiet', '--strict', '-'];
  const { status } = await machine.run(check, signal, { input: hashes, limitMs: BACKUP_LIMIT_MS });
  return status === 0;
}

async function isThere(machine: Machine, path: string, signal: AbortSignal): Promise<boolean> {
  const { status } = await machine.run(['test', '-e', path], signal);
  return status === 0;
}

async function move(machine: Machine, from: string, to: string, signal: AbortSignal): Promise<void> {
  const { status, stderr } = await machine.run(['mv', '-T', '--', from, to], signal);
  if (status === 0) return;
  const hint = /busy/i.test(stderr) ? ' Restore a folder below the mount point, not the mount point itself.' : '';
  throw new ActuatorError(`${from} could not be moved: ${stderr.trim()}.${hint}`);
}
