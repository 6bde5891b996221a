import { randomBytes } from 'node:crypto';
import type { Clock, Logger } from '@sphinx/platform';
import { checkTimeStamp, timeStampRequest, tokenOf } from '@sphinx/platform/signing';
import { z } from 'zod';
import type { CustodyEntry } from './custody.ts';

const TIMEOUT_MS = 10_000;
const NONCE_BYTES = 8;
/** Answers are of some kilobytes. */
const MAXIMUM_ANSWER_BYTES = 256 * 1024;

/** A token of an authority over an entry of the chain of custody, and so over everything before it. */
export const EntryTimeStamp = z.object({
  /** Number of the entry. */
  entry: z.int().positive(),
  /** Milliseconds since the Unix epoch, as the authority says. */
  time: z.number(),
  authority: z.string(),
  /** ContentInfo of RFC 3161, base64. */
  token: z.base64(),
});
export type EntryTimeStamp = z.infer<typeof EntryTimeStamp>;
/** As bundles enclose them. */
export const EnclosedTimeStamps = z.array(EntryTimeStamp).max(10_000);

export interface TimeStamperParts {
  /** Address of the authority; empty where there is none, as on a network without the internet. */
  readonly authority: string;
  readonly store: {
    lastEntry(incident: string): Promise<CustodyEntry | undefined>;
    timeStampsOf(incident: string): Promise<readonly EntryTimeStamp[]>;
    addTimeStamp(incident: string, stamp: EntryTimeStamp): Promise<void>;
  };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Has the chain of custody stamped by an authority that is not the hospital (RFC 3161), beside the hospital's own signature. */
export class TimeStamper {
  readonly #parts: TimeStamperParts;
  /** Why the last attempt failed; empty where it did not. */
  lastFault = '';

  constructor(parts: TimeStamperParts) {
    this.#parts = parts;
  }

  /** Has the last entry of a case stamped, where that is wanted and was not done. What fails is said in the log, and tried at the next step. */
  async stamp(incident: string): Promise<void> {
    const { authority, store, logger } = this.#parts;
    if (authority === '') return;
    try {
      const last = await store.lastEntry(incident);
      if (last === undefined) return;
      const stamps = await store.timeStampsOf(incident);
      if (stamps.some(({ entry }) => entry === last.sequence)) return;
      await store.addTimeStamp(incident, await askAuthority(authority, last));
      this.lastFault = '';
    } catch (error) {
      this.lastFault = error instanceof Error ? error.message : String(error);
      logger.warn('The authority gave no time stamp', { incident, error: this.lastFault });
    }
  }
}

/** @throws Error with why there is no time stamp that holds */
async function askAuthority(authority: string, { sequence, hash }: CustodyEntry): Promise<EntryTimeStamp> {
  const digest = Buffer.from(hash, 'hex');
  const nonce = randomBytes(NONCE_BYTES);
  const response = await fetch(authority, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: new Uint8Array(timeStampRequest(digest, nonce)),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`it answered with status ${response.status}`);
  const answer = Buffer.from(await response.arrayBuffer());
  if (answer.length > MAXIMUM_ANSWER_BYTES) throw new Error('its answer is too long');
  const token = tokenOf(answer, nonce);
  const checked = checkTimeStamp(token, digest);
  if (checked.status === 'fails') throw new Error(`its time stamp does not hold: ${checked.reason}`);
  const { time, authority: name } = checked.stamp;
  return { entry: sequence, time, authority: name, token: token.toString('base64') };
}
