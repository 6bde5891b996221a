import type { VersionInterval } from '../advisory.ts';

/**
 * Reads what sources write into the field of one version: `< 5.26.2`, `>= 8.0, < 8.18.10`, `5.7.34 and prior`, `1.0 through 1.4`,
 * `Fixed in OpenSSL 1.1.1m (Affected 1.1.1-1.1.1l)`, `7.0.2, 7.0.3`.
 *
 * @returns undefined where the words are not understood; none of their versions is told then
 */
export function readVersionWords(text: string): readonly VersionInterval[] | undefined {
  const trimmed = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(?:all )?versions? (?=[<>=≤≥])/i, '');
  if (trimmed.length > 300) return undefined;
  if (/^(?:all(?: versions?)?|\*|any)$/i.test(trimmed)) return [{}];
  const fixed = /^fixed in .*?\(affected ([^)]*)\)$/i.exec(trimmed);
  if (fixed) return joined((fixed[1] ?? '').split(','), readSpan);
  const comparisons = readComparisons(trimmed);
  if (comparisons) return comparisons;
  const span = readSpan(trimmed);
  if (span) return [span];
  return joined(trimmed.split(/,|;| and | & /i), readSpan);
}

/** One version, or the first number of a product's name and version: what a person would read as a version. */
const VERSION = String.raw`[vV]?\d[0-9A-Za-z._+~:-]*`;
/** Words before a version: `Java SE:8u301`, `version 3.1`, `Firmware v2`. */
const NAME = String.raw`(?:(?!(?:not|fix|patch|mend|resolv|correct|unaffected|since|after|except|from)\w*\s)[A-Za-z][A-Za-z .®™/()_-]*?[:\s]\s*)?`;
const ONE = new RegExp(`^${NAME}(${VERSION})$`);
const FIXED_IN = new RegExp(`^(?:fixed|patched|resolved|corrected)(?: in)?:? (?:version )?${NAME}(${VERSION})$`, 'i');
const SINCE = new RegExp(`^(?:since|starting with|from) ${NAME}(${VERSION})$`, 'i');
const OWN_FORM = /^(?=\S*\d)[^\s,;<>]+(?: (?:ap|p|sp|r|u|patch|update|build) ?\d+)?$/i;
const UP_TO = new RegExp(
  `^(?:(?:all )?versions? )?(before|prior to|earlier than|lower than|up to(?: and including)?|through|until) ${NAME}(${VERSION})$`,
  'i',
);
const AND_EARLIER = new RegExp(
  `^${NAME}(${VERSION}),?(?: \\(?and| or|,) ?(?:all )?(?:prior|earlier|below|lower|before|previous|older)(?: versions?| releases?)?\\)?$`,
  'i',
);
const AND_LATER = new RegExp(
  `^${NAME}(${VERSION}),?(?: and| or) ?(?:later|above|newer|higher|up)(?: versions?)?$`,
  'i',
);
const FROM_TO = new RegExp(
  `^(?:from )?${NAME}(${VERSION}?) ?(?:-|–|to|through|up to(?: and including)?|<=) ?${NAME}(${VERSION})$`,
  'i',
);
const FROM_BEFORE = new RegExp(
  `^(?:from )?${NAME}(${VERSION}) (?:before|prior to|to before|up to but not including) ${NAME}(${VERSION})$`,
  'i',
);

function readSpan(text: string): VersionInterval | undefined {
  const words = text.trim();
  const before = FROM_BEFORE.exec(words);
  if (before) return span(before[1], true, before[2], false);
  const earlier = AND_EARLIER.exec(words);
  if (earlier) return span(undefined, false, earlier[1], true);
  const later = AND_LATER.exec(words);
  if (later) return span(later[1], true, undefined, false);
  const upTo = UP_TO.exec(words);
  if (upTo) return span(undefined, false, upTo[2], /^(?:up|through)/i.test(upTo[1] ?? ''));
  const fixed = FIXED_IN.exec(words);
  if (fixed) return span(undefined, false, fixed[1], false);
  const since = SINCE.exec(words);
  if (since) return span(since[1], true, undefined, false);
  const one = ONE.exec(words);
  const range = FROM_TO.exec(words);
  // `1.1.1-1.1.1l` is a range, `1.2-3` a version of its own: ranges repeat the shape of their first end.
  if (range && isRange(words, range[1] ?? '', range[2] ?? '')) return span(range[1], true, range[2], true);
  if (one) return span(one[1], true, one[1], true);
  // `15.2(7)E3` and `3.1 p5` are versions of their vendors; they are told by being the same.
  return OWN_FORM.test(words) ? span(words, true, words, true) : undefined;
}

function isRange(words: string, from: string, to: string): boolean {
  if (/ (?:-|–|to|through|up to) /i.test(words)) return true;
  return from.includes('.') && to.includes('.') && from.split('.')[0] === to.split('.')[0];
}

const COMPARISON = new RegExp(`^(<=|>=|<|>|=|==|≤|≥) ?(${VERSION})$`);

/** `>= 1.0, < 2.0` is one interval, `< 1.0 || >= 2.0, < 2.1` two. */
function readComparisons(text: string): readonly VersionInterval[] | undefined {
  return joined(text.split('||'), (part) => {
    let interval: VersionInterval | undefined;
    for (const word of part.trim().split(/, ?| (?=[<>=≤≥])/)) {
      const match = COMPARISON.exec(word.trim());
      if (!match) return undefined;
      const version = (match[2] ?? '').replace(/^[vV]/, '');
      const isInclusive = /[=≤≥]/.test(match[1] ?? '');
      const isUpper = /[<≤]/.test(match[1] ?? '');
      if (/^==?$/.test(match[1] ?? '')) interval = span(version, true, version, true);
      else interval = { ...interval, [isUpper ? 'to' : 'from']: { version, isInclusive } };
    }
    return interval;
  });
}

/** @returns undefined as soon as one part is not understood */
function joined(parts: readonly string[], readPart: (part: string) => VersionInterval | undefined) {
  const intervals: VersionInterval[] = [];
  for (const part of parts) {
    const interval = readPart(part);
    if (interval === undefined) return undefined;
    intervals.push(interval);
  }
  return intervals;
}

function span(from: string | undefined, isFromIn: boolean, to: string | undefined, isToIn: boolean): VersionInterval {
  const bound = (version: string, isInclusive: boolean) => ({ version: version.replace(/^[vV]/, ''), isInclusive });
  return {
    ...(from === undefined ? {} : { from: bound(from, isFromIn) }),
    ...(to === undefined ? {} : { to: bound(to, isToIn) }),
  };
}
