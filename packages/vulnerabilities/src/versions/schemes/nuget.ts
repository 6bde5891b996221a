import type { VersionOrder } from '../version-order.ts';
import { compareSemantic, parseSemantic, type SemanticVersion } from './semver.ts';

/*
 * Versions of NuGet packages: Semantic Versioning with a fourth number, and without regard to case
 * (learn.microsoft.com/nuget/concepts/package-versioning, "Normalized version numbers").
 */

const READABLE = /^\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Order of NuGet. */
export const NUGET: VersionOrder<SemanticVersion> = {
  isReadable: (text) => READABLE.test(text),
  parse: (text) => parseSemantic(text.toLowerCase(), 4),
  compare: compareSemantic,
};
