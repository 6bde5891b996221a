import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Outbox, openFolderBlobStore, openPgliteStateStore, openStateStoreBus, systemClock } from '@sphinx/platform';
import { type Advisory, readCveStream } from '@sphinx/vulnerabilities';
import type { FeedRecord } from '../../services/vulnerability-assessment/advisories/advisory-intake.ts';
import { AdvisoryLibrary } from '../../services/vulnerability-assessment/advisories/advisory-library.ts';
import { Assessment } from '../../services/vulnerability-assessment/assessment.ts';
import { loadSoftwareReader } from '../../services/vulnerability-assessment/assets/software-evidence.ts';
import { type Subject, subjectOf } from '../../services/vulnerability-assessment/assets/subject.ts';
import { loadWindowsReleases } from '../../services/vulnerability-assessment/assets/windows.ts';
import { MIGRATIONS } from '../../services/vulnerability-assessment/migrations.ts';
import { loadDecisionTree } from '../../services/vulnerability-assessment/ranking/decision-tree.ts';
import { loadNames } from '../../services/vulnerability-assessment/software/load-names.ts';
import type { FindingFilter } from '../../services/vulnerability-assessment/views/finding-filter.ts';
import { groupFindings } from '../../services/vulnerability-assessment/views/group-findings.ts';
import { describeRanked, rankByWeakness } from '../../services/vulnerability-assessment/views/rank-weaknesses.ts';
import { selectFindings, selectFirst } from '../../services/vulnerability-assessment/views/select-findings.ts';
import { summarise } from '../../services/vulnerability-assessment/views/summarise.ts';
import { whatIfFixed } from '../../services/vulnerability-assessment/views/what-if.ts';
import {
  createRandom,
  deviceOf,
  generatedMarket,
  MOST_INSTALLED,
  recordOf,
  records,
  softwareOf,
} from './hospital-weaknesses.ts';
import { type Market, marketOf, observeMarket } from './software-market.ts';

// One stage of `bench/vulnerabilities.ts`: `intake` brings advisories and devices into an empty store, `assess` starts on it as the
// service does, matches everything, asks for lists, brings one new advisory and one new device after the other, and tells of a thousand devices;
// `restart` starts once more on what was told. Figures as one line of JSON.

const KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));
const ITEMS_PER_DEVICE = 20;
const RUNS = 40;
const PAGE = 50;
const MONTH_MS = 30 * 86_400_000;
const DEVICES_TOLD = 1000;
const DEVICES_PER_SAVE = 500;
const MARKET = 'market.json';
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

