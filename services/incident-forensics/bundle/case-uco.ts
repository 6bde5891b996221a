import { createHash } from 'node:crypto';
import type { CustodyEntry } from '../evidence/custody.ts';
import type { EvidenceItem } from '../evidence/evidence-item.ts';
import type { IncidentView } from '../incidents/incident-record.ts';

/* Terms of CASE 1.3 and UCO 1.3 (caseontology.org, unifiedcyberontology.org). */
const CONTEXT = {
  kb: 'urn:sphinx:case:',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

/** @returns a case as CASE/UCO writes it (JSON-LD): what was found, the pieces of evidence, who did what with them and when */
export function caseOntology(
  view: IncidentView,
  evidence: readonly EvidenceItem[],
  custody: readonly CustodyEntry[],
): object {
  const devices = view.assets.map(({ assetId, name, kind }) => ({
    '@id': idOf('device', assetId),
    '@type': 'uco-observable:Device',
    'uco-core:name': name,
    'uco-core:hasFacet': [
      {
        '@id': idOf('device-facet', view.id, assetId),
        '@type': 'uco-observable:DeviceFacet',
        ...(kind === '' ? {} : { 'uco-observable:deviceType': kind }),
      },
    ],
  }));
  const files = evidence.map(fileOf);
  const records = evidence.map(({ id, about }) => ({
    '@id': idOf('provenance-record', id),
    '@type': 'case-investigation:ProvenanceRecord',
    'uco-core:description': about,
    'case-investigation:exhibitNumber': id,
    'uco-core:object': [{ '@id': idOf('file', id) }],
  }));
  const actors = [...new Set(custody.map(({ actor }) => actor))].map((name) => ({
    '@id': idOf('identity', name),
    '@type': 'uco-identity:Identity',
    'uco-core:name': name,
  }));
  const actions = custody.map((entry) => actionOf(entry, evidence));
  const objects = [...devices, ...files, ...records, ...actions].map(({ '@id': id }) => ({ '@id': id }));
  const investigation = {
    '@id': idOf('investigation', view.id),
    '@type': 'case-investigation:Investigation',
    'uco-core:name': view.title,
    'uco-core:description': view.summary,
    'case-investigation:investigationForm': 'incident',
    'case-investigation:investigationStatus': view.status,
    'uco-core:startTime': timeOf(view.firstSeen),
    'uco-core:object': objects,
  };
  return { '@context': CONTEXT, '@graph': [investigation, ...devices, ...files, ...records, ...actors, ...actions] };
}

function fileOf({ id, name, sizeBytes, mediaType, sha256 }: EvidenceItem) {
  return {
    '@id': idOf('file', id),
    '@type': 'uco-observable:File',
    'uco-core:hasFacet': [
      {
        '@id': idOf('file-facet', id),
        '@type': 'uco-observable:FileFacet',
        'uco-observable:fileName': name,
        'uco-observable:sizeInBytes': { '@type': 'xsd:integer', '@value': String(sizeBytes) },
      },
      {
        '@id': idOf('content-data-facet', id),
        '@type': 'uco-observable:ContentDataFacet',
        'uco-observable:mimeType': mediaType,
        'uco-observable:hash': [
          {
            '@id': idOf('hash', id),
            '@type': 'uco-types:Hash',
            'uco-types:hashMethod': 'SHA256',
            'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256 },
          },
        ],
      },
    ],
  };
}

function actionOf(entry: CustodyEntry, evidence: readonly EvidenceItem[]) {
  const { sequence, time, actor, action, subject, detail } = entry;
  const about = evidence.filter(({ sha256, id }) => sha256 === subject || id === subject);
  return {
    '@id': idOf('investigative-action', entry.case, sequence),
    '@type': 'case-investigation:InvestigativeAction',
    'uco-core:name': action,
    'uco-core:description': detail,
    'uco-action:startTime': timeOf(time),
    'uco-action:performer': { '@id': idOf('identity', actor) },
    ...(about.length === 0 ? {} : { 'uco-action:object': about.map(({ id }) => ({ '@id': idOf('file', id) })) }),
  };
}

/** UCO suggests that ids end with a UUID (UcoThing-identifier-regex-shape); this one follows from what it is of (as RFC 9562 §5.8 allows). */
function idOf(kind: string, ...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `kb:${kind}-${groups.join('-')}`;
}

function timeOf(time: number) {
  return { '@type': 'xsd:dateTime', '@value': new Date(time).toISOString() };
}
