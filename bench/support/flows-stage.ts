import type { ThreadInspection } from '@sphinx/platform';
import { createSensor, type Inspector } from '@sphinx/wire';
import { openDataWatch } from './data-watch.ts';

// Child process of bench/flows.ts: opens flows of one kind and prints what they take, alone or with data of patients looked for.

const PACKETS_PER_BATCH = 50_000;
const LINKTYPE_RAW = 101;
const SYN = 0x02;
const ACK = 0x10;
const FIRST_MICROS = 1_700_000_000_000_000;
const CLIENTS = 65_536;

/** One packet that is written over again and again. */
class Traffic {
  readonly sensor;
  packets = 0;
  readonly #bytes = Buffer.alloc(256);

  readonly #watch: ThreadInspection | undefined;

  constructor(flows: number, watch: ThreadInspection | undefined) {
    this.#watch = watch;
    // Made by the module of the service, which makes an inspector.
    const inspector = watch === undefined ? {} : { inspector: watch.inspector as Inspector };
    this.sensor = createSensor({ source: 'bench', isSample: false, maximumFlows: flows, ...inspector });
  }

  take() {
    this.#watch?.takeFindings();
    return this.sensor.takeBatch();
  }

  /** @param client number of the flow: its client has one of 65,536 addresses and a port of its own */
  send(client: number, isAnswer: boolean, transport: 6 | 17, flags: number, sequence: number, payload: string): void {
    const bytes = this.#bytes;
    const header = transport === 6 ? 20 : 8;
    const length = 20 + header + payload.length;
    bytes.fill(0, 0, 40);
    bytes[0] = 0x45;
    bytes.writeUInt16BE(length, 2);
    bytes[8] = 64;
    bytes[9] = transport;
    const host = (10 << 24) | (1 << 16) | (client % CLIENTS);
    const server = (10 << 24) | (2 << 16) | (client % 250);
    bytes.writeInt32BE(isAnswer ? server : host, 12);
    bytes.writeInt32BE(isAnswer ? host : server, 16);
    const port = 20_000 + Math.floor(client / CLIENTS);
    bytes.writeUInt16BE(isAnswer ? 7777 : port, 20);
    bytes.writeUInt16BE(isAnswer ? port : 7777, 22);
    if (transport === 6) {
      bytes.writeUInt32BE(sequence, 24);
      bytes[32] = 0x50;
      bytes[33] = flags;
    } else bytes.writeUInt16BE(8 + payload.length, 24);
    bytes.write(payload, 20 + header, 'latin1');
    this.packets += 1;
    this.sensor.packet(bytes, 0, length, length, LINKTYPE_RAW, FIRST_MICROS + this.packets);
    if (this.packets % PACKETS_PER_BATCH === 0) this.take();
  }
}

function open(traffic: Traffic, kind: string, client: number): void {
  if (kind === 'udp') {
    traffic.send(client, false, 17, 0, 0, 'a question of nobody');
    return;
  }
  traffic.send(client, false, 6, SYN, 0, '');
  if (kind === 'syn') return;
  traffic.send(client, true, 6, SYN | ACK, 0, '');
  traffic.send(client, false, 6, ACK, 1, 'a question of nobody');
  traffic.send(client, true, 6, ACK, 1, 'an answer to it');
}

function collect(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

async function main([kind = 'syn', flows = '1000000', watch = '']: readonly string[]): Promise<void> {
  const inspection = watch === '' ? undefined : await openDataWatch('bench');
  collect();
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  const traffic = new Traffic(Number(flows), inspection);
  for (let client = 0; client < Number(flows); client++) open(traffic, kind, client);
  const { activeFlows } = traffic.take().statistics;
  const seconds = (performance.now() - startedAt) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const bytesPerFlow = Math.round((process.memoryUsage().rss - before) / activeFlows);
  const held = {
    heapMegabytes: Math.round(heapUsed / 1e6),
    externalMegabytes: Math.round((external + arrayBuffers) / 1e6),
  };
  process.stdout.write(`${JSON.stringify({ flows: activeFlows, bytesPerFlow, peakMegabytes, seconds, ...held })}\n`);
}

await main(process.argv.slice(2));