async function main([stage, folder = '', count = '', devices = '', feed = '']: readonly string[]): Promise<void> {
  const measure = { intake: measureIntake, assess: measureAssessment, restart: measureRestart }[stage ?? ''];
  const figures = await measure?.(folder, Number(count), Number(devices), feed);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function measureIntake(folder: string, count: number, devices: number, feed: string) {
  const { library, assessment, close } = await openHouse(folder);
  const observed = observeMarket(readFeed(feed));
  const intake = await timed(() => library.replace(FEED, feed === '' ? records(count) : observed.advisories));
  const intakePeakMegabytes = await peakMegabytes();
  await writeFile(join(folder, MARKET), JSON.stringify(observed.products()));
  const market = await marketIn(folder, feed);
  for (let from = 0; from < devices; from += DEVICES_PER_SAVE) {
    const some = Array.from({ length: Math.min(DEVICES_PER_SAVE, devices - from) }, (_, index) => from + index);
    await assessment.store.saveSubjects(some.map(subjectOfDevice));
    for (const device of some) await assessment.store.savePart(partOf(device, market));
  }
  await close();
  return {
    records: library.feeds()[0]?.entries ?? 0,
    devices,
    softwareItems: devices * ITEMS_PER_DEVICE,
    intakeSeconds: intake.seconds,
    intakePeakMegabytes,
  };
}

async function measureAssessment(folder: string, count: number, devices: number, feed: string) {
  const { library, assessment, state, close } = await openHouse(folder);
  const market = await marketIn(folder, feed);
  const load = await timed(async () => {
    await library.open();
    await assessment.load();
  });
  const match = await timed(() => assessment.matchAll());
  const { assessor } = assessment;
  const findings = [...assessor.assets.values()].reduce((sum, asset) => sum + assessor.gather(asset).length, 0);
  const lists = await measureLists(assessment);
  const newDevices = measureDevices(assessment, market, devices);
  const newAdvisories = await measureAdvisories(library, assessment, market, count);
  const assessPeakMegabytes = await peakMegabytes();
  const tell = await timed(() => tellSome(assessment));
  const [facts] = await state.query<{ facts: number }>('SELECT count(*)::int AS facts FROM platform.fact');
  await close();
  return {
    components: assessment.catalogue.size,
    findings,
    loadSeconds: load.seconds,
    fullMatchSeconds: match.seconds,
    fullMatchProcessorSeconds: match.processorSeconds,
    ...lists,
    tellThousandDevicesSeconds: tell.seconds,
    factsTold: facts?.facts ?? 0,
    ...newAdvisories,
    ...newDevices,
    assessPeakMegabytes,
    tellPeakMegabytes: await peakMegabytes(),
  };
}

/** Tells all that was found on a thousand devices. */
function tellSome(assessment: Assessment): Promise<number> {
  const dirty = [...assessment.assessor.takeDirty()];
  assessment.assessor.returnDirty(dirty.slice(0, DEVICES_TOLD));
  return assessment.tell();
}

/** A start on another day: what was told is read, all is matched and compared, and nothing is told again. */
async function measureRestart(folder: string) {
  const { library, assessment, close } = await openHouse(folder);
  const load = await timed(async () => {
    await library.open();
    await assessment.load();
  });
  await assessment.matchAll();
  await close();
  return {
    restartLoadSeconds: load.seconds,
    restartPeakMegabytes: await peakMegabytes(),
  };
}

/** Lists as the console asks for them, the first page of each, and how long they hold up everything else at once. */
async function measureLists(assessment: Assessment) {
  const now = Date.now();
  const holdUp = monitorEventLoopDelay({ resolution: 5 });
  holdUp.enable();
  let processorSeconds = 0;
  const timeOf = async (work: () => Promise<unknown>) => {
    const done = await timed(work);
    processorSeconds += done.processorSeconds;
    return rounded(done.seconds * 1000);
  };
  const ranked = async (filter: Partial<FindingFilter>) => {
    const order = await rankByWeakness(assessment, filter, now);
    await describeRanked(assessment, order.slice(0, PAGE), filter, now);
  };
  const ward = 'ward 7';
  const first = (filter: Partial<FindingFilter>) => selectFirst(assessment, filter, { count: PAGE, now });
  const times = {
    rankedListMs: await timeOf(() => ranked({})),
    rankedListAgainMs: await timeOf(() => ranked({})),
    rankedListOfWardMs: await timeOf(() => ranked({ ward })),
    rankedListSearchMs: await timeOf(() => ranked({ search: 'remote attacker' })),
    rankedListOverdueMs: await timeOf(() => ranked({ overdue: true })),
    findingsListMs: await timeOf(() => first({})),
    findingsListOfWardMs: await timeOf(() => first({ ward })),
    findingsListSearchMs: await timeOf(() => first({ search: 'remote attacker' })),
    summaryMs: await timeOf(() => summarise(assessment, now)),
    summaryMonthLaterMs: await timeOf(() => summarise(assessment, now + MONTH_MS)),
    whatIfMs: await timeOf(() => whatIfFixed(assessment, new Set([1, 2, 3, 4, 5]), now)),
    groupsOfDevicesMs: await timeOf(() => groupFindings(assessment, {}, 'asset', now)),
    groupsOfMakersMs: await timeOf(() => groupFindings(assessment, {}, 'vendor', now)),
    groupsOfComponentsMs: await timeOf(() => groupFindings(assessment, {}, 'component', now)),
    groupsOfCriticalMs: await timeOf(() => groupFindings(assessment, { severity: 'critical' }, 'vendor', now)),
  };
  holdUp.disable();
  return {
    ...times,
    listsProcessorSeconds: Math.round(processorSeconds * 10) / 10,
    listsLongestHoldUpMs: rounded(holdUp.max / 1e6),
  };
}

async function marketIn(folder: string, feed: string): Promise<Market> {
  return feed === '' ? generatedMarket : marketOf(JSON.parse(await readFile(join(folder, MARKET), 'utf8')));
}

async function openHouse(folder: string) {
  const state = await openPgliteStateStore({ folder: join(folder, 'state') });
  await state.migrate('vulnerability-assessment', MIGRATIONS);
  const blobs = await openFolderBlobStore(join(folder, 'blobs'));
  const clock = systemClock;
  const bus = await openStateStoreBus({ state, clock, logger: QUIET });
  const names = await loadNames(KNOWLEDGE);
  const library = new AdvisoryLibrary({ state, blobs, names, onChange: async () => undefined });
  const outbox = new Outbox({ state, bus, schema: 'vulnerability_assessment' });
  const tree = await loadDecisionTree(KNOWLEDGE, 'clinical');
  const readSoftware = await loadSoftwareReader(KNOWLEDGE);
  const windowsReleases = await loadWindowsReleases(KNOWLEDGE);
  const options = { state, outbox, clock, logger: QUIET, library, tree, readSoftware, windowsReleases, names };
  const assessment = new Assessment({ ...options, mostPossible: 100, onChange: () => undefined });
  const close = async () => {
    await bus.close();
    await state.close();
  };
  return { library, assessment, state, close };
}

async function* readFeed(file: string): AsyncGenerator<Advisory> {
  for await (const record of readCveStream(createReadStream(file))) if ('advisory' in record) yield record.advisory;
}

function subjectOfDevice(device: number): Subject {
  return subjectOf(deviceOf(device), () => []);
}

/** Software of a device as an agent on it lists it. @param revision another one than 0 gives versions that no device has yet */
function partOf(device: number, market: Market, revision = 0) {
  const items = softwareOf(device, ITEMS_PER_DEVICE, market).map(({ vendor, name, version }) => ({
    kind: 'application' as const,
    vendor,
    name,
    version: revision === 0 || version === '' ? version : `${version}.${revision}`,
  }));
  const { assetId, ips, macs, hostnames } = subjectOfDevice(device);
  return {
    kind: 'software' as const,
    data: {
      list: `agent ${assetId}`,
      source: 'bench',
      sample: false,
      subject: { kind: 'device' as const, assetId, ips: [...ips], macs: [...macs], hostnames: [...hostnames] },
      method: 'agent' as const,
      tool: 'osquery',
      reference: '',
      takenAt: Date.UTC(2026, 0, 2),
      isComplete: true,
      part: 1,
      parts: 1,
      items,
    },
  };
}

/** Devices whose software was never seen: all of it is matched for the first time. */
function measureDevices({ assessor, lists }: Assessment, market: Market, devices: number) {
  const times: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const device = devices + run * 601;
    lists.put([partOf(device, market, run)]);
    const subject = subjectOfDevice(device);
    const before = performance.now();
    assessor.put(subject);
    times.push(performance.now() - before);
  }
  const { median, worst } = spreadOf(times);
  return { newDeviceMedianMs: median, newDeviceWorstMs: worst };
}

