import type { VersionInterval, VersionRange, VersionScheme } from '../../advisory.ts';
import { compare, unclearRange } from './intervals.ts';
import { schemeByName } from './schemes-by-name.ts';

/* Ranges as events: OSV (ossf.github.io/osv-schema). */

/** One of them is there. */
export interface OsvEvent {
  readonly introduced?: string | undefined;
  readonly fixed?: string | undefined;
  readonly last_affected?: string | undefined;
  readonly limit?: string | undefined;
}

/**
 * Reads a range of OSV.
 *
 * @param type `SEMVER`, `ECOSYSTEM` or `GIT`, which tells commits and no versions
 * @param ecosystem `npm`, `Debian:12`
 */
export function readOsvRange(type: string, ecosystem: string, events: readonly OsvEvent[]): VersionRange {
  const scheme = type.toUpperCase() === 'SEMVER' ? 'semver' : schemeByName(ecosystem);
  if (type.toUpperCase() === 'GIT') return unclearRange(scheme, 'commits, no versions');
  const sorted = events.flatMap(toStep).toSorted((first, second) => orderSteps(scheme, first, second));
  const intervals: VersionInterval[] = [];
  let open: VersionInterval | undefined;
  for (const { version, kind } of sorted) {
    if (kind === 'introduced') open ??= version === '0' ? {} : { from: { version, isInclusive: true } };
    else if (open !== undefined && version !== '*') {
      intervals.push({ ...open, to: { version, isInclusive: kind === 'last' } });
      open = undefined;
    }
  }
  if (open !== undefined) intervals.push(open);
  return { scheme, intervals };
}

interface Step {
  readonly kind: 'introduced' | 'fixed' | 'last';
  readonly version: string;
}

function toStep({ introduced, fixed, last_affected: last, limit }: OsvEvent): Step[] {
  if (introduced !== undefined) return [{ kind: 'introduced', version: introduced }];
  if (last !== undefined) return [{ kind: 'last', version: last }];
  const version = fixed ?? limit;
  return version === undefined ? [] : [{ kind: 'fixed', version }];
}

/** `0` is before all versions, `*` after all. */
function orderSteps(scheme: VersionScheme, first: Step, second: Step): number {
  const rank = ({ kind, version }: Step) => {
    if (version === '*') return 1;
    return kind === 'introduced' && version === '0' ? -1 : 0;
  };
  return rank(first) - rank(second) || compare(scheme, first.version, second.version);
}
