import { z } from 'zod';
import type { SoftwareItem } from '../match/software.ts';
import { readWindowsSystem, type WindowsSystem } from './windows-system.ts';

/** A release of Windows, under the name that Microsoft's records give it. */
const WindowsRelease = z.strictObject({
  build: z.string().regex(/^\d+\.\d+\.\d{4,5}$/),
  name: z.string().min(1),
  /** Product of CPE names. */
  cpe: z.string().regex(/^[a-z0-9_.]+$/),
  isServer: z.boolean().default(false),
});
export type WindowsRelease = z.infer<typeof WindowsRelease>;

/** The file of `knowledge/windows-releases`. */
export const WindowsReleaseList = z.strictObject({
  version: z.string(),
  references: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
  releases: z.array(WindowsRelease).min(1),
});

/** An installed Windows under the names of records, and how well its version is known. */
export interface InstalledWindows {
  readonly system: WindowsSystem;
  /** One for each release that it may be: client and server have builds in common. */
  readonly items: readonly SoftwareItem[];
}

/** Releases of Windows by build. */
export class WindowsReleases {
  readonly #byBuild: ReadonlyMap<string, readonly WindowsRelease[]>;

  constructor(releases: readonly WindowsRelease[]) {
    this.#byBuild = Map.groupBy(releases, ({ build }) => build);
  }

  /**
   * Names an installed Windows as records do. Without the revision of the build its version stays unknown: nobody can tell which updates
   * it has.
   *
   * @param isServer what else is known of the device; what the name says goes first
   * @returns undefined where the name is that of something else, or its build is not known
   */
  read({ name, version }: Pick<SoftwareItem, 'name' | 'version'>, isServer?: boolean): InstalledWindows | undefined {
    const system = readWindowsSystem(name, version);
    const releases = system === undefined ? undefined : this.#byBuild.get(system.build);
    if (system === undefined || releases === undefined) return undefined;
    const kind = system.isServer ?? isServer;
    const fitting = releases.filter((release) => release.isServer === kind);
    const installed = system.revision === undefined ? '' : `${system.build}.${system.revision}`;
    return {
      system,
      items: (fitting.length === 0 ? releases : fitting).map((release) => itemOf(release, installed)),
    };
  }
}

function itemOf({ name, cpe }: WindowsRelease, version: string): SoftwareItem {
  return {
    vendor: 'Microsoft',
    name,
    version,
    cpe: `cpe:2.3:o:microsoft:${cpe}:${version === '' ? '*' : version}:*:*:*:*:*:*:*`,
  };
}
