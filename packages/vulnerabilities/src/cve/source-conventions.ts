import type { AffectedProduct, VersionInterval, VersionScheme, VersionStatus } from '../advisory.ts';
import { compareVersions } from '../versions/compare-versions.ts';

/** Oracle's updates of Java hold all those before: 8u301, 11.0.12. */
const JAVA_UPDATE = /^(\d+)(?:u|\.0\.)\d+(?:-perf)?$/;

/**
 * Oracle names of each line of Java the latest update at the time of its advisory (Critical Patch Updates: "supported versions
 * that are affected"); those before it are affected too.
 *
 * @returns the product with ranges from the beginning of each line; any other product as it is
 */
export function withUpdatesBefore(entry: AffectedProduct): AffectedProduct {
  if (!/^oracle/i.test(entry.product.vendor) || !/java|jdk|jre|openjdk/i.test(entry.product.name)) return entry;
  const versions = entry.versions.map((one) => ({
    ...one,
    range: { ...one.range, intervals: one.range.intervals.map(fromLine) },
  }));
  return { ...entry, versions };
}

function fromLine(interval: VersionInterval): VersionInterval {
  const { from, to } = interval;
  const line = from?.version === to?.version ? JAVA_UPDATE.exec(to?.version ?? '')?.[1] : undefined;
  return line === undefined || to === undefined ? interval : { from: { version: line, isInclusive: true }, to };
}

/** CNAs of distributions that name of the software of others only the releases that mended it. */
const NAMES_MENDED = /^(?:redhat|fedora)$/i;
const NO_VENDOR = /^(?:n\/a|)$/i;

/**
 * Red Hat, as CNA of software that others make, names nothing but the first releases without the weakness, as unaffected: `glibc`,
 * `2.39 unaffected`. What is before the first of them is affected, and of each line of releases what is before its own.
 *
 * @param cna short name of the CNA
 * @returns the product with ranges; any other product as it is
 */
export function withVersionsBefore(entry: AffectedProduct, cna: string): AffectedProduct {
  const { product, versions, otherVersions } = entry;
  if (!NAMES_MENDED.test(cna) || !NO_VENDOR.test(product.vendor) || otherVersions !== 'unknown') return entry;
  const mended = versions.map(mendedVersion);
  if (mended.length === 0 || mended.includes(undefined)) return entry;
  const scheme = versions[0]?.range.scheme ?? 'generic';
  const inOrder = mended.flatMap((version) => version ?? []).sort((a, b) => compareVersions(scheme, a, b));
  return { ...entry, versions: linesOf(inOrder, scheme) };
}

function mendedVersion({ status, range: { intervals, unclear } }: VersionStatus): string | undefined {
  const [interval] = intervals;
  const isOne = intervals.length === 1 && interval?.from?.version === interval?.to?.version;
  const version = interval?.from?.version ?? '';
  // A commit has no order.
  return status === 'not-affected' && unclear === undefined && isOne && /^\d+\.\d/.test(version) ? version : undefined;
}

/** `4.17.12`, `4.18.8`: before 4.17.12 affected, from it to 4.18 mended, from 4.18 to 4.18.8 affected, from there mended. */
function linesOf(mended: readonly string[], scheme: VersionScheme): readonly VersionStatus[] {
  const lines = mended.map((version) => version.split('.').slice(0, -1).join('.'));
  // Without a line each nobody can tell what is between two of them.
  const isEach = mended.length === 1 || (new Set(lines).size === lines.length && !lines.includes(''));
  const ranges = (isEach ? mended : mended.slice(0, 1)).flatMap((version, index): readonly VersionStatus[] => {
    const begin = index === 0 ? undefined : { version: lines[index] ?? '', isInclusive: true };
    const next = lines[index + 1];
    const end = !isEach || next === undefined ? undefined : { version: next, isInclusive: false };
    const before = { ...(begin && { from: begin }), to: { version, isInclusive: false } };
    const from = { from: { version, isInclusive: true }, ...(end && { to: end }) };
    return [
      { range: { scheme, intervals: [before] }, status: 'affected' },
      ...(isEach ? [{ range: { scheme, intervals: [from] }, status: 'fixed' as const }] : []),
    ];
  });
  const last = mended.at(-1);
  if (isEach || last === undefined) return ranges;
  return [
    ...ranges,
    { range: { scheme, intervals: [{ from: { version: last, isInclusive: true } }] }, status: 'fixed' },
  ];
}
