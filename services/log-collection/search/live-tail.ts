import { fitsCondition, type LogCondition, type LogFormat } from '@sphinx/logs';
import type { LogIntake } from '../intake/log-intake.ts';
import type { LogRow } from '../intake/log-row.ts';
import { maskRow } from './mask.ts';

const HEARTBEAT_MS = 15_000;
const MAXIMUM_STREAMS = 50;
/** Events that a person can follow; of more the newest are shown and the others counted. */
const MOST_PER_TURN = 100;
const TURN_MS = 500;

/** Shows events as they come in, as server-sent events (HTML Living Standard §9.2). */
export class LiveTail {
  readonly #intake: LogIntake;
  readonly #formatOf: (id: string) => LogFormat | undefined;
  #streams = 0;

  constructor(intake: LogIntake, formatOf: (id: string) => LogFormat | undefined) {
    this.#intake = intake;
    this.#formatOf = formatOf;
  }

  /** @param condition undefined: everything */
  stream(condition: LogCondition | undefined, signal: AbortSignal): Response {
    if (this.#streams >= MAXIMUM_STREAMS) return new Response(null, { status: 503, headers: { 'retry-after': '30' } });
    this.#streams++;
    const encoder = new TextEncoder();
    let stop = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        let waiting: LogRow[] = [];
        let skipped = 0;
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        const unlisten = this.#intake.listen((rows) => {
          for (const row of rows) {
            if (condition !== undefined && !fitsCondition(condition, row)) continue;
            waiting.push(row);
            if (waiting.length <= MOST_PER_TURN) continue;
            waiting.shift();
            skipped++;
          }
        });
        const turn = setInterval(() => {
          if (skipped > 0) send(`event: skipped\ndata: ${skipped}\n\n`);
          for (const row of waiting) {
            send(`event: log\ndata: ${JSON.stringify(maskRow(row, this.#formatOf(row.format)))}\n\n`);
          }
          waiting = [];
          skipped = 0;
        }, TURN_MS);
        const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
        let isOpen = true;
        stop = () => {
          if (!isOpen) return;
          isOpen = false;
          unlisten();
          clearInterval(turn);
          clearInterval(heartbeat);
          this.#streams--;
        };
        signal.addEventListener('abort', () => stop(), { once: true });
        send('retry: 2000\n\n');
      },
      cancel: () => stop(),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }
}
