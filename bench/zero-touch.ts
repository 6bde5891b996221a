import { setTimeout as delay } from 'node:timers/promises';
import { createFact, type Fact } from '@sphinx/schema';
import { openWholeProgram } from '../tests/whole-program.ts';

// From what a packet of a new device told to the verdict on it: the whole program in this process, every service on.
// `npm run bench -- zero-touch [DEVICES]`; last line: figures as JSON. A live source hands over what it read once a second at
// the latest, and a console asks again within a second of a change: both come on top of these figures.

const devices = Number(process.argv[2] ?? 50);
const program = await openWholeProgram();
const { bus } = program.engines;

const waiting = new Map<string, (verdict: string) => void>();
const subscription = await bus.subscribe(
  { consumer: 'bench-zero-touch', types: ['verdict.issued'], from: 'now' },
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
  await Promise.race([verdict, delay(60_000)]);
  times.push(performance.now() - startedAt);
  // Each device is a new one on a house at rest.
  await bus.drained();
}
await subscription.stop();
await program.close();

const sorted = times.toSorted((a, b) => a - b);
const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
const figures = { devices, medianMs: at(0.5), p95Ms: at(0.95), slowestMs: at(1) };
console.log(`${devices} new devices, one after another: half of them judged within ${figures.medianMs} ms, `);
console.log(`19 of 20 within ${figures.p95Ms} ms, the slowest after ${figures.slowestMs} ms. Goal: 10,000 ms.`);
console.log(JSON.stringify(figures));

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
