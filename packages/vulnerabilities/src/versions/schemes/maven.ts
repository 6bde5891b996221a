import {
  type Comparison,
  compareDigits,
  compareText,
  type VersionOrder,
  withoutLeadingZeros,
} from '../version-order.ts';

/*
 * Maven versions: the "Version Order Specification" of the POM reference as Maven 3 had it until 3.8, which databases of
 * weaknesses follow. The text is cut at dots, hyphens and between digits and letters; what means nothing (zeros, `final`) is
 * dropped at the end and before a hyphen; the shorter list is filled up with what means nothing.
 *
 * The specification has one circle, which is kept: `1.0.rc` < `1.0` < `1.0-1` < `1.0.rc`, since `.0` before a word counts.
 */

interface MavenToken {
  /** Whether a dot is before it, or nothing; else a hyphen or a change between digits and letters. */
  readonly isDotted: boolean;
  readonly isNumber: boolean;
  /** Digits without leading zeros, or a qualifier in small letters. */
  readonly content: string;
}

/** From early to late; any other word is later than `sp`. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Readonly<Record<string, string>> = { cr: 'rc', final: '', ga: '', release: '' };
const SHORT_FORMS: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

const NULL_NUMBER: MavenToken = { isDotted: true, isNumber: true, content: '' };
const NULL_QUALIFIER: MavenToken = { isDotted: false, isNumber: false, content: '' };
const NULL_DOTTED_QUALIFIER: MavenToken = { ...NULL_QUALIFIER, isDotted: true };

/** Order of Maven. */
export const MAVEN: VersionOrder<readonly MavenToken[]> = {
  isReadable: (text) => /^[0-9A-Za-z][0-9A-Za-z._+-]*$/.test(text),
  parse,
  compare,
};

function parse(text: string): readonly MavenToken[] {
  const tokens: MavenToken[] = [];
  const matches = [...text.toLowerCase().matchAll(/([.-]?)(\d+|[^\d.-]+|(?=[.-]|$))/g)];
  for (const [i, [whole, separator, content = '']] of matches.entries()) {
    if (whole === '' && i > 0) continue;
    const isDotted = separator === '.' || i === 0;
    if (!isDotted) dropNulls(tokens);
    const isNumber = content === '' || /^\d/.test(content);
    const isBeforeNumber = /^\d/.test(matches[i + 1]?.[0] ?? '');
    tokens.push({
      isDotted,
      isNumber,
      content: isNumber ? withoutLeadingZeros(content) : spell(content, isBeforeNumber),
    });
  }
  dropNulls(tokens);
  return tokens;
}

function spell(word: string, isBeforeNumber: boolean): string {
  return (isBeforeNumber ? SHORT_FORMS[word] : undefined) ?? ALIASES[word] ?? word;
}

function dropNulls(tokens: MavenToken[]): void {
  while (tokens.at(-1)?.content === '') tokens.pop();
}

function compare(first: readonly MavenToken[], second: readonly MavenToken[]): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = compareToken(first[i] ?? filler(second[i]), second[i] ?? filler(first[i]));
    if (order !== 0) return order;
  }
  return 0;
}

function filler(other: MavenToken | undefined): MavenToken {
  if (other?.isDotted === false) return NULL_QUALIFIER;
  return other?.isNumber === false ? NULL_DOTTED_QUALIFIER : NULL_NUMBER;
}

function compareToken(first: MavenToken, second: MavenToken): Comparison {
  const difference = kindOf(first) - kindOf(second);
  if (difference !== 0) return difference < 0 ? -1 : 1;
  return first.isNumber
    ? compareDigits(first.content, second.content)
    : compareQualifiers(first.content, second.content);
}

/** `.word` < `-word` < `-number` < `.number` */
function kindOf({ isDotted, isNumber }: MavenToken): number {
  if (isNumber) return isDotted ? 3 : 2;
  return isDotted ? 0 : 1;
}

function compareQualifiers(first: string, second: string): Comparison {
  const one = QUALIFIERS.indexOf(first);
  const other = QUALIFIERS.indexOf(second);
  if (one === -1 && other === -1) return compareText(first, second);
  if (one === -1 || other === -1) return one === -1 ? 1 : -1;
  return compareDigits(String(one), String(other));
}
