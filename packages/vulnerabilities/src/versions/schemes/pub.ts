import { compareLengths, type VersionOrder } from '../version-order.ts';
import { compareIdentifiers, compareSemantic, parseSemantic, SEMVER, type SemanticVersion } from './semver.ts';

/* Versions of Dart packages: Semantic Versioning, but build metadata counts (pub_semver, "Semantics"). */

/** Order of pub. */
export const PUB: VersionOrder<SemanticVersion> = {
  isReadable: SEMVER.isReadable,
  parse: (text) => parseSemantic(text, 3),
  compare: (first, second) =>
    compareSemantic(first, second) ||
    (first.build.length === 0 || second.build.length === 0
      ? compareLengths(first.build.length, second.build.length)
      : compareIdentifiers(first.build, second.build)),
};
