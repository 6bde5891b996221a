import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type {
  Advisory,
  CsafTestResult,
  CsafValidation,
  ExploitPredictions,
  KnownExploited,
  Reading,
} from '@sphinx/vulnerabilities';
import type { Command } from 'commander';
import { advisoryText } from '../terminal/advisory-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';
import { curatedCommand } from './curated-advisories.ts';

/** `sphinx advisories [check | show | curated]` */
export function advisoriesCommand(): Command {
  return defineCommand('advisories', 'published advisories in files: check and show them', EXAMPLE)
    .addCommand(checkCommand())
    .addCommand(showCommand())
    .addCommand(curatedCommand());
}

const EXAMPLE = `sphinx advisories check advisory.json
sphinx advisories show advisory.json`;

function checkCommand(): Command {
  return defineCommand(
    'check',
    'judge CSAF documents by every test of the standard; exit code 3 when one is not valid',
    'sphinx advisories check icsma-24-254-01.json',
  )
    .argument('<file...>', 'CSAF 2.0 document')
    .action(async (files: string[], _options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions>();
      const weaknesses = join(pathsOf(options).knowledgeFolder, 'cwe', 'weaknesses.json');
      const { readWeaknessNames } = await import('@sphinx/vulnerabilities');
      const weaknessNames = readWeaknessNames(await readFile(weaknesses, 'utf8'));
      const checked = await Promise.all(files.map((file) => check(file, weaknessNames)));
      if (options.json) printJson(checked);
      else for (const { file, ...validation } of checked) print(describe(file, validation));
      if (checked.some(({ isValid }) => !isValid)) process.exitCode = EXIT.negative;
    });
}

function showCommand(): Command {
  return defineCommand(
    'show',
    'read advisories of any known form and say what each concerns; exit code 3 when a file is refused',
    'sphinx advisories show icsma-24-254-01.json',
  )
    .argument('<file...>', 'CSAF, OpenVEX, CycloneDX, OSV or NVD in JSON')
    .option('--kev <file>', "CISA's catalogue of known exploited vulnerabilities")
    .option('--epss <file>', 'scores of FIRST, unpacked')
    .action(async (files: string[], _options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions & { readonly kev?: string; readonly epss?: string }>();
      const exploitation = await readExploitation(options);
      const advisories: Advisory[] = [];
      for (const file of files) advisories.push(...(await readFrom(file)));
      const told = advisories.map((advisory) => ({ ...advisory, ...exploitationOf(advisory, exploitation) }));
      if (options.json) printJson(told);
      else print(told.length === 0 ? 'No advisory.' : told.map((each) => advisoryText(each, each)).join('\n\n'));
    });
}

async function check(
  file: string,
  weaknessNames: ReadonlyMap<string, readonly string[]>,
): Promise<{ readonly file: string } & CsafValidation> {
  const { readJson, validateCsaf } = await import('@sphinx/vulnerabilities');
  const document = readJson(await open(file));
  if (document.isRead) return { file, ...validateCsaf(document.value, { weaknessNames }) };
  const { problems } = document;
  const result = { id: 'schema', title: 'JSON', group: 'schema' as const, problems, notRun: undefined };
  return { file, isValid: false, results: [result] };
}

async function readFrom(file: string): Promise<readonly Advisory[]> {
  const { describeProblems, readAdvisories } = await import('@sphinx/vulnerabilities');
  const reading = readAdvisories(await open(file));
  if (reading.isRead) return reading.value;
  process.exitCode = EXIT.negative;
  process.stderr.write(`${file} is not read: ${describeProblems(reading.problems)}\n`);
  return [];
}

interface Exploitation {
  readonly known: ReadonlyMap<string, KnownExploited>;
  readonly scores: ExploitPredictions['scores'];
}

async function readExploitation({
  kev,
  epss,
}: {
  readonly kev?: string;
  readonly epss?: string;
}): Promise<Exploitation> {
  const { readEpss, readKev } = await import('@sphinx/vulnerabilities');
  const entries = kev === undefined ? [] : await wholly(kev, readKev(await open(kev)));
  const text = epss === undefined ? '' : new TextDecoder().decode(await open(epss));
  const scores = epss === undefined ? new Map() : (await wholly(epss, readEpss(text))).scores;
  return { known: new Map(entries.map((entry) => [entry.cve, entry])), scores };
}

async function wholly<T>(file: string, reading: Reading<T>): Promise<T> {
  if (reading.isRead) return reading.value;
  const { describeProblems } = await import('@sphinx/vulnerabilities');
  throw new SphinxError('SPX_INVALID_INPUT', `${file} is not read: ${describeProblems(reading.problems)}`);
}

function exploitationOf({ id, aliases }: Advisory, { known, scores }: Exploitation) {
  const names = [id, ...aliases];
  const exploited = names.flatMap((name) => known.get(name) ?? [])[0];
  const prediction = names.flatMap((name) => scores.get(name) ?? [])[0];
  return { ...(exploited && { exploited }), ...(prediction && { prediction }) };
}

async function open(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  }
}

function describe(file: string, { isValid, results }: CsafValidation): string {
  const found = results.flatMap((result) => result.problems.map((problem) => ({ ...result, ...problem })));
  const notRun = isValid ? results.filter((result) => result.notRun !== undefined).map(({ id }) => id) : [];
  const lines = [
    `${file}: ${isValid ? 'valid' : 'not valid'}`,
    ...(found.length === 0 ? [] : [renderTable(found, COLUMNS, 110)]),
    ...(notRun.length === 0 ? [] : [`Not run: ${notRun.join(', ')} (--json says why)`]),
  ];
  return lines.join('\n');
}

type Found = CsafTestResult & CsafTestResult['problems'][number];
const COLUMNS = [
  { title: 'Test', value: ({ id }: Found) => id },
  { title: 'Kind', value: ({ group }: Found) => group },
  { title: 'Where', value: ({ where }: Found) => where },
  { title: 'What', value: ({ what }: Found) => what },
];
