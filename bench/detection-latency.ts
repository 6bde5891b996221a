import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFact, type Detection } from '@sphinx/schema';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { freePort } from '../services/log-collection/test-house.ts';
import { sharedData } from '../tests/shared-data.ts';
import { call, openWholeProgram } from '../tests/whole-program.ts';

// How long from an event to its incident on the screen, while the same process takes in logs: the whole program with every service.
// In turns, a line of syslog is sent over a socket, which a rule has to find, and a detection is published as a sensor does; the
// console's event stream says that incidents changed; the list is asked and has it. With SigmaHQ's rules where ../shared/data has them.
// `npm run bench -- detection-latency [EVENTS] [EVENTS_PER_SECOND]`; last line: figures as JSON.

const TICK_MS = 20;
const GIVE_UP_MS = 30_000;
/** What the rule of this bench looks for. */
const ATTACK = 'Accepted password for bench-intruder-';
const RULE = `
title: Log-on of the intruder of the bench
id: 0b7cf7f1-6f0a-4d6b-9b0a-0d5a6a3c2222
status: test
logsource: { product: linux, service: sshd }
detection: { words: ['${ATTACK}'], condition: words }
level: critical
tags: [attack.initial-access, attack.t1078]
`;
const ORIGIN = 'https://localhost/api/v1';

type Way = 'log' | 'detection';

async function main(events: number, eventsPerSecond: number): Promise<void> {
  const program = await openWholeProgram();
  try {
    const port = await openSyslog(program);
    const rules = await addRules(program);
    const screen = await Screen.open(program);
    const load = await LogLoad.open(port, eventsPerSecond);
    const latencies: Record<Way, number[]> = { log: [], detection: [] };
    const before = await takenBy(program);
    const began = Date.now();
    load.start();
    for (let index = 0; index < events; index++) {
      const way = index % 2 === 0 ? 'log' : 'detection';
      latencies[way].push(await latencyOf(program, screen, load, way, index));
    }
    const seconds = (Date.now() - began) / 1000;
    const taken = Math.round(((await takenBy(program)) - before) / seconds);
    const sent = Math.round(load.sent / seconds);
    await load.stop();
    screen.close();
    print(`${events} events, one after another, beside ${taken} log events/s stored, with ${rules} rules.`);
    print(`Sent: ${sent} events/s (asked for: ${eventsPerSecond}).`);
    for (const way of ['log', 'detection'] as const) {
      const { medianMs, p99Ms, slowestMs } = summaryOf(latencies[way]);
      const from = way === 'log' ? 'a line of syslog' : 'a published detection';
      print(
        `From ${from} to the screen: half within ${medianMs} ms, 99 of 100 within ${p99Ms} ms, slowest ${slowestMs} ms.`,
      );
    }
    print('Goal: 2,000 ms and 5,000 ms at 5,000 events/s.');
    const figures = { log: summaryOf(latencies.log), detection: summaryOf(latencies.detection) };
    print(JSON.stringify({ bench: 'detection-latency', events, rules, sent, taken, ...figures }));
  } finally {
    await program.close();
  }
}

function summaryOf(latencies: readonly number[]) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { medianMs: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), slowestMs: at(1) };
}

/** @returns the port on which log collection hears syslog over TCP */
async function openSyslog(program: Program): Promise<number> {
  const port = await freePort();
  await call(program, 'PATCH', '/settings', {
    'services.log-collection.listenAddress': '127.0.0.1',
    'services.log-collection.syslogTcpPort': port,
    'services.log-collection.eventsPerSecondPerSender': 100_000,
  });
  for (let tries = 0; tries < GIVE_UP_MS / TICK_MS; tries++) {
    const { health } = await call<{ health: { figures?: Record<string, number> } }>(
      program,
      'GET',
      '/services/log-collection',
    );
    if (health.figures?.['syslog-tcp'] === port) return port;
    await delay(TICK_MS);
  }
  throw new Error('Log collection does not listen.');
}

/** @returns rules that are on */
async function addRules(program: Program): Promise<number> {
  const files = [{ name: 'bench.yml', content: RULE }];
  await call(program, 'POST', '/log-rule-sets', { title: 'Bench', files });
  const folder = sharedData('sigma');
  if (folder !== undefined) {
    const published = globSync(`${folder}/rules*/**/*.yml`).map((name) => ({
      name: relative(folder, name),
      content: readFileSync(name, 'utf8'),
    }));
    await call(program, 'POST', '/log-rule-sets', { title: 'SigmaHQ', files: published });
  }
  const { items } = await call<{ items: { rules: number }[] }>(program, 'GET', '/log-rule-sets');
  return items.reduce((sum, { rules }) => sum + rules, 0);
}

