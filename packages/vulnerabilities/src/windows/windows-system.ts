/** Which Windows a text names, as far as it tells. */
export interface WindowsSystem {
  /** Line of the kernel and build: `10.0.19045`. */
  readonly build: string;
  /** Revision of the build, which every cumulative update raises; undefined where the text does not tell. */
  readonly revision: number | undefined;
  /** Undefined where the text does not tell. */
  readonly isServer: boolean | undefined;
}

const NAME = /^(?:microsoft\s+)?windows\b/i;
/** Programs and parts of other makers and of Microsoft that begin with the name of the system. */
const SYSTEM =
  /^(?:microsoft\s+)?windows(?:\s+(?:nt|xp|vista|7|8(?:\.1)?|10|11|server|web server|storage server|embedded|iot|thin pc)\b|\s*\[version|\s*\d+\.\d+|\s*$)/i;
const BUILD = /(?<![\d.])(10\.0|6\.[0-3]|5\.[12])\.(\d{4,5})(?:\.(\d{1,6}))?(?![\d.]*\d)/;
const BARE_BUILD = /^(\d{4,5})(?:\.(\d{1,6}))?$/;

/** @returns whether a name is that of the system and not that of a program for it */
export function isWindowsName(name: string): boolean {
  return NAME.test(name) && SYSTEM.test(name);
}

/**
 * Reads name and version of an inventory, of a banner, of an NTLM challenge (MS-NLMP §2.2.2.10), or what `ver` prints.
 *
 * @returns undefined where the name is that of something else, or no build is told
 */
export function readWindowsSystem(name: string, version: string): WindowsSystem | undefined {
  if (!isWindowsName(name)) return undefined;
  const told = BUILD.exec(version) ?? BUILD.exec(name);
  const bare = told === null && /\b(?:10|11|server 20(?:1[69]|2\d))\b/i.test(name) ? BARE_BUILD.exec(version) : null;
  const [line, build, revision] = told === null ? ['10.0', bare?.[1], bare?.[2]] : [told[1], told[2], told[3]];
  if (build === undefined) return undefined;
  return {
    build: `${line}.${build}`,
    // `10.0.19045.0` is how programs write it that do not ask for the revision.
    revision: revision === undefined || Number(revision) === 0 ? undefined : Number(revision),
    isServer: /\bserver\b/i.test(name)
      ? true
      : /\b(?:xp|vista|7|8|8\.1|10|11)\b(?!\.\d)/i.test(name)
        ? false
        : undefined,
  };
}
