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
    '@id': `kb:device-${assetId}`,
    '@type': 'uco-observable:Device',
    'uco-core:name': name,
    'uco-core:hasFacet': [
      { '@id': `kb:device-${assetId}-facet`, '@type': 'uco-observable:DeviceFacet', 'uco-observable:deviceType': kind },
    ],
  }));
  const files = evidence.map(fileOf);
  const records = evidence.map(({ id, about }) => ({
    '@id': `kb:provenance-${id}`,
    '@type': 'case-investigation:ProvenanceRecord',
    'uco-core:description': about,
    'case-investigation:exhibitNumber': id,
    'uco-core:object': [{ '@id': `kb:file-${id}` }],
  }));
  const actors = [...new Set(custody.map(({ actor }) => actor))].map((name) => ({
    '@id': actorId(name),
    '@type': 'uco-identity:Identity',
    'uco-core:name': name,
  }));
  const actions = custody.map((entry) => actionOf(entry, evidence));
  const objects = [...devices, ...files, ...records, ...actions].map(({ '@id': id }) => ({ '@id': id }));
  const investigation = {
    '@id': `kb:${view.id}`,
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
    '@id': `kb:file-${id}`,
    '@type': 'uco-observable:File',
    'uco-core:hasFacet': [
      {
        '@id': `kb:file-${id}-facet`,
        '@type': 'uco-observable:FileFacet',
        'uco-observable:fileName': name,
        'uco-observable:sizeInBytes': { '@type': 'xsd:integer', '@value': String(sizeBytes) },
      },
      {
        '@id': `kb:file-${id}-content`,
        '@type': 'uco-observable:ContentDataFacet',
        'uco-observable:mimeType': mediaType,
        'uco-observable:hash': [
          {
            '@id': `kb:file-${id}-hash`,
            '@type': 'uco-types:Hash',
            'uco-types:hashMethod': 'SHA256',
            'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256 },
          },
        ],
      },
    ],
  };
}

function actionOf({ sequence, time, actor, action, subject, detail }: CustodyEntry, evidence: readonly EvidenceItem[]) {
  const about = evidence.filter(({ sha256, id }) => sha256 === subject || id === subject);
  return {
    '@id': `kb:action-${sequence}`,
    '@type': 'case-investigation:InvestigativeAction',
    'uco-core:name': action,
    'uco-core:description': detail,
    'uco-action:startTime': timeOf(time),
    'uco-action:performer': { '@id': actorId(actor) },
    'uco-action:object': about.map(({ id }) => ({ '@id': `kb:file-${id}` })),
  };
}

function actorId(name: string): string {
  return `kb:identity-${encodeURIComponent(name)}`;
}

function timeOf(time: number) {
  return { '@type': 'xsd:dateTime', '@value': new Date(time).toISOString() };
}
