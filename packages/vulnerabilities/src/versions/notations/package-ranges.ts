import type { VersionInterval, VersionRange, VersionScheme } from '../../advisory.ts';
import {
  ALL_VERSIONS,
  between,
  type Constraint,
  exactly,
  intersectConstraints,
  nextAt,
  unclearRange,
} from './intervals.ts';

/*
 * Ranges as package managers write them: npm (node-semver, "Ranges"), Cargo ("Specifying Dependencies"), Composer, RubyGems
 * (`~>`), Python (PEP 440, "Version specifiers"), Maven and NuGet (intervals in brackets).
 */

export type RangeSyntax = 'npm' | 'cargo' | 'composer' | 'gem' | 'pypi' | 'maven' | 'nuget';

const SCHEME: Readonly<Record<RangeSyntax, VersionScheme>> = {
  npm: 'semver',
  cargo: 'semver',
  composer: 'packagist',
  gem: 'rubygems',
  pypi: 'pypi',
  maven: 'maven',
  nuget: 'nuget',
};

const LONGEST = 1000;

/** @returns the range, with `unclear` where the text breaks the rules of the syntax */
export function readPackageRange(syntax: RangeSyntax, text: string): VersionRange {
  const scheme = SCHEME[syntax];
  const read = syntax === 'maven' || syntax === 'nuget' ? readBrackets : readAlternatives;
  const intervals = text.length > LONGEST ? undefined : read(syntax, text.trim());
  return intervals === undefined ? unclearRange(scheme, text.slice(0, LONGEST)) : { scheme, intervals };
}

/** `[1.0,2.0)`, `(,1.0]`, `[1.0]`, several with commas between; a bare version is the least that NuGet takes. */
function readBrackets(syntax: RangeSyntax, text: string): VersionInterval[] | undefined {
  if (/^[^\s,[\]()]+$/.test(text)) {
    return syntax === 'nuget' ? [{ from: { version: text, isInclusive: true } }] : [exactly(text)];
  }
  const intervals: VersionInterval[] = [];
  const pattern = /\s*([[(])\s*([^\s,[\]()]*)\s*(?:(,)\s*([^\s,[\]()]*)\s*)?([\])])\s*,?/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, open, low = '', comma, high = '', close] = match;
    if (comma === undefined) {
      if (low === '' || open !== '[' || close !== ']') return undefined;
      intervals.push(exactly(low));
    } else {
      const from = low === '' ? {} : { from: { version: low, isInclusive: open === '[' } };
      intervals.push({ ...from, ...(high === '' ? {} : { to: { version: high, isInclusive: close === ']' } }) });
    }
  }
  return intervals.length === 0 ? undefined : intervals;
}

function readAlternatives(syntax: RangeSyntax, text: string): VersionInterval[] | undefined {
  const separator = syntax === 'composer' ? /\|\|?/ : /\|\|/;
  const alternatives = text.split(separator).map((part) => readAll(syntax, part.trim()));
  return alternatives.every((part) => part !== undefined) ? alternatives.flat() : undefined;
}

/** Constraints that all must hold. */
function readAll(syntax: RangeSyntax, text: string): VersionInterval[] | undefined {
  if (text === '' || text === '*' || /^[xX]$/.test(text)) return [ALL_VERSIONS];
  const span = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  const parts = span === null ? splitParts(text) : [`>=${span[1]}`, `<=${span[2]}`];
  const constraints = parts.map((part) => readPart(syntax, part));
  if (constraints.some((part) => part === undefined)) return undefined;
  return intersectConstraints(
    SCHEME[syntax],
    constraints.flatMap((part) => part ?? []),
  );
}

function splitParts(text: string): readonly string[] {
  return text
    .replaceAll(/([<>=!~^]+)\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
}

const PART = /^(\^|~>|~=|~|===|==|!=|<=|>=|<|>|=)?v?(\d[^\s^~<>=!]*|[xX*])$/;

function readPart(syntax: RangeSyntax, part: string): Constraint[] | undefined {
  const [, written = '', version = ''] = PART.exec(part) ?? [];
  if (version === '') return undefined;
  const sign = written === '' && syntax === 'cargo' ? '^' : written;
  const known = version.replace(/(?:\.[xX*])+(?=$|[-+]).*$/, '');
  if (/^[xX*]$/.test(version)) return [];
  if (sign === '^') return upToBefore(known, nextAt(known, caretPlace(known)));
  if (sign === '~')
    return upToBefore(
      known,
      nextAt(known, syntax === 'composer' ? lastPlace(known) - 1 : Math.min(1, countOf(known) - 1)),
    );
  if (sign === '~>' || sign === '~=') return upToBefore(known, nextAt(known, lastPlace(known) - 1));
  const isPartial =
    known !== version || ((syntax === 'npm' || syntax === 'cargo') && countOf(known) < 3 && !/[-+]/.test(known));
  return isPartial ? ofPartial(sign, known) : [{ sign: plain(sign), version }];
}

function plain(sign: string): Constraint['sign'] {
  return sign === '' || sign === '==' || sign === '===' ? '=' : (sign as Constraint['sign']);
}

/** What a sign means before `1.2.x`, or before `1.2` where three numbers are the rule. */
function ofPartial(sign: string, known: string): Constraint[] | undefined {
  const next = nextAt(known, countOf(known) - 1);
  switch (plain(sign)) {
    case '=':
      return upToBefore(known, next);
    case '<=':
      return [{ sign: '<', version: next }];
    case '>':
      return [{ sign: '>=', version: next }];
    case '<':
    case '>=':
      return [{ sign: plain(sign), version: known }];
    case '!=':
      return undefined;
  }
}

function upToBefore(from: string, before: string): Constraint[] {
  const { from: low, to: high } = between(from, before);
  return [
    { sign: '>=', version: low?.version ?? from },
    { sign: '<', version: high?.version ?? before },
  ];
}

function countOf(version: string): number {
  return (version.split(/[-+]/)[0] ?? '').split('.').length;
}

/** A version of one number has none before the last; its own is raised. */
function lastPlace(version: string): number {
  return Math.max(1, countOf(version.replace(/\.?(?:a|b|rc|dev|post)\d*$/i, '')) - 1);
}

/** The first number that is no zero, or the last that is there. */
function caretPlace(version: string): number {
  const numbers = (version.split(/[-+]/)[0] ?? '').split('.');
  const place = numbers.findIndex((number) => !/^0+$/.test(number));
  return place === -1 ? numbers.length - 1 : place;
}
