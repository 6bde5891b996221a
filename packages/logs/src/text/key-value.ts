/*
 * `name=value` one after another, as firewalls and auditd write them: values bare, or in quotes with backslashes.
 */

export interface KeyValueOptions {
  /** Between name and value. */
  readonly assign?: string;
  /** Between pairs, beside blanks. */
  readonly separator?: string;
}

const MAXIMUM_PAIRS = 500;
const NAME = /[\p{L}\p{N}_.@:/-]/u;

/** @returns the pairs of a text; what is no pair is passed over. The last of several of the same name stands. */
export function readKeyValues(text: string, options: KeyValueOptions = {}): Record<string, string> {
  const { assign = '=', separator = ' ' } = options;
  const pairs: Record<string, string> = Object.create(null) as Record<string, string>;
  let at = 0;
  for (let count = 0; count < MAXIMUM_PAIRS; count++) {
    const place = text.indexOf(assign, at);
    if (place < 0) break;
    let start = place;
    while (start > at && NAME.test(text[start - 1] ?? '')) start--;
    const value = readValue(text, place + assign.length, separator);
    if (start < place) pairs[text.slice(start, place)] = value.text;
    at = value.end;
  }
  return pairs;
}

function readValue(text: string, start: number, separator: string): { readonly text: string; readonly end: number } {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === quote) return { text: withoutBackslashes(text.slice(start + 1, at)), end: at + 1 };
    }
  }
  let end = start;
  while (end < text.length && text[end] !== separator && !(separator === ' ' && /[\s,]/.test(text[end] ?? ''))) end++;
  return { text: text.slice(start, end).trim(), end };
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(["'\\])/g, '$1');
}
