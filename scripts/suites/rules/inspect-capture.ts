import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadFileTypes } from '@sphinx/platform';
import { type Rule, type RuleAlert, RuleEngine, type RuleEngineOptions } from '@sphinx/rules';
import {
  CaptureReader,
  createSensor,
  type EveEvent,
  EveLog,
  type EveLogOptions,
  type FlowRecord,
  type ObservedRecord,
  type SensorOptions,
} from '@sphinx/wire';

const PACKETS_PER_BATCH = 20_000;

/** What sensor and rules say of a capture. */
export interface InspectedCapture {
  readonly alerts: readonly RuleAlert[];
  readonly records: readonly ObservedRecord[];
  readonly flows: readonly FlowRecord[];
  /** All of it as `sphinx analyze --eve` writes it. */
  readonly events: readonly EveEvent[];
  readonly packets: number;
}

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
let known: SensorOptions['files'];

/** Published captures have no patients: names of their files are told. */
async function fileOptions(): Promise<NonNullable<SensorOptions['files']>> {
  known ??= { types: await loadFileTypes(KNOWLEDGE), names: 'all', givesContent: false };
  return known;
}

/** @throws CaptureFormatError when the file is no capture */
export async function inspectCapture(
  file: string,
  rules: readonly Rule[],
  options: Omit<RuleEngineOptions, 'alert'> &
    Pick<EveLogOptions, 'communityIdSeed' | 'alerts' | 'numbering' | 'dnsVersion' | 'settings'> = {},
): Promise<InspectedCapture> {
  const alerts: RuleAlert[] = [];
  const records: ObservedRecord[] = [];
  const flows: FlowRecord[] = [];
  const events: EveEvent[] = [];
  // Published captures have no patients.
  const log = new EveLog({ ...options, captureFile: file, withContent: true, write: (event) => events.push(event) });
  const alert = (found: RuleAlert) => {
    alerts.push(found);
    log.alert(found);
  };
  log.watchWith(new RuleEngine(rules, { ...options, alert }));
  const sensor = createSensor({ source: 'suite', isSample: false, inspector: log, files: await fileOptions() });
  const take = () => {
    const batch = sensor.takeBatch();
    log.batch(batch);
    records.push(...batch.records);
    flows.push(...batch.flows);
  };
  let packets = 0;
  const reader = new CaptureReader({
    packet: (...packet) => {
      sensor.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_BATCH === 0) take();
    },
  });
  for await (const chunk of createReadStream(file)) reader.push(chunk);
  reader.end();
  sensor.finish();
  take();
  return { alerts, records, flows, events, packets };
}
