import { formatPurl } from '../../identity/purl.ts';
import { readDistributionVersion } from '../../match/distribution-version.ts';
import type { SystemRelease } from './system-release.ts';

/** Names that distributions have in package URLs, where they are not those of os-release. */
const NAMESPACES: Readonly<Record<string, string>> = {
  rhel: 'redhat',
  ol: 'oracle',
  'opensuse-leap': 'opensuse',
  sles: 'suse',
  sled: 'suse',
  amzn: 'amazon',
};

/**
 * @param type of the package manager
 * @returns package URL; undefined where nothing tells which distribution the package is of, since the same name and version
 *   mean different packages in two of them
 */
export function packagePurl(
  type: 'apk' | 'deb' | 'rpm',
  pkg: { readonly name: string; readonly version: string; readonly architecture: string },
  release: SystemRelease,
): string | undefined {
  const told = release.id === '' ? readDistributionVersion(pkg.version)?.distribution : release.id;
  const namespace = type === 'apk' ? (told ?? 'alpine') : told;
  if (namespace === undefined || pkg.version === '') return undefined;
  const epoch = type === 'rpm' ? (/^(\d+):/.exec(pkg.version)?.[1] ?? '') : '';
  return formatPurl({
    type,
    namespace: NAMESPACES[namespace] ?? namespace,
    name: pkg.name,
    // Of RPM the epoch is a qualifier (purl type rpm).
    version: type === 'rpm' ? pkg.version.replace(/^\d+:/, '') : pkg.version,
    qualifiers: new Map([
      ['arch', pkg.architecture],
      ['distro', release.version === '' ? '' : `${release.id}-${release.version}`],
      ['epoch', epoch === '0' ? '' : epoch],
    ]),
  });
}
