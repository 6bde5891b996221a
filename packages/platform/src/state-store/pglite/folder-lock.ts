import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SphinxError } from '../../errors.ts';

/**
 * Takes a folder for this process. A lock left behind by a process that was killed is taken over: it names the process
 * and when that started, since process ids come around again.
 *
 * @param file lock file beside the data
 * @returns gives the folder back
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE with the process that holds it
 */
export async function lockFolder(file: string): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const own = `${process.pid} ${await startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(own);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await readFile(file, 'utf8').catch(() => '');
    const [pid = '', startTime = ''] = holder.split(' ');
    const isAlive = pid !== '' && (await startTimeOf(Number(pid))) === startTime && startTime !== 'gone';
    if (isAlive) {
      throw new SphinxError(
        'SPX_DATA_FOLDER_IN_USE',
        `Process ${pid} uses the data folder ${dirname(file)}. Stop it, or choose another folder with --data.`,
      );
    }
    await rm(file, { force: true });
  }
  throw new SphinxError(
    'SPX_DATA_FOLDER_IN_USE',
    `The data folder ${dirname(file)} is being taken by another process.`,
  );
}

/** Start of a process in clock ticks since boot (proc(5), field 22), `running` where there is no /proc, else `gone`. */
async function startTimeOf(pid: number): Promise<string> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
  } catch {
    return isRunning(pid) && process.platform !== 'linux' ? 'running' : 'gone';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
