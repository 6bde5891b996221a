import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Outbox, openFolderBlobStore, openPgliteStateStore, openStateStoreBus, systemClock } from '@sphinx/platform';
import { type Advisory, readCveStream } from '@sphinx/vulnerabilities';
import type { FeedRecord } from '../services/vulnerability-assessment/advisories/advisory-intake.ts';
import { AdvisoryLibrary } from '../services/vulnerability-assessment/advisories/advisory-library.ts';
import { Assessment } from '../services/vulnerability-assessment/assessment.ts';
import { loadSoftwareReader } from '../services/vulnerability-assessment/assets/software-evidence.ts';
import { subjectOf } from '../services/vulnerability-assessment/assets/subject.ts';
import { MIGRATIONS } from '../services/vulnerability-assessment/migrations.ts';
import { loadDecisionTree } from '../services/vulnerability-assessment/ranking/decision-tree.ts';
import { rankByWeakness } from '../services/vulnerability-assessment/views/group-findings.ts';
import { selectFindings } from '../services/vulnerability-assessment/views/select-findings.ts';
import { createRandom, deviceOf, recordOf, records, softwareOf } from './support/hospital-weaknesses.ts';

// Weaknesses of a large hospital: 300,000 CVE records, 20,000 devices, 400,000 software items. `npm run bench -- vulnerabilities
// [RECORDS] [DEVICES] [CVE-FEED.jsonl]`; the feed stands in for generated records. Last line: figures as JSON.

const KNOWLEDGE = fileURLToPath(new URL('../knowledge', import.meta.url));
const ITEMS_PER_DEVICE = 20;
const RUNS = 15;
const QUIET = { debug() {}, info() {}, warn() {}, error: console.error, child: () => QUIET };
const FEED: FeedRecord = {
  id: 'bench',
  title: 'Bench',
  url: '',
  licence: 'CC0-1.0',
  authority: 'collection',
  retrievedMs: 0,
  revision: '1',
};

async function main([count = '300000', devices = '20000', feed]: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-bench-weaknesses-'));
  try {
    const figures = await measure(folder, Number(count), Number(devices), feed);
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, count: number, devices: number, feed: string | undefined) {
  const { library, close, restart } = await openHouse(folder);
  const source = feed === undefined ? records(count) : readFeed(feed);
  const intake = await timed(() => library.replace(FEED, source));
  const load = await timed(restart);
  const advised = { library: load.value.library, assessment: load.value.assessment };
  addDevices(advised.assessment, devices);
  const match = await timed(async () => {
    await advised.assessment.catalogue.matchAll(breathe);
    advised.assessment.assessor.deriveAll();
  });
  const findings = countFindings(advised.assessment);
  const rank = await timed(async () =>
    rankByWeakness(advised.assessment, selectFindings(advised.assessment, {}, Date.now()), Date.now()),
  );
  const oneAdvisory = await newAdvisories(advised, count);
  const oneDevice = await newDevices(advised.assessment, devices);
  const figures = {
    records: library.feeds()[0]?.entries ?? 0,
    devices,
    softwareItems: devices * ITEMS_PER_DEVICE,
    components: advised.assessment.catalogue.size,
    findings,
    intakeSeconds: intake.seconds,
    loadSeconds: load.seconds,
    fullMatchSeconds: match.seconds,
    rankedListSeconds: rank.seconds,
    newAdvisoryMilliseconds: oneAdvisory,
    newDeviceMilliseconds: oneDevice,
    peakMegabytes: await peakMegabytes(),
  };
  await close();
  return figures;
}

async function openHouse(folder: string) {
  const state = await openPgliteStateStore({ folder: join(folder, 'state') });
  await state.migrate('vulnerability-assessment', MIGRATIONS);
  const blobs = await openFolderBlobStore(join(folder, 'blobs'));
  const clock = systemClock;
  const bus = await openStateStoreBus({ state, clock, logger: QUIET });
  const tree = await loadDecisionTree(KNOWLEDGE, 'clinical');
  const readSoftware = await loadSoftwareReader(KNOWLEDGE);
  const open = async () => {
    const library = new AdvisoryLibrary({ state, blobs, onChange: async () => undefined });
    const outbox = new Outbox({ state, bus, schema: 'vulnerability_assessment' });
    const options = { state, outbox, clock, logger: QUIET, library, tree, readSoftware };
    const assessment = new Assessment({ ...options, mostPossible: 100, onChange: () => undefined });
    await library.open();
    return { library, assessment };
  };
  const close = async () => {
    await bus.close();
    await state.close();
  };
  return { ...(await open()), restart: open, close };
}

async function* readFeed(file: string): AsyncGenerator<Advisory> {
  for await (const record of readCveStream(createReadStream(file))) if ('advisory' in record) yield record.advisory;
}

/** Devices as the service has them after their facts came. Their software stands in the subject, as evidence would put it there. */
function subjectWithSoftware(device: number) {
  const subject = subjectOf(deviceOf(device), () => []);
  const software = softwareOf(device, ITEMS_PER_DEVICE).map((item) => ({
    kind: 'software' as const,
    item,
    source: 'bench',
    seenAt: 0,
  }));
  return { ...subject, components: [...subject.components, ...software] };
}

function addDevices({ assessor }: Assessment, devices: number): void {
  for (let device = 0; device < devices; device += 1) assessor.put(subjectWithSoftware(device), undefined, false);
}

function countFindings({ assessor }: Assessment): number {
  let findings = 0;
  for (const asset of assessor.assets.values()) findings += asset.findings.weaknesses.length;
  return findings;
}

/** A new record each time, put into the library and compared with all devices. @returns median and worst */
async function newAdvisories(
  { library, assessment }: Pick<Assessment, 'library'> & { assessment: Assessment },
  count: number,
) {
  const random = createRandom(99);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const advisory = recordOf(count + run, random);
    await library.merge(FEED, one(advisory), []);
    const { seconds } = await timed(async () => assessment.assessor.renewWeakness(advisory.id));
    times.push(seconds * 1000);
  }
  return medianAndWorst(times);
}

async function newDevices({ assessor }: Assessment, devices: number) {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    // Another build than any other: all its software is matched, most of it for the first time.
    const base = subjectWithSoftware(devices + run);
    const software = softwareOf(5_000_000 + run * 601, ITEMS_PER_DEVICE);
    const components = software.map((item) => ({
      kind: 'software' as const,
      item: { ...item, version: `${item.version}.${run}` },
      source: 'bench',
      seenAt: 0,
    }));
    const { seconds } = await timed(async () => assessor.put({ ...base, components }));
    times.push(seconds * 1000);
  }
  return medianAndWorst(times);
}

function medianAndWorst(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  return `${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1)} (worst ${(sorted.at(-1) ?? 0).toFixed(1)})`;
}

async function* one(advisory: Advisory): AsyncGenerator<Advisory> {
  yield advisory;
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly seconds: number }> {
  const before = performance.now();
  const value = await work();
  return { value, seconds: Math.round(performance.now() - before) / 1000 };
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Most memory that the process ever had (Linux, VmHWM). */
async function peakMegabytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

await main(process.argv.slice(2));
