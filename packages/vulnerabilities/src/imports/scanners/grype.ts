import type { ReportedWeakness } from '@sphinx/schema';
import { type JsonRecord, recordOf, recordsOf, textOf, textsOf } from '../../reading/json-fields.ts';
import type { ImportContent, JsonFormat } from '../format.ts';
import { deviceEvidence, EMPTY_REPORT, IMPORT_LIMITS, listedItems } from '../report.ts';
import { reportedWeakness, severityOfWord } from '../weakness.ts';

/* Reports of Grype in JSON. They name only software in which something was found: the list is never complete. */

export const GRYPE: JsonFormat = {
  kind: 'json',
  id: 'grype',
  title: 'Grype JSON',
  isIt: (value) =>
    Array.isArray(recordOf(value).matches) && textOf(recordOf(recordOf(value).descriptor).name) === 'grype',
  read: readGrype,
};

function readGrype(value: unknown): ImportContent {
  const document = recordOf(value);
  const matches = recordsOf(document.matches, IMPORT_LIMITS.weaknessesOfReport);
  const descriptor = recordOf(document.descriptor);
  const distribution = recordOf(document.distro);
  const [name, version] = [textOf(distribution.name), textOf(distribution.version)];
  const taken = Date.parse(textOf(descriptor.timestamp));
  const systems = name === '' ? [] : [{ name, version, kind: 'operating-system' as const }];
  return {
    tool: ['Grype', textOf(descriptor.version)].join(' ').trim(),
    reports: [
      {
        ...EMPTY_REPORT,
        takenAtMs: Number.isNaN(taken) ? undefined : taken,
        evidence: deviceEvidence('report.operating-system', [name, version].join(' ')),
        software: {
          method: 'scanner',
          isComplete: false,
          items: listedItems([...systems, ...matches.map(({ artifact }) => itemOf(recordOf(artifact)))]),
        },
        weaknesses: matches.flatMap((match) => weaknessOf(match) ?? []),
      },
    ],
    problems: [],
  };
}

const OF_SYSTEMS = new Set(['apk', 'deb', 'rpm', 'portage', 'alpm', 'kb']);

function itemOf(artifact: JsonRecord) {
  return {
    name: textOf(artifact.name),
    version: textOf(artifact.version),
    purl: textOf(artifact.purl),
    cpe: textsOf(artifact.cpes)[0],
    kind: OF_SYSTEMS.has(textOf(artifact.type)) ? ('package' as const) : ('library' as const),
  };
}

function weaknessOf(match: JsonRecord): ReportedWeakness | undefined {
  const vulnerability = recordOf(match.vulnerability);
  const related = recordsOf(match.relatedVulnerabilities, 100);
  const artifact = recordOf(match.artifact);
  const id = textOf(vulnerability.id);
  const scores = [vulnerability, ...related].flatMap(({ cvss }) => recordsOf(cvss, 20));
  return reportedWeakness({
    id,
    title: textOf(vulnerability.description) || textOf(related[0]?.description) || id,
    cves: [id, ...related.map((one) => textOf(one.id))].join(' '),
    severity: severityOfWord(textOf(vulnerability.severity)) ?? 'medium',
    vector: scores.map(({ vector }) => textOf(vector)).sort((a, b) => (a > b ? -1 : 1))[0],
    software: textOf(artifact.name),
    version: textOf(artifact.version),
    fixedVersion: textsOf(recordOf(vulnerability.fix).versions).join(', '),
  });
}
