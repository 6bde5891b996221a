import { globSync, readFileSync } from 'node:fs';
import { readEvtx, windowsFields } from '@sphinx/logs';
import { compileSigma, loadPipelines, type SigmaEvent, type SigmaFile } from '@sphinx/rules';
import { loadSigmaRules } from '../packages/rules/src/sigma/language/load.ts';
import { matchPlainly } from '../packages/rules/src/sigma/matcher/test-plain-matcher.ts';
import { sharedData } from '../tests/shared-data.ts';

// Events a second on one core with all Sigma rules on, beside a plain store and parse of the same events, and beside one rule
// after another. `npm run bench -- sigma [RULES-FOLDER] [EVTX-FOLDER]`: by default SigmaHQ's rules and the event logs of
// ../shared/data. Rounds of all ways take turns, so that each sees the same machine. Last line: figures as JSON.

const ROUNDS = 7;
/** Events of one round. */
const EVENTS = 30_000;
/** Events that one rule after another is tried on: it is a thousand times slower. */
const PLAIN_EVENTS = 40;

const [rulesFolder = sharedData('sigma'), logsFolder = sharedData('evtx')] = process.argv.slice(2);
if (rulesFolder === undefined || logsFolder === undefined) throw new Error('../shared/data is absent: name folders.');

const files: SigmaFile[] = globSync(`${rulesFolder}/rules*/**/*.yml`).map((name) => ({
  name,
  content: readFileSync(name, 'utf8'),
}));
const pipelines = await loadPipelines(new URL('../knowledge/sigma-pipelines', import.meta.url).pathname);
const compiling = measure(() => compileSigma(files, pipelines));
const { matcher, report } = compiling.value;
const events = repeat(readEvents(logsFolder), EVENTS);
const lines = events.map((event) => JSON.stringify(event));

const ways = {
  rules: () => events.reduce((sum, event) => sum + matcher.match(event).length, 0),
  parse: () => lines.reduce((sum, line) => sum + Object.keys(JSON.parse(line) as SigmaEvent).length, 0),
  store: () => events.reduce((sum, event) => sum + Buffer.from(JSON.stringify(event)).length, 0),
};
const seconds: Record<keyof typeof ways, number[]> = { rules: [], parse: [], store: [] };
let hits = 0;
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of ['rules', 'parse', 'store'] as const) {
    const { value, cpuSeconds } = measure(ways[name]);
    if (name === 'rules') hits = value;
    // The first round warms up.
    if (round > 0) seconds[name].push(cpuSeconds);
  }
}
const single = loadSigmaRules(files, new Map()).rules;
const some = repeat(readEvents(logsFolder), EVENTS).filter(
  (_, index) => index % Math.floor(EVENTS / PLAIN_EVENTS) === 0,
);
const plain = measure(() => some.map((event) => matchPlainly(single, pipelines, event)).length);

const rate = (name: keyof typeof ways) => Math.round(EVENTS / median(seconds[name]));
const figures = {
  rules: report.loaded.length,
  rejected: report.rejected.length,
  compileSeconds: round(compiling.cpuSeconds),
  tablesMegabytes: round(matcher.bytes / 1e6),
  residentMegabytes: Math.round(process.memoryUsage().rss / 1e6),
  events: EVENTS,
  averageEventBytes: Math.round(lines.reduce((sum, line) => sum + line.length, 0) / EVENTS),
  hits,
  eventsPerSecond: rate('rules'),
  eventsPerSecondParse: rate('parse'),
  eventsPerSecondStore: rate('store'),
  eventsPerSecondOneByOne: round(plain.value / plain.cpuSeconds),
  timesOneByOne: Math.round((rate('rules') * plain.cpuSeconds) / plain.value),
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);

/** Seconds of processor time: what else runs on the machine counts less than with a clock. */
function measure<T>(work: () => T): { readonly value: T; readonly cpuSeconds: number } {
  const before = process.threadCpuUsage();
  const value = work();
  const { user, system } = process.threadCpuUsage(before);
  return { value, cpuSeconds: (user + system) / 1e6 };
}

function readEvents(folder: string): readonly SigmaEvent[] {
  return globSync(`${folder}/**/*.evtx`).flatMap((path) =>
    [...readEvtx(readFileSync(path))].map(({ event }): SigmaEvent => windowsFields(event)),
  );
}

function repeat<T>(items: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, index) => items[index % items.length] as T);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
