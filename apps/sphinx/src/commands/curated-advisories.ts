import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Advisory } from '@sphinx/vulnerabilities';
import type { Command } from 'commander';
import { print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

/** `sphinx advisories curated` */
export function curatedCommand(): Command {
  return defineCommand(
    'curated',
    'list the weaknesses of medical devices and hospital IT that SPHINX comes with',
    'sphinx advisories curated --search infusion',
  )
    .option('--search <text>', 'part of a vendor, product or identifier')
    .action(async (_options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions & { readonly search?: string }>();
      const advisories = (await readPack(pathsOf(options).knowledgeFolder)).filter((each) =>
        fits(each, options.search),
      );
      if (options.json) printJson(advisories);
      else if (advisories.length === 0) print('No weakness fits.');
      else print(`${renderTable(advisories, COLUMNS, 90)}\n\n${advisories.length} weaknesses`);
    });
}

/** A file of the pack that is not of its form is a fault of SPHINX. */
async function readPack(knowledgeFolder: string): Promise<readonly Advisory[]> {
  const { describeProblems, readCurated, readWeaknessNames } = await import('@sphinx/vulnerabilities');
  const { parse } = await import('yaml');
  const names = readWeaknessNames(await readFile(join(knowledgeFolder, 'cwe', 'weaknesses.json'), 'utf8'));
  const folder = join(knowledgeFolder, 'advisories');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(
    files.map(async (file) => {
      const reading = readCurated(parse(await readFile(join(folder, file), 'utf8')), names);
      if (!reading.isRead) throw new Error(`${file}: ${describeProblems(reading.problems)}`);
      return reading.value;
    }),
  );
  return read.flat();
}

function fits({ id, title, source, affected }: Advisory, search = ''): boolean {
  const products = affected.flatMap(({ product }) => [product.vendor, product.name]);
  return [id, title, source.document, ...products].join('\n').toLowerCase().includes(search.toLowerCase());
}

const COLUMNS = [
  { title: 'CVE', value: ({ id }: Advisory) => id },
  { title: 'CVSS', value: ({ severities }: Advisory) => severities[0]?.score?.toFixed(1) ?? '' },
  { title: 'Advisory', value: ({ source }: Advisory) => source.document },
  { title: 'Weakness', value: ({ title }: Advisory) => title },
];
