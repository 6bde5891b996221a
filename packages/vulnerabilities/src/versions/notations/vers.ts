import type { VersionInterval, VersionRange, VersionScheme } from '../../advisory.ts';
import { ALL_VERSIONS, type Constraint, compare, exactly, unclearRange, without } from './intervals.ts';
import { schemeByName } from './schemes-by-name.ts';

/* `vers:type/constraint|constraint…`: VERS, the version range specifier beside package URLs (github.com/package-url/vers-spec). */

const VERS = /^vers:([a-z][a-z0-9.+-]*)\/(.+)$/is;
const CONSTRAINT = /^(>=|<=|!=|>|<|=)?(.+)$/s;

/**
 * Reads a VERS specifier.
 *
 * @returns undefined where the text is none; a range with `unclear` where it is one that breaks the rules
 */
export function readVers(text: string): VersionRange | undefined {
  const [, type = '', list] = VERS.exec(text.trim()) ?? [];
  if (list === undefined) return undefined;
  const scheme = schemeByName(type);
  const written = list
    .replaceAll(/\s/g, '')
    .split('|')
    .filter((part) => part !== '');
  if (written.length === 1 && written[0] === '*') {
    return { scheme, intervals: type.toLowerCase() === 'none' ? [] : [ALL_VERSIONS] };
  }
  const constraints = written.map(readConstraint);
  if (constraints.length === 0 || constraints.some((each) => each === undefined)) return unclearRange(scheme, text);
  return { scheme, intervals: toIntervals(scheme, constraints as readonly Constraint[]) };
}

function readConstraint(text: string): Constraint | undefined {
  const [, sign = '=', encoded = ''] = CONSTRAINT.exec(text) ?? [];
  try {
    const version = decodeURIComponent(encoded);
    return version === '' || version.includes('*') ? undefined : { sign: sign as Constraint['sign'], version };
  } catch {
    return undefined;
  }
}

function toIntervals(scheme: VersionScheme, constraints: readonly Constraint[]): VersionInterval[] {
  const versions = (sign: Constraint['sign']) =>
    constraints.filter((each) => each.sign === sign).map(({ version }) => version);
  const comparators = constraints.filter(({ sign }) => sign !== '=' && sign !== '!=');
  const excluded = versions('!=');
  const single = versions('=').map(exactly);
  if (comparators.length === 0 && single.length === 0) return without(scheme, [ALL_VERSIONS], excluded);
  const sorted = comparators.toSorted((first, second) => compare(scheme, first.version, second.version));
  return [...without(scheme, pairUp(sorted), excluded), ...single];
}

/** Walks from old to new: a lower bound opens an interval, an upper bound closes it; repeated ones widen it. */
function pairUp(sorted: readonly Constraint[]): VersionInterval[] {
  const intervals: VersionInterval[] = [];
  let open: VersionInterval | undefined = ALL_VERSIONS;
  for (const { sign, version } of sorted) {
    const bound = { version, isInclusive: sign.length === 2 };
    if (sign.startsWith('>')) open ??= { from: bound };
    else if (open !== undefined) {
      intervals.push({ ...open, to: bound });
      open = undefined;
    } else {
      const last = intervals.pop();
      intervals.push({ ...last, to: bound });
    }
    if (sign.startsWith('>') && open === ALL_VERSIONS) open = { from: bound };
  }
  if (open !== undefined && open !== ALL_VERSIONS) intervals.push(open);
  return intervals;
}