/** @returns log events that were stored up to now */
async function takenBy(program: Program): Promise<number> {
  const { items } = await call<{ items: { events: number }[] }>(program, 'GET', '/log-sources');
  return items.reduce((sum, { events }) => sum + events, 0);
}

async function latencyOf(program: Program, screen: Screen, load: LogLoad, way: Way, index: number): Promise<number> {
  const ip = `10.${200 + Math.floor(index / 250)}.${index % 250}.7`;
  const began = Date.now();
  if (way === 'log') {
    load.send(
      `<86>1 ${new Date(began).toISOString()} bench-${index} sshd 1 - - ${ATTACK}${index} from ${ip} port 50000 ssh2`,
    );
  } else {
    const data = detectionFrom(ip, index, began);
    await program.engines.bus.publish([
      createFact('detection.found', { key: data.id, time: began, source: 'bench', data }),
    ]);
  }
  while (Date.now() - began < GIVE_UP_MS) {
    await screen.changed();
    const { items } = await call<{ items: readonly object[] }>(program, 'GET', `/incidents?search=${ip}`);
    if (items.length > 0) return Date.now() - began;
  }
  throw new Error(`The incident of ${ip} did not appear within ${GIVE_UP_MS} ms.`);
}

/** The event stream that an open console listens to. */
class Screen {
  readonly #stop: AbortController;
  #changes = 0;
  #seen = 0;
  #wake: () => void = () => undefined;

  private constructor(stop: AbortController) {
    this.#stop = stop;
  }

  static async open(program: Program): Promise<Screen> {
    const stop = new AbortController();
    const screen = new Screen(stop);
    const headers = { authorization: `Bearer ${program.access.issueLocalSecret('bench')}` };
    const response = await program.fetch(new Request(`${ORIGIN}/stream`, { headers, signal: stop.signal }));
    void screen.#listen(response);
    return screen;
  }

  /** Resolves when incidents changed since it was last asked. */
  async changed(): Promise<void> {
    if (this.#changes === this.#seen) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, GIVE_UP_MS / 10);
      });
    }
    this.#seen = this.#changes;
  }

  close(): void {
    this.#stop.abort();
  }

  async #listen(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        if (!decoder.decode(chunk).includes('event: incidents')) continue;
        this.#changes += 1;
        this.#wake();
      }
    } catch {
      // Closed by ourselves.
    }
  }
}

/** Logs that come in all the time over one connection. */
class LogLoad {
  readonly #socket: Socket;
  readonly #eventsPerSecond: number;
  #timer: NodeJS.Timeout | undefined;
  sent = 0;

  private constructor(socket: Socket, eventsPerSecond: number) {
    this.#socket = socket;
    this.#eventsPerSecond = eventsPerSecond;
  }

  static async open(port: number, eventsPerSecond: number): Promise<LogLoad> {
    const socket = createConnection(port, '127.0.0.1');
    await once(socket, 'connect');
    return new LogLoad(socket, eventsPerSecond);
  }

  start(): void {
    const began = performance.now();
    this.#timer = setInterval(() => {
      // Who is told to wait, waits.
      if (this.#socket.writableLength > 10_000_000) return;
      const due = Math.floor(((performance.now() - began) / 1000) * this.#eventsPerSecond);
      const lines: string[] = [];
      for (let number = this.sent; number < due; number++) {
        lines.push(
          `<86>1 ${new Date().toISOString()} ward-${number % 40} sshd ${number} - - Accepted publickey for svc${number % 7} from 10.9.0.${number % 250} port 5${number % 1000} ssh2\n`,
        );
      }
      this.sent = due;
      this.#socket.write(lines.join(''));
    }, TICK_MS);
  }

  /** Sends one line more, behind what is under way. */
  send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#socket.end();
    await once(this.#socket, 'close');
  }
}

function detectionFrom(ip: string, index: number, time: number): Detection {
  return {
    id: `bench_${index}_${time}`,
    rule: {
      gid: 1,
      sid: 1_000_000 + index,
      revision: 1,
      title: `Shell code ${index}`,
      set: 'bench',
      class: 'shellcode-detect',
      category: '',
      references: [],
      techniques: ['T1059'],
    },
    severity: 'critical',
    source: { ip, port: 50_000 },
    destination: { ip: `10.250.${index % 250}.9`, port: 445 },
    target: null,
    transport: 'tcp',
    protocol: null,
    time,
    packet: { source: 'bench', number: index + 1, time },
    isSample: false,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main(Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 5000));
} catch (error) {
  // The program has a listener for errors that nobody caught, which would say nothing here.
  print(String(error));
  process.exitCode = 1;
}
