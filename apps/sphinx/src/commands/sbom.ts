import { readFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { ListedSoftware, SoftwareList } from '@sphinx/vulnerabilities';
import type { Command } from 'commander';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** `sphinx sbom FILE` */
export function sbomCommand(): Command {
  return defineCommand(
    'sbom',
    'list the software of a bill of materials: CycloneDX or SPDX; exit code 3 when it is refused',
    'sphinx sbom pump.cdx.json',
  )
    .argument('<file>', 'CycloneDX 1.4–1.7, SPDX 2.2, 2.3 or 3.0 in JSON')
    .action(async (file: string, _options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions>();
      const { describeProblems, readSoftwareList } = await import('@sphinx/vulnerabilities');
      const content = await readFile(file).catch((cause: unknown) => {
        throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
      });
      const reading = readSoftwareList(content);
      if (reading.isRead) {
        if (options.json) printJson(reading.value);
        else print(describe(reading.value));
      } else {
        process.stderr.write(`${file} is not read: ${describeProblems(reading.problems)}\n`);
        process.exitCode = EXIT.negative;
      }
    });
}

function describe({ format, id, items }: SoftwareList): string {
  const withoutVersion = items.filter(({ version }) => version === '').length;
  const unknown = withoutVersion > 0 ? `, ${withoutVersion} without version` : '';
  const summary = `${format}${id === '' ? '' : ` ${id}`}: ${items.length} items${unknown}`;
  return items.length === 0 ? summary : `${renderTable(items, COLUMNS, 80)}\n\n${summary}`;
}

const COLUMNS = [
  { title: 'Name', value: ({ name }: ListedSoftware) => name },
  { title: 'Version', value: ({ version }: ListedSoftware) => version },
  { title: 'Kind', value: ({ kind }: ListedSoftware) => kind },
  { title: 'Vendor', value: ({ vendor }: ListedSoftware) => vendor },
  { title: 'Package URL or CPE', value: ({ purls, cpes }: ListedSoftware) => purls[0] ?? cpes[0] ?? '' },
];
