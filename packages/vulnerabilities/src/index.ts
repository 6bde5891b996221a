export type {
  Advisory,
  AdvisorySource,
  AffectedProduct,
  AffectedStatus,
  ProductIdentity,
  Reference,
  Remedy,
  Severity,
  VersionBound,
  VersionInterval,
  VersionRange,
  VersionScheme,
  VersionStatus,
} from './advisory.ts';
export {
  type Fingerprint,
  type FingerprintDatabase,
  type FingerprintExample,
  type FingerprintParameter,
  RECOG_LIMITS,
  type RejectedFingerprint,
} from './recog/database.ts';
export { type FingerprintMatch, FingerprintMatcher } from './recog/matcher.ts';
export { type DatabaseReading, type ReadExampleFile, readFingerprintDatabase } from './recog/read-database.ts';
export { verifyExample } from './recog/verify-example.ts';
export {
  compareVersions,
  isReadableVersion,
  VERSION_SCHEMES,
  versionComparer,
} from './versions/compare-versions.ts';
export { describeRange, isInRange, type RangeVerdict } from './versions/range.ts';
export type { Comparison } from './versions/version-order.ts';
