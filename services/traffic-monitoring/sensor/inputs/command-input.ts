import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { decompress } from '@sphinx/wire';
import type { Batcher } from '../batcher.ts';
import type { PacketFeed } from '../packet-feed.ts';
import type { CommandInput } from '../sensor-messages.ts';
import { readDroppedPackets } from './capture-statistics.ts';
import { FinalInputError, type Input } from './input.ts';
import { keepTrying } from './keep-trying.ts';

const CAPTURE_OUTPUT_LIMIT = 4096;
const STATISTICS_INTERVAL_MS = 1000;
/** tcpdump ends at once when it is told to; a connection to a machine that is gone does not. */
const END_LIMIT_MS = 3000;
/** What ssh says when trying again is of no use; and tcpdump on the other side. */
const FINAL_FAILURE =
  /permission denied|host key verification failed|identification has changed|invalid format|not permitted|no such device|not found|syntax error|illegal|a password is required/i;

/** Reads the capture that a program writes to its standard output. */
export function openCommand(input: CommandInput, feed: PacketFeed): Input {
  return {
    async read(batcher, signal) {
      const dropped = new DroppedPackets(batcher);
      // A capture program that ends by itself has failed, whatever its exit code.
      if (input.isRemote === true)
        await keepTrying(batcher, signal, () => readOnce(input, feed, batcher, signal, dropped));
      else await readOnce(input, feed, batcher, signal, dropped);
      feed.finish();
      await batcher.finish(null);
      return [];
    },
  };
}

/** Adds up over several runs of the program. */
class DroppedPackets {
  readonly #batcher: Batcher;
  #earlier = 0;
  #now = 0;

  constructor(batcher: Batcher) {
    this.#batcher = batcher;
  }

  note(output: string): void {
    const told = readDroppedPackets(output);
    if (told === undefined) return;
    this.#now = told;
    this.#batcher.setLostBefore(this.#earlier + told);
  }

  endRun(): void {
    this.#earlier += this.#now;
    this.#now = 0;
  }
}

/** @throws Error with the last words of the program, unless it was told to end */
async function readOnce(
  input: CommandInput,
  feed: PacketFeed,
  batcher: Batcher,
  signal: AbortSignal,
  dropped: DroppedPackets,
): Promise<void> {
  const child = spawn(input.command, [...input.arguments], { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = listen(child, (output) => dropped.note(output));
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const timer = askForStatistics(child, input, words);
  try {
    const reader = feed.openCapture();
    for await (const chunk of decompress(child.stdout, () => undefined)) {
      batcher.setNote('');
      reader.push(chunk);
      await batcher.pace();
      if (signal.aborted) break;
    }
    await words.closed;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    child.kill('SIGTERM');
  }
  dropped.note(words.output());
  dropped.endRun();
  if (signal.aborted) return;
  const reason = words.output().trim();
  throw input.isRemote === true && !FINAL_FAILURE.test(reason)
    ? new Error(lastLine(reason))
    : new FinalInputError(reason);
}

interface ProgramWords {
  output(): string;
  /** Resolves when the program is gone and has said everything, or when that takes too long after a stop. */
  readonly closed: Promise<void>;
}

function listen(
  child: ChildProcessByStdio<null, Readable, Readable>,
  onOutput: (output: string) => void,
): ProgramWords {
  let output = '';
  child.stderr.on('data', (text: Buffer) => {
    output = (output + text.toString('utf8')).slice(-CAPTURE_OUTPUT_LIMIT);
    onOutput(output);
  });
  child.on('error', (error) => {
    output += `\n${error.message}`;
  });
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.stdout.on('close', () => setTimeout(resolve, END_LIMIT_MS).unref());
  });
  return { output: () => output, closed };
}

/** A signal before tcpdump listens would end it. */
function askForStatistics(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { statisticsSignal }: CommandInput,
  words: ProgramWords,
): NodeJS.Timeout | undefined {
  if (statisticsSignal === undefined) return undefined;
  let isListening = false;
  return setInterval(() => {
    isListening ||= /listening on/.test(words.output());
    if (isListening) child.kill(statisticsSignal);
  }, STATISTICS_INTERVAL_MS);
}

function lastLine(text: string): string {
  return text.split('\n').at(-1)?.trim() || 'The capture program ended without a word.';
}