/**
 * New records about software of the house: brought through the library until they are in the list of affected devices; of that
 * the match alone. The widest is about software that many devices have, in every version.
 */
async function measureAdvisories(library: AdvisoryLibrary, assessment: Assessment, market: Market, count: number) {
  const random = createRandom(99);
  const bringOne = (run: number, about = softwareOf(run * 37, 3, market).at(-1)) =>
    bring(library, assessment, recordOf(count + run, random, about));
  const brought: Awaited<ReturnType<typeof bring>>[] = [];
  for (let run = 0; run < RUNS; run += 1) brought.push(await bringOne(run));
  const wide = await bringOne(RUNS + 2, { ...market.productOf(MOST_INSTALLED), version: '' });
  const match = spreadOf(brought.map(({ matchMs }) => matchMs));
  const list = spreadOf([...brought, wide].map(({ listMs }) => listMs));
  const ranked = spreadOf([...brought, wide].map(({ rankedMs }) => rankedMs));
  return {
    newAdvisoryMedianMs: match.median,
    newAdvisoryWorstMs: match.worst,
    newAdvisoryMeanDevices: Math.round(brought.reduce((sum, { devices }) => sum + devices, 0) / RUNS),
    newAdvisoryWidestMs: wide.matchMs,
    newAdvisoryWidestDevices: wide.devices,
    newAdvisoryToListMedianMs: list.median,
    newAdvisoryToListWorstMs: list.worst,
    newAdvisoryRankedListWorstMs: ranked.worst,
  };
}

/** As the service does when a feed brings a record, step by step. */
async function bring(library: AdvisoryLibrary, assessment: Assessment, advisory: Advisory) {
  const before = performance.now();
  await library.merge(FEED, one(advisory), []);
  const beforeMatch = performance.now();
  assessment.assessor.renewWeakness(advisory.id);
  const matchMs = performance.now() - beforeMatch;
  const list = [...selectFindings(assessment, { weakness: advisory.id, status: 'all' }, Date.now())];
  const listMs = performance.now() - before;
  const beforeRanked = performance.now();
  const order = await rankByWeakness(assessment, {}, Date.now());
  await describeRanked(assessment, order.slice(0, PAGE), {}, Date.now());
  const rankedMs = performance.now() - beforeRanked;
  return {
    matchMs: rounded(matchMs),
    listMs: rounded(listMs),
    rankedMs: rounded(rankedMs),
    devices: list.length,
  };
}

function spreadOf(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0), worst: rounded(sorted.at(-1) ?? 0) };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

async function* one(advisory: Advisory): AsyncGenerator<Advisory> {
  yield advisory;
}

/** Processor time is of all threads, those of the garbage collector too; it says something where other work goes on beside. */
async function timed<Value>(work: () => Promise<Value>) {
  const [before, processor] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(processor);
  return {
    value,
    seconds: Math.round(performance.now() - before) / 1000,
    processorSeconds: Math.round((user + system) / 1000) / 1000,
  };
}

/** Most memory that the process ever had (Linux, VmHWM). */
async function peakMegabytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

await main(process.argv.slice(2));
