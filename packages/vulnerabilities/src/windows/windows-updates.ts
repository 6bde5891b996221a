import type { Advisory } from '../advisory.ts';
import { compareVersions } from '../versions/compare-versions.ts';

/** An update of Windows and the build that it brings a device to. */
export interface WindowsUpdate {
  /** `KB5034122`. */
  readonly kb: string;
  /** `10.0.19045.3930`. */
  readonly version: string;
}

const ARTICLES = [
  /\bKB\s?(\d{6,8})\b/i,
  /support\.microsoft\.com\/(?:[a-z]{2}-[a-z]{2}\/)?(?:help|kb|topic\/kb)\/?(\d{6,8})\b/i,
  /[?&]q=KB(\d{6,8})\b/i,
];
const FULL_BUILD = /(?<![\d.])(?:10\.0|6\.[0-3])\.\d{4,5}\.\d{1,6}(?![\d.]*\d)/g;

/** @returns which builds the updates bring that an advisory names as fixes (CSAF remediations of Microsoft) */
export function windowsUpdatesOf({ remedies }: Pick<Advisory, 'remedies'>): readonly WindowsUpdate[] {
  return remedies.flatMap(({ kind, text, url }) => {
    if (kind !== 'fix') return [];
    const number = ARTICLES.map((article) => article.exec(url)?.[1] ?? article.exec(text)?.[1]).find(Boolean);
    const versions = new Set(text.match(FULL_BUILD) ?? []);
    return number === undefined ? [] : [...versions].map((version) => ({ kb: `KB${number}`, version }));
  });
}

/** @returns a name as an update of Windows, or undefined where it is none */
export function readKbName(name: string): string | undefined {
  const number = /^\s*KB\s?(\d{6,8})\s*$/i.exec(name)?.[1];
  return number === undefined ? undefined : `KB${number}`;
}

/**
 * Says which build a device has at least, from the updates that are on it. Later updates that no record names may be on it as well.
 *
 * @param build of the device: `10.0.19045`
 * @param versionsOf builds that an update brings
 * @returns undefined where none of the updates is about that build
 */
export function leastBuildOf(
  build: string,
  installed: Iterable<string>,
  versionsOf: (kb: string) => readonly string[],
): string | undefined {
  let least: string | undefined;
  for (const kb of installed) {
    for (const version of versionsOf(kb)) {
      if (!version.startsWith(`${build}.`)) continue;
      if (least === undefined || compareVersions('generic', version, least) > 0) least = version;
    }
  }
  return least;
}
