import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of somebody else, and the Debian package that it is in. */
export interface Program {
  readonly command: string;
  /** With spaces between them where it needs others that Debian only recommends. */
  readonly debianPackage: string;
  readonly for: string;
}

/** Installs the Debian packages of the programs that are missing, where that may be done. */
export function installMissing(programs: readonly Program[]): void {
  const missing = programs.filter(({ command }) => !isInstalled(command));
  if (missing.length > 0) install(missing.flatMap(({ debianPackage }) => debianPackage.split(' ')));
}

/** @returns whether a program is on the path, or where only an administrator's path has it */
export function isInstalled(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function install(packages: readonly string[]): void {
  if (!isInstalled('apt-get') || process.getuid?.() !== 0) return;
  console.log(`Installing: ${packages.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...parameters: string[]) =>
    spawnSync('apt-get', parameters, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', ...packages);
}
