import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvtx, windowsFields } from '@sphinx/logs';
import { createLogger, openDuckDbEventStore, openPgliteStateStore } from '@sphinx/platform';
import { compileSigma, loadPipelines, SigmaDetector, type SigmaEvent } from '@sphinx/rules';
import { FormatDesk } from '../services/log-collection/formats/format-desk.ts';
import { LogIntake, type LogRow } from '../services/log-collection/intake/log-intake.ts';
import { LogStore, MIGRATIONS } from '../services/log-collection/store.ts';
import { sharedData } from '../tests/shared-data.ts';

// Events a second that are taken in, read and stored with all Sigma rules on, beside a plain store of the same lines and beside
// reading without rules. `npm run bench -- logs [RULES-FOLDER] [EVTX-FOLDER]`: by default SigmaHQ's rules and the event logs of
// ../shared/data, with lines of syslog between them. Rounds of all ways take turns. Last line: figures as JSON.

const ROUNDS = 3;
const EVENTS = 20_000;
const BATCH = 500;
const SYSLOG = [
  '<38>Nov 30 08:15:02 gw1 sshd[4711]: Failed password for root from 203.0.113.7 port 51022 ssh2',
  '<134>Nov 30 08:15:02 fw2 filterlog[77]: 5,,,1000000103,em0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,203.0.113.9,198.51.100.1,51000,22,0,S,1234,,64240,,mss',
  '10.1.2.3 - k.wolf [30/Nov/2026:08:15:02 +0100] "GET /dicom-web/studies HTTP/1.1" 200 5120 "-" "curl/8.0"',
];

const [rulesFolder = sharedData('sigma'), logsFolder = sharedData('evtx')] = process.argv.slice(2);
if (rulesFolder === undefined || logsFolder === undefined) throw new Error('../shared/data is absent: name folders.');

const knowledge = new URL('../knowledge', import.meta.url).pathname;
const files = [...globSync(`${rulesFolder}/rules*/**/*.yml`), ...globSync(`${knowledge}/sigma-rules/*.yaml`)];
const sigma = compileSigma(
  files.map((name) => ({ name, content: readFileSync(name, 'utf8') })),
  await loadPipelines(`${knowledge}/sigma-pipelines`),
);
const windows = globSync(`${logsFolder}/**/*.evtx`).flatMap((path) =>
  [...readEvtx(readFileSync(path))].map(({ event }): SigmaEvent => windowsFields(event)),
);
const lines = Array.from({ length: EVENTS }, (_, index) =>
  index % 2 === 0
    ? JSON.stringify(windows[(index / 2) % windows.length])
    : (SYSLOG[Math.floor(index / 2) % SYSLOG.length] ?? ''),
);

const logger = createLogger({ level: 'silent' });
const folder = await mkdtemp(join(tmpdir(), 'sphinx-bench-logs-'));
const state = await openPgliteStateStore({});
await state.migrate('log-collection', MIGRATIONS);
const telemetry = await openDuckDbEventStore({ file: join(folder, 'logs.duckdb'), logger, flushIntervalMs: 60_000 });
const desk = await FormatDesk.open(new LogStore(state), knowledge, logger);
const plainRow = emptyRow();
let hits = 0;

const ways = {
  store: async () => {
    for (let start = 0; start < EVENTS; start += BATCH) {
      telemetry.append(
        'log_activity',
        lines.slice(start, start + BATCH).map((raw) => ({ ...plainRow, raw })),
      );
    }
    await telemetry.flush();
  },
  read: () => takeAll(new LogIntake(telemetry, () => desk.set)),
  rules: async () => {
    const detector = new SigmaDetector(sigma);
    const intake = new LogIntake(telemetry, () => desk.set);
    intake.listen((events) => {
      for (const { reading } of events) {
        hits += detector.detect(reading.fields, reading.timeMs, reading.logsource as object).length;
      }
    });
    await takeAll(intake);
  },
};
const seconds: Record<keyof typeof ways, number[]> = { store: [], read: [], rules: [] };
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of ['store', 'read', 'rules'] as const) {
    const before = process.cpuUsage();
    await ways[name]();
    const { user, system } = process.cpuUsage(before);
    await telemetry.remove('log_activity', {});
    // The first round warms up.
    if (round > 0) seconds[name].push((user + system) / 1e6);
  }
}
await telemetry.close();
await state.close();
await rm(folder, { recursive: true, force: true });

const rate = (name: keyof typeof ways) => Math.round(EVENTS / median(seconds[name]));
const figures = {
  rules: sigma.report.loaded.length,
  events: EVENTS,
  hits,
  eventsPerSecondStore: rate('store'),
  eventsPerSecondRead: rate('read'),
  eventsPerSecondRules: rate('rules'),
  rulesToStore: Math.round((rate('rules') / rate('store')) * 100) / 100,
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);

async function takeAll(intake: LogIntake): Promise<void> {
  for (let start = 0; start < EVENTS; start += BATCH) {
    intake.take(
      lines
        .slice(start, start + BATCH)
        .map((raw) => ({ raw, arrivedMs: Date.now(), source: 'bench/1', senderIp: '10.0.0.9' })),
    );
  }
  await telemetry.flush();
}

/** A row that holds nothing but its line. */
function emptyRow(): LogRow {
  const intake = new LogIntake({ append: (_: unknown, rows: LogRow[]) => rows.length } as never, () => desk.set);
  let row: LogRow | undefined;
  intake.listen(([first]) => {
    row = first?.row;
  });
  intake.take([{ raw: '-', arrivedMs: Date.now(), source: 'bench/1', senderIp: '' }]);
  if (row === undefined) throw new Error('No row was made.');
  return { ...row, fields: '{}', message: '' };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
