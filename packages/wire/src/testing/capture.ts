import { readFileSync } from 'node:fs';
import { CaptureReader } from '../capture/capture-reader.ts';
import { createSensor } from '../create-sensor.ts';
import type { ProtocolRecord } from '../protocol.ts';
import type { SensorBatch, SensorOptions } from '../sensor.ts';

/** @returns everything that the sensor says about a capture file */
export function sense(path: string, options: Partial<SensorOptions> = {}): SensorBatch {
  const sensor = createSensor({ source: 'test', isSample: false, ...options });
  const reader = new CaptureReader(sensor);
  reader.push(readFileSync(path));
  reader.end();
  sensor.finish();
  return sensor.takeBatch();
}

/** @returns values of one attribute of the host at `ip`, sorted */
export function valuesOf(batch: SensorBatch, ip: string, attribute: string): readonly string[] {
  const host = batch.hosts.filter((observation) => observation.host.ip === ip);
  const values = host.flatMap(({ evidence }) => evidence.filter((one) => one.attribute === attribute));
  return [...new Set(values.map(({ value }) => value))].sort();
}

/** @returns what one room recorded, in order */
export function recordsOf(batch: SensorBatch, protocol: string): readonly ProtocolRecord[] {
  return batch.records.flatMap(({ record }) => (record.protocol === protocol ? [record] : []));
}

/** @returns how many records each activity of a room has; of transactions with what became of them: `job success` */
export function activitiesOf(batch: SensorBatch, protocol: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const record of recordsOf(batch, protocol)) {
    const outcome = 'outcome' in record ? ` ${record.outcome ?? ''}` : '';
    const activity = `${record.activity}${outcome}`.trim();
    counts[activity] = (counts[activity] ?? 0) + 1;
  }
  return counts;
}
