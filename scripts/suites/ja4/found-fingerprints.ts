import { readFileSync } from 'node:fs';
import { CaptureReader, createSensor } from '@sphinx/wire';

type End = readonly [ip: string, port: string | number];
type Kind = 'ja4' | 'hassh' | 'hasshServer';

/** Fingerprints of the connections of one capture, in the order in which they were seen. */
export interface FoundFingerprints {
  /** @returns those of the connection between two ends, whichever is named first */
  of(kind: Kind, first: End, second: End): readonly string[];
}

/** @throws CaptureFormatError when the file is no capture */
export function findFingerprints(path: string): FoundFingerprints {
  const sensor = createSensor({ source: 'suite', isSample: false });
  const reader = new CaptureReader(sensor);
  reader.push(readFileSync(path));
  reader.end();
  sensor.finish();
  const found = new Map<string, string[]>();
  for (const { record, flow } of sensor.takeBatch().records) {
    const fingerprint = fingerprintOf(record);
    if (fingerprint === undefined) continue;
    const key = keyOf(fingerprint.kind, [flow.clientIp, flow.clientPort], [flow.serverIp, flow.serverPort]);
    found.set(key, [...(found.get(key) ?? []), fingerprint.value]);
  }
  // Of tunnelled connections FoxIO names the outer addresses with the inner ports.
  const byPorts = (kind: Kind, first: End, second: End) => {
    const wanted = keyOf(kind, ['', first[1]], ['', second[1]]);
    return [...found].find(([key]) => key.replaceAll(/ [^ |]*\|/g, ' |') === wanted)?.[1];
  };
  return { of: (kind, ...ends) => found.get(keyOf(kind, ...ends)) ?? byPorts(kind, ...ends) ?? [] };
}

function fingerprintOf(record: object): { kind: Kind; value: string } | undefined {
  if ('ja4' in record && typeof record.ja4 === 'string') return { kind: 'ja4', value: record.ja4 };
  if (!('hassh' in record) || typeof record.hassh !== 'string' || record.hassh === '') return undefined;
  const isServer = 'sentBy' in record && record.sentBy === 'server';
  return { kind: isServer ? 'hasshServer' : 'hassh', value: record.hassh };
}

function keyOf(kind: Kind, ...ends: readonly End[]): string {
  return [kind, ...ends.map(([ip, port]) => `${ip}|${port}`).sort()].join(' ');
}
