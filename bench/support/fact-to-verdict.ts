import { setTimeout as delay } from 'node:timers/promises';
import { createFact, type Fact } from '@sphinx/schema';
import type { Program } from '../../apps/sphinx/src/runtime/program.ts';

const GIVE_UP_MS = 60_000;

/** Milliseconds from a fact about a new device to the verdict on it. */
export interface FactToVerdict {
  readonly devices: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly slowestMs: number;
}

/** Shows one new device after the other to a program at rest, and waits for each verdict. */
export async function factToVerdict({ engines: { bus } }: Program, devices: number): Promise<FactToVerdict> {
  const waiting = new Map<string, (verdict: string) => void>();
  const subscription = await bus.subscribe(
    { consumer: 'bench-time-to-verdict', types: ['verdict.issued'], from: 'now' },
    async (facts) => {
      for (const { data } of facts) waiting.get(data.assetName)?.(data.verdict);
    },
  );
  const times: number[] = [];
  for (let index = 0; index < devices; index += 1) {
    const name = `CT-${index}`;
    const startedAt = performance.now();
    const verdict = new Promise<string>((resolve) => waiting.set(name, resolve));
    await bus.publish([firstSight(index, name)]);
    await Promise.race([verdict, delay(GIVE_UP_MS)]);
    times.push(performance.now() - startedAt);
    // Each device is a new one on a house at rest.
    await bus.drained();
  }
  await subscription.stop();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return { devices, medianMs: at(0.5), p95Ms: at(0.95), slowestMs: at(1) };
}

/** What a DHCP request and an association of DICOM show of a scanner. */
function firstSight(index: number, name: string): Fact<'host.observed'> {
  const time = Date.now();
  const ip = `10.40.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const mac = `02:00:00:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
  const packet = { source: 'bench', number: index + 1, time };
  const shown = (attribute: string, value: string, role: 'self' | 'client' | 'server') => ({
    attribute,
    value,
    protocol: attribute.split('.')[0] ?? 'unknown',
    role,
    firstSeen: time,
    lastSeen: time,
    count: 1,
    packet,
  });
  const evidence = [
    shown('dhcp.hostname', name, 'client'),
    shown('dicom.modality', 'CT', 'client'),
    shown('dicom.ae-title', `CT${index}`, 'client'),
  ];
  const data = { source: 'bench', sample: false, host: { mac, ip }, evidence };
  return createFact('host.observed', { key: mac, time, source: 'bench', data });
}
