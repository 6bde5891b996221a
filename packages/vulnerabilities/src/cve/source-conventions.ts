import type { AffectedProduct, VersionInterval } from '../advisory.ts';

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
