import type { ReportedWeakness, SoftwareKind } from '@sphinx/schema';
import { parsePurl } from '../../identity/purl.ts';
import { type JsonRecord, recordOf, recordsOf, textOf, textsOf } from '../../reading/json-fields.ts';
import type { ImportContent, JsonFormat } from '../format.ts';
import { deviceEvidence, EMPTY_REPORT, IMPORT_LIMITS, listedItems } from '../report.ts';
import { reportedWeakness, severityOfWord } from '../weakness.ts';

/* Reports of Trivy in JSON (schema version 2), of images, file systems and virtual machines. */

export const TRIVY: JsonFormat = {
  kind: 'json',
  id: 'trivy',
  title: 'Trivy JSON',
  isIt: (value) => 'ArtifactType' in recordOf(value) && 'SchemaVersion' in recordOf(value),
  read: readTrivy,
};

function readTrivy(value: unknown): ImportContent {
  const document = recordOf(value);
  const results = recordsOf(document.Results);
  const system = recordOf(recordOf(document.Metadata).OS);
  const [family, release] = [textOf(system.Family), textOf(system.Name)];
  const packages = results.flatMap((result) => recordsOf(result.Packages).map((entry) => itemOf(entry, result)));
  // Without `--list-all-pkgs` it names only packages that are concerned.
  const concerned = results.flatMap((result) =>
    recordsOf(result.Vulnerabilities).map((entry) => concernedItem(entry, result)),
  );
  const systems = family === '' ? [] : [{ name: family, version: release, kind: 'operating-system' as const }];
  const items = listedItems([...systems, ...(packages.length > 0 ? packages : concerned)]);
  const taken = Date.parse(textOf(document.CreatedAt));
  const trivy = textOf(recordOf(document.Trivy).Version);
  return {
    tool: trivy === '' ? 'Trivy' : `Trivy ${trivy}`,
    reports: [
      {
        ...EMPTY_REPORT,
        takenAtMs: Number.isNaN(taken) ? undefined : taken,
        evidence: deviceEvidence('report.operating-system', [family, release].join(' ')),
        software: { method: 'scanner', isComplete: packages.length > 0, items },
        weaknesses: results
          .flatMap((result) => recordsOf(result.Vulnerabilities).flatMap((entry) => weaknessOf(entry) ?? []))
          .slice(0, IMPORT_LIMITS.weaknessesOfReport),
      },
    ],
    problems: [],
  };
}

function kindOf({ Class: kind }: JsonRecord): SoftwareKind {
  return kind === 'lang-pkgs' ? 'library' : 'package';
}

function itemOf(entry: JsonRecord, result: JsonRecord) {
  const [version, release] = [textOf(entry.Version), textOf(entry.Release)];
  const epoch = typeof entry.Epoch === 'number' && entry.Epoch > 0 ? `${entry.Epoch}:` : '';
  const purl = textOf(recordOf(entry.Identifier).PURL);
  return {
    name: textOf(entry.Name),
    version: `${version.startsWith(epoch) ? '' : epoch}${version}${release === '' || version.endsWith(`-${release}`) ? '' : `-${release}`}`,
    vendor: textOf(entry.Maintainer),
    kind: kindOf(result),
    purl: parsePurl(purl) === undefined ? undefined : purl,
  };
}

function concernedItem(entry: JsonRecord, result: JsonRecord) {
  const purl = textOf(recordOf(entry.PkgIdentifier).PURL);
  return { name: textOf(entry.PkgName), version: textOf(entry.InstalledVersion), kind: kindOf(result), purl };
}

function weaknessOf(entry: JsonRecord): ReportedWeakness | undefined {
  const id = textOf(entry.VulnerabilityID);
  return reportedWeakness({
    id,
    title: textOf(entry.Title) || id,
    cves: [id, ...textsOf(entry.VendorIDs)].join(' '),
    severity: severityOfWord(textOf(entry.Severity)) ?? 'medium',
    vector: vectorOf(recordOf(entry.CVSS)),
    software: textOf(entry.PkgName),
    version: textOf(entry.InstalledVersion),
    fixedVersion: textOf(entry.FixedVersion),
  });
}

/** Of NVD where it has one, else of the first source. */
function vectorOf(scores: JsonRecord): string {
  const [first = {}] = [scores.nvd, ...Object.values(scores)].filter((score) => score !== undefined).map(recordOf);
  return textOf(first.V40Vector) || textOf(first.V3Vector) || textOf(first.V2Vector);
}
