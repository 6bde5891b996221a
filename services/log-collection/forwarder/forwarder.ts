import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatagramInput, textOfDatagram } from '../inputs/datagram-input.ts';
import { FileFollower, type FilePosition, type PositionStore } from '../inputs/file-follower.ts';
import type { OpenInput, RecordSink } from '../inputs/input.ts';
import { openStreamInput } from '../inputs/stream-input.ts';
import { lockFolder } from './lock-folder.ts';
import type { Receiver } from './receiver.ts';
import { Spool } from './spool.ts';

const FOLLOW_INTERVAL_MS = 500;
const FLUSH_INTERVAL_MS = 200;
const BATCH_BYTES = 2_000_000;
const BATCH_LINES = 5000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_STOP_MS = 5000;
const EVENTS_PER_SECOND = 20_000;

export interface ForwarderOptions {
  /** For the spool and for how far files were read. */
  readonly folder: string;
  readonly receiver: Receiver;
  /** Paths, or patterns with `*`. */
  readonly files: readonly string[];
  /** Port of syslog over UDP and TCP; undefined opens none. */
  readonly syslog?: { readonly host: string; readonly port: number } | undefined;
  readonly maximumSpoolBytes: number;
  readonly maximumLineBytes: number;
  /** Told when the receiver is reached, and when it no longer is. */
  readonly onState: (state: ForwarderState) => void;
}

export type ForwarderState = { readonly isUp: true } | { readonly isUp: false; readonly reason: string };

export interface ForwarderCounts {
  readonly sent: number;
  /** Left out, as there was no room or a sender was too fast. */
  readonly dropped: number;
  /** Cut, as they were too long. */
  readonly truncated: number;
  /** That the receiver would not take. */
  readonly refused: number;
  readonly waitingBytes: number;
}

