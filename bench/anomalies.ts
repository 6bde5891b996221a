import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptureReader, createSensor } from '@sphinx/wire';
import { inventedAttacks } from '../services/anomaly-detection/testing/invented-attacks.ts';
import { flow, HOUR_MS, InventedHospital, START } from '../services/anomaly-detection/testing/invented-hospital.ts';
import { LivelyHospital } from '../services/anomaly-detection/testing/lively-hospital.ts';
import { quietAttacks } from '../services/anomaly-detection/testing/quiet-attacks.ts';
import { Trial } from '../services/anomaly-detection/testing/trial.ts';
import { createFlowRow, createRecordRow } from '../services/traffic-monitoring/sensor/publish-batch.ts';
import { compareStreams } from './support/streams-compared.ts';

// What anomaly detection finds and what it costs: attacks on an invented hospital, recorded captures, a flow, 20,000 devices.
// `npm run bench -- anomalies [FOLDER OF CAPTURES]`; last line: figures as JSON.

const DAYS = 14;
const DEVICES = 20_000;
const DAYS_OF_MEMORY = 3;
const CAPTURES = fileURLToPath(new URL('../../shared/data/ndpi/pcap', import.meta.url));
const PACKETS_PER_BATCH = 20_000;
/** Detectors that look at seasons, at peers by name and at hours as a whole. */
const FINER = new Set(['unusual-for-hour', 'new-peer', 'unusual-combination']);
const WEEKS = 4;

const simulated = await attackHospital();
const quiet = await attackQuietly();
const streams = compareStreams();
for (const { data, rows, attacks, forest, robust } of streams) {
  process.stdout.write(
    `${data}, ${rows} rows with ${attacks} attacks, none learnt: area under the curve ${forest.toFixed(3)} random cut forest, ${robust.toFixed(3)} robust statistics\n`,
  );
}
const cost = await measureFlows();
const memory = await measureMemory();
const recorded = await readCaptures(process.argv[2] ?? CAPTURES);
process.stdout.write(`${JSON.stringify({ bench: 'anomalies', simulated, quiet, streams, cost, memory, recorded })}\n`);

/** Attacks on a hospital that was watched for two weeks, and what was told of the weeks themselves. */
async function attackHospital() {
  const listed = ['192.0.2.99'];
  const trial = await Trial.open({ listed });
  const hospital = new InventedHospital();
  for (const { ip, kind, zone } of hospital.devices) trial.places.set(ip, { asset: `asset_${ip}`, kind, zone });
  const hours = (DAYS + 1) * 24 + 10;
  for (let hour = 0; hour < hours; hour++) trial.flows(hospital.hour(hour));
  const falseOnes = trial.anomalies().length;
  const missed: string[] = [];
  const attacks = inventedAttacks(START + hours * HOUR_MS);
  for (const { title, detector, actor, flows, records } of attacks) {
    trial.sightings.length = 0;
    trial.records(records);
    trial.flows(flows);
    const isFound = trial.anomalies().some((each) => each.detector === detector && each.actor === actor);
    if (!isFound) missed.push(title);
    process.stdout.write(`${isFound ? 'found ' : 'missed'}  ${detector.padEnd(20)}  ${title}\n`);
  }
  process.stdout.write(`false in ${DAYS + 1} days of ${hospital.devices.length} devices: ${falseOnes}\n`);
  return { attacks: attacks.length, found: attacks.length - missed.length, missed, falseOnes, days: DAYS + 1 };
}

/** Attacks that stay below what is told of single numbers, in a hospital in which not every day is the same. */
async function attackQuietly() {
  const hospital = new LivelyHospital();
  const places = hospital.devices.map(({ ip, kind, zone }) => [ip, { asset: `asset_${ip}`, kind, zone }] as const);
  const taught = await Trial.open();
  for (const [ip, place] of places) taught.places.set(ip, place);
  const hours = WEEKS * 7 * 24;
  for (let hour = 0; hour < hours; hour++) taught.flows(hospital.hour(hour));
  const falseOnes = taught.anomalies().length;
  const learnt = taught.library.takeChanges(10_000).rows;
  const found = { plain: 0, finer: 0 };
  const attacks = quietAttacks(START + hours * HOUR_MS);
  for (const { title, actor, flows, records } of attacks) {
    const trial = await Trial.open();
    for (const [ip, place] of places) trial.places.set(ip, place);
    trial.library.restore(structuredClone(learnt));
    const day = new LivelyHospital({ seed: 51 });
    const rows = Array.from({ length: 25 }, (_, hour) => day.hour(hours + hour)).flat();
    const waiting = [...records].sort((a, b) => a.time - b.time);
    for (const row of [...rows, ...flows].sort((a, b) => a.end_time - b.end_time)) {
      while ((waiting[0]?.time ?? Number.POSITIVE_INFINITY) <= row.end_time) trial.records(waiting.splice(0, 1));
      trial.flows([row]);
    }
    const told = trial.anomalies().filter(({ subjects }) => subjects.some(({ value }) => value === actor));
    const byFiner = told.filter(({ detector }) => FINER.has(detector)).map(({ detector }) => detector);
    if (told.length > byFiner.length) found.plain++;
    else if (byFiner.length > 0) found.finer++;
    const by = told.length > byFiner.length ? 'single numbers and habits' : (byFiner[0] ?? 'nobody');
    process.stdout.write(`told by ${by.padEnd(26)}  ${title}\n`);
  }
  process.stdout.write(`false in ${WEEKS} weeks of ${places.length} devices: ${falseOnes}\n`);
  return { attacks: attacks.length, ...found, falseOnes, weeks: WEEKS };
}

