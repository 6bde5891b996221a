import type { VersionScheme } from '../advisory.ts';

/** A version that a distribution gave, taken apart. */
export interface DistributionVersion {
  /** Undefined where the version does not tell. */
  readonly distribution: 'alpine' | 'amazon' | 'debian' | 'fedora' | 'redhat' | 'suse' | 'ubuntu' | undefined;
  /** Release that it is for, as `9` of `el9_2`; empty where the version does not tell. */
  readonly release: string;
  /** Of the maker, without epoch and without what the distribution added. */
  readonly upstream: string;
  /** How the distribution orders the whole. */
  readonly scheme: VersionScheme;
}

type Mark = {
  readonly pattern: RegExp;
  readonly distribution: DistributionVersion['distribution'];
  readonly scheme: VersionScheme;
};

/** What distributions write into the release of their packages. */
const MARKS: readonly Mark[] = [
  { pattern: /[.+_]el(\d+)/, distribution: 'redhat', scheme: 'rpm' },
  { pattern: /[.+_]fc(\d+)/, distribution: 'fedora', scheme: 'rpm' },
  { pattern: /\.amzn(\d+)/, distribution: 'amazon', scheme: 'rpm' },
  { pattern: /[+~]deb(\d+)/, distribution: 'debian', scheme: 'debian' },
  { pattern: /ubuntu()/, distribution: 'ubuntu', scheme: 'debian' },
  { pattern: /-r\d+()$/, distribution: 'alpine', scheme: 'alpine' },
  { pattern: /-(?:lp|bp)?(?:15\d?|12)\d*\.\d+\.\d+()$/, distribution: 'suse', scheme: 'rpm' },
];

/** @returns undefined for a version that its maker may have given as it is */
export function readDistributionVersion(version: string): DistributionVersion | undefined {
  for (const { pattern, distribution, scheme } of MARKS) {
    const match = pattern.exec(version);
    if (match) return { distribution, release: match[1] ?? '', upstream: upstreamOf(version), scheme };
  }
  // An epoch, or a release of numbers after a number: 2:8.39-3 of Debian, 7.60.0-4.30.1 of SUSE.
  if (/^\d+:\d/.test(version) || /^\d[\w.+~]*\d\w*-\d+(?:\.\d+)*(?:[+~]\w+)*$/.test(version)) {
    return { distribution: undefined, release: '', upstream: upstreamOf(version), scheme: 'debian' };
  }
  return undefined;
}

function upstreamOf(version: string): string {
  const withoutEpoch = version.replace(/^\d+:/, '');
  const withoutRelease = withoutEpoch.replace(/-[^-]*$/, '');
  return withoutRelease
    .replace(/[+~](?:dfsg|ds|really|git|bzr|repack|debian|deb|b\d).*$/i, '')
    .replace(/[.+]dfsg.*$/i, '');
}

/** OpenJDK counts 1.8.0.282 where its maker writes 8u282, and 11.0.12.0.7 where it writes 11.0.12. */
export function javaVersion(version: string): string {
  const old = /^(?:1\.)?([5-8])\.0[._](\d+)/.exec(version);
  if (old) return `${old[1]}u${oracleUpdate(old[1] ?? '', Number(old[2]))}`;
  return /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
}

/** From 8u212 on OpenJDK takes the even number after the odd one under which Oracle published the same fixes: 8u312 is 8u311. */
const FIRST_EVEN_UPDATE = 212;

function oracleUpdate(line: string, update: number): number {
  return line === '8' && update >= FIRST_EVEN_UPDATE && update % 2 === 0 ? update - 1 : update;
}
