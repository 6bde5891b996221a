import type { Command } from 'commander';
import type { Finding } from '../doctor/examine.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

/** `sphinx doctor` */
export function doctorCommand(): Command {
  return defineCommand(
    'doctor',
    'check this machine and installation; exit code 3 on a problem',
    'sphinx doctor',
  ).action(async (options: CommonOptions) => {
    // Loaded here and not for `--help`: the whole program is behind it.
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine(pathsOf(options));
    if (options.json) printJson(findings);
    else print(renderTable(findings, COLUMNS, 110));
    if (findings.some(({ state }) => state === 'problem')) process.exitCode = EXIT.negative;
  });
}

const COLUMNS = [
  { title: '', value: ({ state }: Finding) => ({ ok: 'ok', warning: 'note', problem: 'PROBLEM' })[state] },
  { title: 'Check', value: ({ check }: Finding) => check },
  { title: 'Finding', value: ({ message }: Finding) => message },
];
