import type { IncomingMessage } from 'node:http';
import { abortReason, type DownloadRoute, requestSafely } from './safe-request.ts';

export interface DownloadLimits extends DownloadRoute {
  readonly maximumBytes: number;
  /** For all of it, redirects included. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the host of the first URL only. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** An answer of another status than the one that is needed. */
export class UnexpectedStatus extends Error {
  readonly status: number;
  /** After how long the server wants to be asked again (RFC 9110 §10.2.3); undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`the server answered ${status}`);
    this.name = 'UnexpectedStatus';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Fetches a small file of the internet into memory; `requestSafely` says what makes it safe.
 *
 * @throws Error with the reason, in words that follow "cannot be fetched:"
 */
export async function downloadSafely(url: string, limits: DownloadLimits): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([limits.signal, timeout]);
  try {
    const { response } = await requestSafely(url, { ...limits, signal });
    return await readBody(response, limits.maximumBytes);
  } catch (error) {
    throw signal.aborted ? abortReason(signal) : error;
  }
}

/** @throws UnexpectedStatus, after which the answer is closed */
export function needStatus(response: IncomingMessage, ...statuses: readonly number[]): void {
  const { statusCode = 0, headers } = response;
  if (statuses.includes(statusCode)) return;
  response.destroy();
  throw new UnexpectedStatus(statusCode, readRetryAfter(headers['retry-after']));
}

/** Seconds; of the two forms that the header has, the one that servers send. */
function readRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value.trim()) ? Number(value) * 1000 : undefined;
}

async function readBody(response: IncomingMessage, maximumBytes: number): Promise<Uint8Array> {
  needStatus(response, 200);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maximumBytes) {
      response.destroy();
      throw new Error(`it is larger than ${maximumBytes / 1024 / 1024} MB`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
