/* Text with wildcards: "String Wildcard" and "Escaping" of the Sigma rules specification. */

/** Any number of characters. */
export const ANY: unique symbol = Symbol('*');
/** Exactly one. */
export const ONE: unique symbol = Symbol('?');

/** Literal text and wildcards; no two literals and no two `*` beside each other. */
export type TextPattern = readonly (string | typeof ANY | typeof ONE)[];

/** @param value as it stands in a rule */
export function parseTextPattern(value: string): TextPattern {
  const parts: (string | typeof ANY | typeof ONE)[] = [];
  let literal = '';
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? '';
    const next = value[at + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      at++;
    } else if (character === '*' || character === '?') {
      parts.push(literal, character === '*' ? ANY : ONE);
      literal = '';
    } else literal += character;
  }
  parts.push(literal);
  return normalise(parts);
}

/** @returns the pattern of plain text */
export function literalPattern(text: string): TextPattern {
  return text === '' ? [] : [text];
}

export function joinPatterns(...patterns: readonly TextPattern[]): TextPattern {
  return normalise(patterns.flat());
}

function normalise(parts: TextPattern): TextPattern {
  const result: (string | typeof ANY | typeof ONE)[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part === '' || (part === ANY && last === ANY)) continue;
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

export function lowerCasePattern(pattern: TextPattern): TextPattern {
  return pattern.map((part) => (typeof part === 'string' ? part.toLowerCase() : part));
}

/** @returns the text of a pattern without wildcards */
export function plainText(pattern: TextPattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

/** @returns the pattern as a rule would write it; `parseTextPattern` reads it as the same, so no two patterns share a text */
export function describePattern(pattern: TextPattern): string {
  return pattern
    .map((part) => (typeof part === 'string' ? part.replace(/[*?\\]/g, '\\$&') : part === ANY ? '*' : '?'))
    .join('');
}

/**
 * Whether text fits a pattern, in time proportional to the product of both lengths at worst: after a `*`, only the latest is
 * tried again.
 */
export function matchesPattern(pattern: TextPattern, text: string): boolean {
  let part = 0;
  let at = 0;
  let retryPart = -1;
  let retryAt = 0;
  for (;;) {
    const wanted = pattern[part];
    if (wanted === undefined && at === text.length) return true;
    if (wanted === ANY) {
      part++;
      if (part === pattern.length) return true;
      retryPart = part;
      retryAt = at;
      continue;
    }
    if (wanted === ONE && at < text.length) {
      part++;
      at++;
      continue;
    }
    if (typeof wanted === 'string' && text.startsWith(wanted, at)) {
      part++;
      at += wanted.length;
      continue;
    }
    if (retryPart < 0 || retryAt >= text.length) return false;
    retryAt = nextTry(pattern[retryPart], text, retryAt + 1);
    if (retryAt < 0) return false;
    part = retryPart;
    at = retryAt;
  }
}

/** Where the part after a `*` may stand next. */
function nextTry(part: TextPattern[number] | undefined, text: string, from: number): number {
  return typeof part === 'string' ? text.indexOf(part, from) : from;
}
