import type { VersionRange, VersionScheme } from '../advisory.ts';

/** @returns exactly one version; a list or a range that stands where a version should is read as what it is */
export function versionRange(version: string, scheme: VersionScheme = 'generic'): VersionRange {
  const bound = { version, isInclusive: true };
  return { scheme, intervals: [{ from: bound, to: bound }] };
}

export function readRange(text: string): VersionRange {
  return { scheme: 'generic', intervals: [], unclear: text };
}