/** Takes lines in here, keeps them on disk, and hands them to a SPHINX elsewhere: each at least once. */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #spool: Spool;
  readonly #inputs: OpenInput[] = [];
  readonly #follower: FileFollower;
  readonly #stop = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();
  #counts = { sent: 0, dropped: 0, truncated: 0, refused: 0 };
  #toldDropped = 0;
  #isUp: boolean | undefined;
  #batchLines = BATCH_LINES;

  private constructor(options: ForwarderOptions, spool: Spool) {
    this.#options = options;
    this.#spool = spool;
    this.#follower = new FileFollower({
      patterns: options.files,
      maximumBytes: options.maximumLineBytes,
      now: Date.now,
      positions: new PositionFile(join(options.folder, 'files.json')),
      sink: this.#sink(),
      stored: () => spool.flush(),
    });
  }

  /** @throws SphinxError SPX_UNAVAILABLE when the port cannot be had, SPX_DATA_FOLDER_IN_USE when another process forwards from it */
  static async start(options: ForwarderOptions): Promise<Forwarder> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    await lockFolder(options.folder);
    const spool = await Spool.open(join(options.folder, 'spool'), options.maximumSpoolBytes);
    const forwarder = new Forwarder(options, spool);
    await forwarder.#listen();
    forwarder.#loops = Promise.all([forwarder.#follow(), forwarder.#flush(), forwarder.#send()]);
    return forwarder;
  }

  get counts(): ForwarderCounts {
    return { ...this.#counts, waitingBytes: this.#spool.waitingBytes };
  }

  /** Port of syslog. */
  get port(): number | undefined {
    return this.#inputs[0]?.port;
  }

  /** Has on the disk what came in; what waits is handed over by the next run. */
  async stop(): Promise<void> {
    for (const input of this.#inputs) await input.close();
    this.#stop.abort();
    // A batch that is under way may end; a receiver that does not answer is not waited for.
    const limit = setTimeout(() => this.#options.receiver.close(), LONGEST_STOP_MS);
    await this.#loops;
    clearTimeout(limit);
    await this.#spool.close();
    this.#options.receiver.close();
  }

  #sink(): RecordSink {
    const spool = this.#spool;
    const isFull = () => spool.isFull;
    return {
      get isFull() {
        return isFull();
      },
      push: ({ source, senderIp, raw }) => {
        if (!spool.push(JSON.stringify({ source, sender: senderIp, raw }))) this.#counts.dropped++;
      },
      countDropped: (_source, count) => {
        this.#counts.dropped += count;
      },
      countTruncated: (_source, count) => {
        this.#counts.truncated += count;
      },
    };
  }

  async #listen(): Promise<void> {
    const { syslog, maximumLineBytes: maximumBytes } = this.#options;
    if (syslog === undefined) return;
    const options = { ...syslog, maximumBytes, eventsPerSecond: EVENTS_PER_SECOND, now: Date.now };
    const tcp = await openStreamInput('syslog-tcp', options, this.#sink());
    this.#inputs.push(tcp);
    this.#inputs.push(
      await openDatagramInput('syslog-udp', { ...options, port: tcp.port }, this.#sink(), textOfDatagram),
    );
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#follower.poll().catch((error) => this.#tellDown(`Files cannot be followed: ${error.message}`));
      await this.#wait(FOLLOW_INTERVAL_MS);
    }
  }

  async #flush(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#wait(FLUSH_INTERVAL_MS);
      this.#tellDropped();
      await this.#spool.flush().catch((error) => this.#tellDown(`The disk does not take lines: ${error.message}`));
    }
  }

  /** The receiver learns as well that lines are missing. */
  #tellDropped(): void {
    const count = this.#counts.dropped - this.#toldDropped;
    if (count === 0) return;
    const raw = JSON.stringify({ program: 'sphinx-forward', message: `${count} lines were left out for want of room` });
    if (this.#spool.push(JSON.stringify({ source: 'forwarder', sender: '', raw }))) this.#toldDropped += count;
  }

  async #send(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; !this.#stop.signal.aborted; ) {
      const batch = await this.#spool.next(BATCH_BYTES, this.#batchLines);
      if (batch === undefined) {
        await this.#wait(FLUSH_INTERVAL_MS);
        continue;
      }
      const handover = await this.#options.receiver.send(batch.bytes, batch.lines);
      if (handover.outcome === 'later') {
        this.#tellDown(handover.reason);
        await this.#wait(handover.afterMs ?? waitMs);
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
        continue;
      }
      waitMs = FIRST_WAIT_MS;
      if (handover.outcome === 'refused' && batch.lines > 1) {
        // One of them is what it refuses: it is found by halves.
        this.#batchLines = Math.ceil(batch.lines / 2);
        continue;
      }
      if (handover.outcome === 'taken') this.#counts.sent += batch.lines;
      else this.#counts.refused++;
      this.#tellUp();
      this.#batchLines = Math.min(BATCH_LINES, this.#batchLines * 2);
      await this.#spool.done(batch);
    }
  }

  #tellUp(): void {
    if (this.#isUp === true) return;
    this.#isUp = true;
    this.#options.onState({ isUp: true });
  }

  #tellDown(reason: string): void {
    if (this.#isUp === false) return;
    this.#isUp = false;
    this.#options.onState({ isUp: false, reason });
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}

/** How far files were read, in a file. */
class PositionFile implements PositionStore {
  readonly #path: string;
  readonly #positions = new Map<string, FilePosition>();

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<readonly FilePosition[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '[]');
    for (const position of positionsIn(text)) this.#positions.set(position.file, position);
    return [...this.#positions.values()];
  }

  async save(positions: readonly FilePosition[]): Promise<void> {
    for (const position of positions) this.#positions.set(position.file, position);
    const handle = await open(`${this.#path}.new`, 'w', 0o600);
    await handle.writeFile(JSON.stringify([...this.#positions.values()]));
    await handle.datasync();
    await handle.close();
    await rename(`${this.#path}.new`, this.#path);
  }
}

/** A file that cannot be read has its files read from their beginning again: lines come twice, none is missing. */
function positionsIn(text: string): readonly FilePosition[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as FilePosition[]) : [];
  } catch {
    return [];
  }
}
