import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LogFormat, type LogRecord, readEvtx, windowsFields } from '@sphinx/logs';
import { createLogger, loadKnowledgeFiles, openDuckDbEventStore } from '@sphinx/platform';
import type { SigmaEvent, SigmaFile } from '@sphinx/rules';
import { IntakeQueue } from '../services/log-collection/intake/intake-queue.ts';
import { LogIntake } from '../services/log-collection/intake/log-intake.ts';
import { unreadRow } from '../services/log-collection/intake/log-row.ts';
import { joinMediaFiles, MediaRuleFile } from '../services/log-collection/media/media-rule.ts';
import { ReadingThread } from '../services/log-collection/reading/reading-thread.ts';
import { sharedData } from '../tests/shared-data.ts';

// Events a second that are taken in, read and stored with all Sigma rules on, beside a plain store of the same lines and beside
// reading without rules; and how long the main thread, which answers people, is held up by events that come in at a steady pace.
// `npm run bench -- logs [RULES-FOLDER] [EVTX-FOLDER] [EVENTS_PER_SECOND]`: by default SigmaHQ's rules and the event logs of
// ../shared/data, with lines of syslog between them. Rounds of all ways take turns. Last line: figures as JSON.

const ROUNDS = 3;
const EVENTS = 20_000;
const BATCH = 500;
const PACE_SECONDS = 8;
const TICK_MS = 20;
const NANOSECONDS_PER_MILLISECOND = 1e6;
const SYSLOG = [
  '<38>Nov 30 08:15:02 gw1 sshd[4711]: Failed password for root from 203.0.113.7 port 51022 ssh2',
  '<134>Nov 30 08:15:02 fw2 filterlog[77]: 5,,,1000000103,em0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,203.0.113.9,198.51.100.1,51000,22,0,S,1234,,64240,,mss',
  '10.1.2.3 - k.wolf [30/Nov/2026:08:15:02 +0100] "GET /dicom-web/studies HTTP/1.1" 200 5120 "-" "curl/8.0"',
];

const [rulesFolder = sharedData('sigma'), logsFolder = sharedData('evtx'), pace = '5000'] = process.argv.slice(2);
if (rulesFolder === undefined || logsFolder === undefined) throw new Error('../shared/data is absent: name folders.');

const knowledge = new URL('../knowledge', import.meta.url).pathname;
const names = [...globSync(`${rulesFolder}/rules*/**/*.yml`), ...globSync(`${knowledge}/sigma-rules/*.yaml`)];
const files = names.map((name): SigmaFile => ({ name, content: readFileSync(name, 'utf8') }));
const windows = globSync(`${logsFolder}/**/*.evtx`).flatMap((path) =>
  [...readEvtx(readFileSync(path))].map(({ event }): SigmaEvent => windowsFields(event)),
);
const lines = Array.from({ length: EVENTS }, (_, index) =>
  index % 2 === 0
    ? JSON.stringify(windows[(index / 2) % windows.length])
    : (SYSLOG[Math.floor(index / 2) % SYSLOG.length] ?? ''),
);
const recordOf = (raw: string): LogRecord => ({ raw, arrivedMs: Date.now(), source: 'bench/1', senderIp: '10.0.0.9' });

const logger = createLogger({ level: 'silent' });
const folder = await mkdtemp(join(tmpdir(), 'sphinx-bench-logs-'));
const telemetry = await openDuckDbEventStore({ file: join(folder, 'logs.duckdb'), logger });
const reading = new ReadingThread({
  pipelines: [`${knowledge}/sigma-pipelines`],
  media: joinMediaFiles(await loadKnowledgeFiles(`${knowledge}/removable-media`, MediaRuleFile)),
  logger,
  failed: (error) => {
    throw error;
  },
});
await reading.useFormats(await loadKnowledgeFiles(`${knowledge}/log-formats`, LogFormat));
let hits = 0;
const raised = (alerts: readonly object[]) => {
  hits += alerts.length;
};
const queue = new IntakeQueue({
  reading,
  intake: new LogIntake(telemetry),
  telemetry,
  raised,
  media: () => undefined,
});
/** The store writes once a second by itself; here every round ends with it. */
const plainRows = lines.map((raw, index) => ({ ...unreadRow(recordOf(raw), String(index)), message: '' }));

const takeAll = async () => {
  const taken = await queue.take(lines.map(recordOf));
  if (taken < EVENTS) throw new Error(`${EVENTS - taken} events were not taken.`);
  await telemetry.flush();
};
const ways = {
  store: async () => {
    for (let start = 0; start < EVENTS; start += BATCH) {
      telemetry.append('log_activity', plainRows.slice(start, start + BATCH));
    }
    await telemetry.flush();
  },
  read: async () => {
    await reading.useRules([]);
    await takeAll();
  },
  rules: takeAll,
};
const report = await reading.useRules(files);
const seconds = { store: [] as number[], read: [] as number[], rules: [] as number[] };
const clock = { store: [] as number[], read: [] as number[], rules: [] as number[] };
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of ['store', 'rules', 'read'] as const) {
    if (name === 'rules') await reading.useRules(files);
    const before = process.cpuUsage();
    const began = performance.now();
    await ways[name]();
    const { user, system } = process.cpuUsage(before);
    const passed = (performance.now() - began) / 1000;
    await telemetry.remove('log_activity', {});
    // The first round warms up.
    if (round === 0) continue;
    seconds[name].push((user + system) / 1e6);
    clock[name].push(passed);
  }
}
await reading.useRules(files);
const paced = await measurePace(Number(pace));
await reading.close();
await telemetry.close();
await rm(folder, { recursive: true, force: true });

const rate = (all: readonly number[]) => Math.round(EVENTS / median(all));
const figures = {
  rules: report.loaded.length,
  events: EVENTS,
  hits,
  eventsPerSecondStore: rate(clock.store),
  eventsPerSecondRead: rate(clock.read),
  eventsPerSecondRules: rate(clock.rules),
  eventsPerCpuSecondStore: rate(seconds.store),
  eventsPerCpuSecondRead: rate(seconds.read),
  eventsPerCpuSecondRules: rate(seconds.rules),
  rulesToStore: Math.round((rate(seconds.rules) / rate(seconds.store)) * 100) / 100,
  ...paced,
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
process.stdout.write(`${JSON.stringify(figures)}\n`);

/** Events that come in at a steady pace, with all rules on. Delays in milliseconds of the main thread, beyond the 10 of its timer. */
async function measurePace(eventsPerSecond: number) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const before = process.threadCpuUsage();
  const began = performance.now();
  delay.enable();
  let sent = 0;
  while (performance.now() - began < PACE_SECONDS * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * eventsPerSecond);
    for (; sent < due; sent++) queue.push(recordOf(lines[sent % EVENTS] ?? ''));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const waiting = queue.waiting;
  await queue.drained();
  await telemetry.flush();
  delay.disable();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.threadCpuUsage(before);
  const held = (percentile: number) =>
    Math.max(0, Math.round(delay.percentile(percentile) / NANOSECONDS_PER_MILLISECOND - 10));
  return {
    pacedEventsPerSecond: Math.round(sent / seconds),
    pacedWaitingAtTheEnd: waiting,
    mainThreadShare: Math.round(((user + system) / 1e6 / seconds) * 100) / 100,
    mainThreadHeldMedianMs: held(50),
    mainThreadHeld99Ms: held(99),
    mainThreadHeldMostMs: held(100),
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
