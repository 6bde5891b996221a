import type { Severity } from '../advisory.ts';

/**
 * @param vector as published: with the prefix of its version, or bare, which is CVSS 2
 * @returns undefined where the text is no vector of a known version
 */
export function toSeverity(vector: string, score: number | undefined, source: string): Severity | undefined {
  const version =
    /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector)?.[1] ?? (/^\(?AV:[LAN]\/AC:[LMH]\/Au:/.test(vector) ? '2.0' : undefined);
  if (version === undefined) return undefined;
  return { version: version as Severity['version'], vector: vector.replace(/^\((.*)\)$/, '$1'), score, source };
}
