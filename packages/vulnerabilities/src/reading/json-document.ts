import { type Reading, read, refuse } from './reading.ts';

/** Objects and arrays inside one another. The formats need less than 40; the stack of the validator bears some thousands. */
const MOST_NESTING = 200;
/** The largest published documents (Red Hat's VEX of the kernel, NVD's pages) have less than 100 MiB. */
const MOST_BYTES = 256 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads JSON as it arrives from a feed: UTF-8 with or without byte order mark, bounded in size and nesting.
 *
 * @param content bytes of a file, or its text
 * @returns the value, or why it is none; never throws
 */
export function readJson(content: Uint8Array | string): Reading<unknown> {
  if (content.length > MOST_BYTES) return refuse('', `is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : decode(content);
  if (text === undefined) return refuse('', 'is not UTF-8');
  if (isNestedDeeper(text, MOST_NESTING)) return refuse('', `is nested deeper than ${MOST_NESTING} levels`);
  try {
    return read(JSON.parse(text) as unknown);
  } catch (error) {
    return refuse('', `is not JSON: ${error instanceof Error ? shorten(error.message) : 'it cannot be parsed'}`);
  }
}

/** @returns a pointer to a member: `/vulnerabilities/0/product_status/fixed` (RFC 6901 §3) */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isNestedDeeper(text: string, most: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** V8 quotes the document in its message: the beginning is enough, and control characters stay out of logs. */
function shorten(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return message.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 160);
}
