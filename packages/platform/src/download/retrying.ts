import { setTimeout as wait } from 'node:timers/promises';
import { UnexpectedStatus } from './safe-download.ts';
import { abortReason } from './safe-request.ts';

/** How often and how patiently something is tried again. */
export interface Retries {
  /** After the first attempt. */
  readonly most: number;
  /** Before the second attempt; twice as long before each later one, with a part of chance so that not all come at once. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Answers after which the same question may be answered (RFC 9110 §15.5.9, RFC 6585 §4, RFC 9110 §15.6). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Tries again while the reason may pass: a broken connection, a server that is busy. What the server asks for (`Retry-After`) is
 * waited for, up to `longestWaitMs`.
 *
 * @throws what the last attempt threw, or why it was cancelled
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  { most, firstWaitMs, longestWaitMs }: Retries,
  signal: AbortSignal,
): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (tries >= most || !mayPass(error)) throw error;
      const asked = error instanceof UnexpectedStatus ? error.retryAfterMs : undefined;
      const own = firstWaitMs * 2 ** tries * (0.5 + Math.random() / 2);
      await wait(Math.min(asked ?? own, longestWaitMs), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw abortReason(signal);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof UnexpectedStatus) return PASSING.has(error.status);
  if (error instanceof Error && 'isFinal' in error) return false;
  const message = error instanceof Error ? error.message : '';
  return !/inner network|redirects|is not followed|certificate/i.test(message);
}
