import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { ThreadInspection } from '@sphinx/platform';
import {
  defaultResources,
  findBeside,
  loadRules,
  parseClassification,
  RuleEngine,
  unpackRuleFiles,
} from '@sphinx/rules';
import {
  CaptureReader,
  createSensor,
  type FileOptions,
  type Inspector,
  type PacketHandler,
  type SensorBatch,
} from '@sphinx/wire';
import { PacketSensor } from '../../packages/wire/src/packet-sensor.ts';
import { FILE_TYPES } from '../../tests/file-types.ts';
import { openRowTaker, type RowTaker } from './anomaly-rows.ts';
import { openDataWatch } from './data-watch.ts';

// Child process of bench/analyze.ts: one stage over one capture; prints figures as JSON.

const CHUNK_BYTES = 1 << 20;
/** As often as the traffic service takes batches of a file. */
const PACKETS_PER_BATCH = 20_000;
const OPTIONS = { source: 'bench', isSample: false } as const;

class Counter implements PacketHandler {
  packets = 0;
  bytes = 0;

  packet(...[, , capturedLength]: Parameters<PacketHandler['packet']>): void {
    this.packets += 1;
    this.bytes += capturedLength;
  }
}

/** Packets go to the sensor; its batches are taken and thrown away. */
class Analysis extends Counter {
  readonly sensor;
  records = 0;
  flows = 0;

  constructor(sensor: PacketSensor | ReturnType<typeof createSensor>) {
    super();
    this.sensor = sensor;
  }

  override packet(
    ...[bytes, offset, capturedLength, originalLength, linkType, time]: Parameters<PacketHandler['packet']>
  ): void {
    this.packets += 1;
    this.bytes += capturedLength;
    this.sensor.packet(bytes, offset, capturedLength, originalLength, linkType, time);
    if (this.packets % PACKETS_PER_BATCH === 0) this.take();
  }

  take(): SensorBatch {
    const batch = this.sensor.takeBatch();
    this.records += batch.records.length;
    this.flows += batch.flows.length;
    return batch;
  }

  end(): void {
    this.sensor.finish();
    this.take();
  }
}

/** Everything, with rules that look at it. */
class RuledAnalysis extends Analysis {
  readonly loaded;

  constructor(file: string) {
    const begun = performance.now();
    const loaded = { rules: 0, loadSeconds: 0, alerts: 0 };
    const files = unpackRuleFiles(basename(file), readFileSync(file));
    const classes = parseClassification(findBeside(files, 'classification.config') ?? '');
    const resources = defaultResources({ classes, readFile: (path) => findBeside(files, path) });
    const { rules } = loadRules(
      files.filter(({ name }) => name.endsWith('.rules')),
      resources,
    );
    const alert = () => {
      loaded.alerts += 1;
    };
    super(createSensor({ ...OPTIONS, inspector: new RuleEngine(rules, { alert }) }));
    loaded.rules = rules.length;
    loaded.loadSeconds = (performance.now() - begun) / 1000;
    this.loaded = loaded;
  }
}

/** Everything, with files followed as the program follows them; their content is thrown away where scanning would begin. */
class FileAnalysis extends Analysis {
  figures = { files: 0, fileBytes: 0 };

  constructor(clinicalHashes: FileOptions['clinicalHashes']) {
    const files = { types: FILE_TYPES, names: 'programs', givesContent: true, clinicalHashes } as const;
    super(createSensor({ ...OPTIONS, files }));
  }

  override take(): SensorBatch {
    const batch = super.take();
    const { files, bytes } = batch.statistics.files;
    this.figures = { files, fileBytes: bytes };
    return batch;
  }
}

/** What every service that looks at packets costs: views are made for whoever looks. */
const LOOKS_AT_NOTHING: Inspector = { packet() {}, stream() {}, transaction() {}, flowEnded() {} };

/** Everything, with data of patients looked for as the program looks for it. */
class WatchedAnalysis extends Analysis {
  readonly #takeFindings: () => readonly unknown[];
  transfers = 0;

  constructor({ inspector, takeFindings }: ThreadInspection) {
    // Made by the module of the service, which makes an inspector.
    super(createSensor({ ...OPTIONS, inspector: inspector as Inspector }));
    this.#takeFindings = takeFindings;
  }

  override take(): SensorBatch {
    this.transfers += this.#takeFindings().length;
    return super.take();
  }
}

/** Everything, with the rows of telemetry that come of it, and what looks at them. */
class RowAnalysis extends Analysis {
  readonly taker;

  constructor(taker: RowTaker) {
    super(createSensor(OPTIONS));
    this.taker = taker;
  }

  override take(): SensorBatch {
    const batch = super.take();
    this.taker.take(batch);
    return batch;
  }
}

async function createHandler(stage: string, rules: string): Promise<Counter> {
  switch (stage) {
    case 'read':
      return new Counter();
    case 'flows':
      return new Analysis(new PacketSensor(OPTIONS, []));
    case 'parse':
      return new Analysis(createSensor(OPTIONS));
    case 'files':
      return new FileAnalysis('sha256');
    case 'files-all-hashes':
      return new FileAnalysis('all');
    case 'files-clinical-unhashed':
      return new FileAnalysis('none');
    case 'views':
      return new Analysis(createSensor({ ...OPTIONS, inspector: LOOKS_AT_NOTHING }));
    case 'data-protection':
      return new WatchedAnalysis(await openDataWatch(OPTIONS.source));
    case 'rows':
      return new RowAnalysis(await openRowTaker(OPTIONS.source, false));
    case 'anomalies':
      return new RowAnalysis(await openRowTaker(OPTIONS.source, true));
    case 'rules':
      return new RuledAnalysis(rules);
    default:
      throw new Error(`Unknown stage '${stage}'.`);
  }
}

async function main([stage = '', file = '', rules = '']: readonly string[]): Promise<void> {
  const handler = await createHandler(stage, rules);
  const reader = new CaptureReader(handler);
  const descriptor = openSync(file, 'r');
  const chunk = new Uint8Array(CHUNK_BYTES);
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
    reader.push(chunk.subarray(0, length));
  }
  reader.end();
  if (handler instanceof Analysis) handler.end();
  const cpu = process.cpuUsage(startedCpu);
  const seconds = (performance.now() - startedAt) / 1000;
  closeSync(descriptor);
  const { packets, bytes } = handler;
  const found = {
    ...(handler instanceof Analysis ? { records: handler.records, flows: handler.flows } : {}),
    ...(handler instanceof RuledAnalysis ? handler.loaded : {}),
    ...(handler instanceof WatchedAnalysis ? { transfers: handler.transfers } : {}),
    ...(handler instanceof RowAnalysis ? { anomalies: handler.taker.told() } : {}),
    ...(handler instanceof FileAnalysis ? handler.figures : {}),
  };
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ packets, bytes, seconds, cpuSeconds, peakMegabytes, ...found })}\n`);
}

await main(process.argv.slice(2));