/** Microseconds that a flow costs, made before the clock runs. */
async function measureFlows() {
  const trial = await Trial.open();
  const hospital = new InventedHospital({ pumps: 200, scanners: 20, workstations: 200 });
  for (const { ip, kind, zone } of hospital.devices) trial.places.set(ip, { asset: `asset_${ip}`, kind, zone });
  for (let hour = 0; hour < 24; hour++) trial.flows(hospital.hour(hour));
  const hours = Array.from({ length: 72 }, (_, hour) => hospital.hour(24 + hour));
  const flows = hours.reduce((sum, rows) => sum + rows.length, 0);
  const begun = performance.now();
  for (const rows of hours) trial.flows(rows);
  const microseconds = ((performance.now() - begun) * 1000) / flows;
  process.stdout.write(
    `${flows.toLocaleString('en')} flows: ${microseconds.toFixed(2)} µs each, hours learnt included\n`,
  );
  return { flows, microsecondsPerFlow: Number(microseconds.toFixed(2)) };
}

/** What the baselines of a large hospital keep: each device does eight things with some peers, hour by hour, for days. */
async function measureMemory() {
  const trial = await Trial.open();
  const kinds = 40;
  const collect = globalThis.gc ?? (() => undefined);
  collect();
  const before = process.memoryUsage();
  const addressOf = (device: number) => `10.${64 + (device >> 16)}.${(device >> 8) & 255}.${device & 255}`;
  for (let device = 0; device < DEVICES; device++) {
    trial.places.set(addressOf(device), { asset: `asset_${device}`, kind: `kind-${device % kinds}`, zone: 'bedside' });
  }
  for (let hour = 0; hour < DAYS_OF_MEMORY * 24; hour++) {
    for (let device = 0; device < DEVICES; device++) {
      const time = START + hour * HOUR_MS + device;
      const size = 1000 * (1 + ((device * 31 + hour * 17) % 997));
      const common = { src_ip: addressOf(device), time, bytes_out: size, bytes_in: size * 3 };
      trial.watch.takeFlow(
        flow({ ...common, dst_ip: `10.2.0.${1 + (device % 50)}`, dst_port: 104, app_name: 'dicom' }),
      );
      trial.watch.takeFlow(flow({ ...common, dst_ip: `10.2.1.${1 + (hour % 20)}`, dst_port: 443, app_name: 'tls' }));
    }
  }
  collect();
  const after = process.memoryUsage();
  const megabytes = Math.round((after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6);
  const { rows } = trial.library.takeChanges(DEVICES);
  const stored = rows.reduce((sum, row) => sum + JSON.stringify(row).length, 0);
  process.stdout.write(
    `${DEVICES.toLocaleString('en')} devices after ${DAYS_OF_MEMORY} days: ${megabytes} MB with the hour at hand, ${Math.round(stored / 1e6)} MB stored\n`,
  );
  return {
    devices: trial.library.devices,
    megabytes,
    storedMegabytes: Math.round(stored / 1e6),
    isCollected: globalThis.gc !== undefined,
  };
}

/** Recorded captures, each on its own: what is told of which, for a person to judge. */
async function readCaptures(folder: string) {
  if (!existsSync(folder)) {
    process.stdout.write(`No captures: ${folder} is not there.\n`);
    return { captures: 0, told: {} };
  }
  const files = readdirSync(folder).filter((name) => /\.(?:pcap|pcapng|cap)$/.test(name));
  const told: Record<string, string[]> = {};
  for (const name of files) {
    for (const detector of await readCapture(join(folder, name))) {
      told[detector] = [...(told[detector] ?? []), name];
    }
  }
  for (const [detector, names] of Object.entries(told)) {
    process.stdout.write(`${detector.padEnd(20)}  ${names.join(', ')}\n`);
  }
  process.stdout.write(
    `${files.length} captures, ${new Set(Object.values(told).flat()).size} of them with an anomaly\n`,
  );
  return { captures: files.length, told };
}

async function readCapture(file: string): Promise<ReadonlySet<string>> {
  const trial = await Trial.open();
  const source = { id: basename(file), isSample: false };
  const sensor = createSensor({ source: source.id, isSample: false });
  const take = () => {
    const { records, flows } = sensor.takeBatch();
    trial.records(records.map((record) => createRecordRow(record, source)));
    trial.flows(flows.map((each) => createFlowRow(each, source)));
  };
  let packets = 0;
  const reader = new CaptureReader({
    packet(...packet) {
      sensor.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_BATCH === 0) take();
    },
  });
  const descriptor = openSync(file, 'r');
  const chunk = new Uint8Array(1 << 20);
  try {
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      reader.push(chunk.slice(0, length));
    }
    reader.end();
    sensor.finish();
    take();
  } catch {
    // A capture that cannot be read to its end tells what it has told until then.
  } finally {
    closeSync(descriptor);
  }
  return new Set(trial.anomalies().map(({ detector }) => detector));
}
