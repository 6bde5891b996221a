import { createFact, type Detection } from '@sphinx/schema';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { call, openWholeProgram } from '../tests/whole-program.ts';

// How long from an alert to its incident on the screen, while the same process takes in logs: the whole program with every service.
// A detection is published as a sensor does; the console's event stream says that incidents changed; the list is asked and has it.
// `npm run bench -- detection-latency [ALERTS] [EVENTS_PER_SECOND]`; last line: figures as JSON.

const TICK_MS = 100;
const GIVE_UP_MS = 30_000;
const ORIGIN = 'https://localhost/api/v1';

async function main(alerts: number, eventsPerSecond: number): Promise<void> {
  const program = await openWholeProgram();
  try {
    const screen = await Screen.open(program);
    const load = new LogLoad(program, eventsPerSecond);
    load.start();
    const began = Date.now();
    const latencies: number[] = [];
    for (let index = 0; index < alerts; index++) latencies.push(await latencyOf(program, screen, index));
    const seconds = (Date.now() - began) / 1000;
    await load.stop();
    screen.close();
    const sorted = latencies.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const figures = { medianMs: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), slowestMs: at(1) };
    const taken = Math.round(load.accepted / seconds);
    print(`${alerts} alerts, one after another, beside ${taken} log events/s (asked for: ${eventsPerSecond}).`);
    print(
      `On the screen: half within ${figures.medianMs} ms, 99 of 100 within ${figures.p99Ms} ms, slowest ${figures.slowestMs} ms.`,
    );
    print('Goal: 2,000 ms and 5,000 ms at 5,000 events/s.');
    print(
      JSON.stringify({ bench: 'detection-latency', alerts, eventsPerSecond: taken, refused: load.refused, ...figures }),
    );
  } finally {
    await program.close();
  }
}

async function latencyOf(program: Program, screen: Screen, index: number): Promise<number> {
  const ip = `10.${200 + Math.floor(index / 250)}.${index % 250}.7`;
  const began = Date.now();
  const data = detectionFrom(ip, index, began);
  await program.engines.bus.publish([
    createFact('detection.found', { key: data.id, time: began, source: 'bench', data }),
  ]);
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

/** Logs that come in all the time, as a forwarder sends them. */
class LogLoad {
  readonly #program: Program;
  readonly #lines: number;
  #timer: NodeJS.Timeout | undefined;
  #open: Promise<unknown> = Promise.resolve();
  accepted = 0;
  refused = 0;

  constructor(program: Program, eventsPerSecond: number) {
    this.#program = program;
    this.#lines = Math.round((eventsPerSecond * TICK_MS) / 1000);
  }

  start(): void {
    let number = 0;
    this.#timer = setInterval(() => {
      const lines = Array.from({ length: this.#lines }, () => {
        number += 1;
        return `<86>1 ${new Date().toISOString()} ward-${number % 40} sshd ${number} - - Accepted publickey for svc${number % 7} from 10.9.0.${number % 250} port 5${number % 1000} ssh2`;
      });
      this.#open = Promise.all([this.#open, this.#send(`${lines.join('\n')}\n`)]);
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#open;
  }

  async #send(body: string): Promise<void> {
    const headers = {
      authorization: `Bearer ${this.#program.access.issueLocalSecret('bench')}`,
      'content-type': 'application/octet-stream',
    };
    const request = new Request(`${ORIGIN}/logs/intake`, { method: 'POST', headers, body });
    const response = await this.#program.fetch(request);
    await response.body?.cancel();
    if (response.ok) this.accepted += this.#lines;
    else this.refused += this.#lines;
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

await main(Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 5000));
