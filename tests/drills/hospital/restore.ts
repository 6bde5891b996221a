import type { Hospital } from './hospital.ts';
import { PLACES } from './places.ts';
import { run } from './programs.ts';

/** Brings the documents of the share back from the backup, as an administrator does by hand. @throws Error with what restic said */
export async function restoreDocuments({ backup, shareFolder }: Hospital): Promise<void> {
  const from = ['--no-cache', '-r', backup.repository, '--password-file', backup.passwordFile];
  const { code, output } = await run(PLACES.backup, 'restic', [...from, 'restore', 'latest', '--target', '/'], {
    limitMs: 60_000,
  });
  if (code !== 0) throw new Error(`restic: ${output}`);
  await run(PLACES.share, 'sh', ['-c', `rm -f ${shareFolder}/*.locked`]);
}
