import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedData } from '../tests/shared-data.ts';

// `npm run suite -- NAME [FOLDER] [--json]` runs cases that other people published. A suite is one module
// `scripts/suites/NAME.ts` that exports `suite`; its own parts live in `scripts/suites/NAME/`.

/** What became of one case. */
export interface SuiteCase {
  /** Tells the case from all others of the suite, for example its path in the folder. */
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'unsupported';
  /** Why, in words: what was expected and what was found, or what the case needs that SPHINX does not do. */
  readonly reason: string;
  /** Cases with the same cause are counted together in the summary. Left out where nothing needs explaining. */
  readonly cause?: string;
}

/** Cases that other people published, laid out as in `shared/data/NAME`. */
export interface Suite {
  /** One line: what is compared with what. */
  readonly title: string;
  /** It makes its cases itself: no folder is asked for. */
  readonly isSelfContained?: boolean;
  /** @returns each case once; a file that cannot be read is a failed case, not an error */
  run(folder: string): AsyncIterable<SuiteCase> | Iterable<SuiteCase>;
  /** Lines that the summary adds, after all cases ran: figures that are no cases. */
  notes?(): readonly string[];
}

/** Where a run writes; the process's own streams outside tests. */
export interface SuiteOutput {
  out(line: string): void;
  error(line: string): void;
}

export const SUITE_EXIT = { passed: 0, failed: 1, usage: 2 } as const;

const SUITES_FOLDER = fileURLToPath(new URL('./suites/', import.meta.url));
const CAUSES_SHOWN = 40;

/** @returns names of the suites in a folder of suite modules */
export function listSuites(folder = SUITES_FOLDER): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/**
 * Runs the suite that the arguments name.
 *
 * @param suitesFolder where the suite modules are
 * @returns exit code: 0 when no case failed, 1 when one did, 2 for wrong usage
 */
export async function runSuite(
  args: readonly string[],
  output: SuiteOutput,
  suitesFolder = SUITES_FOLDER,
): Promise<number> {
  const names = listSuites(suitesFolder);
  const usage = `Usage: npm run suite -- NAME [FOLDER] [--json]\nSuites: ${names.join(', ')}`;
  const refuse = (message: string) => {
    output.error(`${message}\n${usage}`);
    return SUITE_EXIT.usage;
  };
  const request = parseRequest(args);
  if (typeof request === 'string') return refuse(request);
  if (request.wantsHelp) {
    output.out(usage);
    return SUITE_EXIT.passed;
  }
  const { name, isJson } = request;
  if (name === undefined) return refuse('Which suite?');
  if (!names.includes(name)) return refuse(`There is no suite '${name}'.`);
  const { suite } = (await import(pathToFileURL(`${suitesFolder}/${name}.ts`).href)) as { suite: Suite };
  if (suite.isSelfContained === true) return report(suite, suitesFolder, isJson, output);
  const folder = request.folder === undefined ? sharedData(name) : resolve(request.folder);
  if (folder === undefined) return refuse(`Its folder shared/data/${name} is absent; name another one.`);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return refuse(`There is no folder '${folder}'.`);
  return report(suite, folder, isJson, output);
}

function parseRequest(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    });
    const [name, folder, ...more] = positionals;
    if (more.length > 0) return `What is '${more.join(' ')}'?`;
    return { name, folder, isJson: values.json, wantsHelp: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function report(suite: Suite, folder: string, isJson: boolean, output: SuiteOutput): Promise<number> {
  const counts = { passed: 0, failed: 0, unsupported: 0 };
  const causes = new Map<string, number>();
  for await (const one of suite.run(folder)) {
    counts[one.outcome] += 1;
    if (isJson) output.out(JSON.stringify(one));
    if (one.outcome === 'passed') continue;
    const cause = `${one.outcome}: ${one.cause ?? one.reason}`;
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  if (!isJson) {
    output.out(suite.title);
    for (const line of summarise(causes)) output.out(line);
    for (const note of suite.notes?.() ?? []) output.out(note);
  }
  output.out(`${counts.passed} passed, ${counts.failed} failed, ${counts.unsupported} unsupported`);
  return counts.failed === 0 ? SUITE_EXIT.passed : SUITE_EXIT.failed;
}

/** The most frequent causes first. */
function summarise(causes: ReadonlyMap<string, number>): readonly string[] {
  const sorted = [...causes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const lines = sorted.slice(0, CAUSES_SHOWN).map(([cause, count]) => `${String(count).padStart(7)} ${cause}`);
  const rest = sorted.length - lines.length;
  return rest > 0 ? [...lines, `        and ${rest} causes more; --json tells every case`] : lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await runSuite(process.argv.slice(2), {
    out: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
  });
}
