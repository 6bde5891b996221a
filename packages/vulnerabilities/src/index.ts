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
