import { setTimeout as delay } from 'node:timers/promises';
import type { Batcher } from '../batcher.ts';
import { FinalInputError } from './input.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Whoever held that long was well: the next pause is a short one again. */
const STEADY_MS = 60_000;

/**
 * Reads from far away until it is told to stop: an interruption is waited out, and said while it lasts.
 *
 * @param attempt reads until the way is interrupted. A `FinalInputError` ends it all
 * @throws FinalInputError of `attempt`
 */
export async function keepTrying(
  batcher: Batcher,
  signal: AbortSignal,
  attempt: () => Promise<void>,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const reason = await attempt().then(
      () => 'The other end closed the connection.',
      (error: unknown) => {
        if (error instanceof FinalInputError && !signal.aborted) throw error;
        return error instanceof Error ? error.message : String(error);
      },
    );
    if (signal.aborted) return;
    if (performance.now() - startedAt > STEADY_MS) pauseMs = firstPauseMs;
    batcher.setNote(`${reason} Trying again.`);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}
