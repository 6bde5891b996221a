export type {
  Advisory,
  AdvisorySource,
  AffectedProduct,
  AffectedStatus,
  Exploitation,
  ProductIdentity,
  ProductMark,
  Reference,
  Remedy,
  Severity,
  VersionBound,
  VersionInterval,
  VersionRange,
  VersionScheme,
  VersionStatus,
} from './advisory.ts';
export type { AttackPattern, AttackTechnique, Catalogue, WeaknessKind } from './catalogues/catalogue.ts';
export { readAttack } from './catalogues/read-attack.ts';
export { readCapec } from './catalogues/read-capec.ts';
export { readCwe } from './catalogues/read-cwe.ts';
export type { CsafResources } from './csaf/csaf-test.ts';
export { readCsaf } from './csaf/read-csaf.ts';
export { CSAF_TESTS, type CsafTestResult, type CsafValidation, validateCsaf } from './csaf/validate-csaf.ts';
export { readCurated } from './curated/read-curated.ts';
export { type CveReading, readCveRecord } from './cve/read-cve-record.ts';
export { readCveStream, type StreamedRecord } from './cve/read-cve-stream.ts';
export { type ExploitPredictions, readEpss } from './exploitation/read-epss.ts';
export { type KnownExploited, readKev } from './exploitation/read-kev.ts';
export { ADVISORY_FORMATS, type AdvisoryFormat, readAdvisories } from './formats/read-advisories.ts';
export { readSoftwareList, SOFTWARE_LIST_FORMATS } from './formats/read-software-list.ts';
export {
  CPE_ATTRIBUTES,
  type CpeAttribute,
  type CpeName,
  type CpeValue,
  formatCpe,
  formatCpeUri,
  parseCpe,
} from './identity/cpe.ts';
export { type CpeRelation, compareCpe, compareCpeValue } from './identity/match-cpe.ts';
export { NameBook, readNameBook } from './identity/name-book.ts';
export { formatPurl, type PackageUrl, packageOfPurl, parsePurl } from './identity/purl.ts';
export { hasNames } from './imports/device-names.ts';
export { IMPORT_FORMATS, type ImportedFile, readImport } from './imports/read-import.ts';
export type {
  DeviceNames,
  ImportedReport,
  ReportedEvidence,
  ReportedForm,
  ReportedModelName,
  ReportedSoftware,
} from './imports/report.ts';
export { type ProductLifecycle, type ReleaseLifecycle, readEndOfLife } from './lifecycles/read-end-of-life.ts';
export { type Addition, CompactAdvisoryIndex } from './match/compact-index.ts';
export { JUDGEMENT_BITS, type Judgement, readJudgement } from './match/judgement.ts';
export { AdvisoryIndex, SoftwareIndex } from './match/match-index.ts';
export { packAdvisory, unpackAdvisory } from './match/packed-advisory.ts';
export { type ReadSoftware, readSoftware } from './match/read-software.ts';
export type { SoftwareItem, SoftwareMatch } from './match/software.ts';
export { readNvd } from './nvd/read-nvd.ts';
export { readOsv } from './osv/read-osv.ts';
export { readJson } from './reading/json-document.ts';
export { describeProblems, type Problem, type Reading } from './reading/reading.ts';
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
export type { ListedSoftware, SoftwareList } from './sbom/software-list.ts';
export { type CvssScores, type CvssSeverity, scoreCvss, severityOf } from './scoring/cvss.ts';
export { type CvssVector, type CvssVersion, formatCvssVector, parseCvssVector } from './scoring/cvss-vector.ts';
export { type AssetContext, applyContext, type Exposure } from './scoring/environment.ts';
export {
  compareVersions,
  isReadableVersion,
  VERSION_SCHEMES,
} from './versions/compare-versions.ts';
export { type OsvEvent, readOsvRange } from './versions/notations/osv-events.ts';
export { type RangeSyntax, readPackageRange } from './versions/notations/package-ranges.ts';
export { schemeByName } from './versions/notations/schemes-by-name.ts';
export { readVers } from './versions/notations/vers.ts';
export { readRangeText } from './versions/notations/words.ts';
export { describeRange, isInRange, type RangeVerdict } from './versions/range.ts';
export type { Comparison } from './versions/version-order.ts';
export { readWeaknessNames } from './weaknesses/weakness-names.ts';
export { type InstalledWindows, WindowsReleaseList, WindowsReleases } from './windows/windows-releases.ts';
export { isWindowsName } from './windows/windows-system.ts';
export { leastBuildOf, readKbName, type WindowsUpdate, windowsUpdatesOf } from './windows/windows-updates.ts';
