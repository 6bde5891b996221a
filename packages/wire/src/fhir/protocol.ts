import type { FhirInteraction } from '../http/types.ts';
import type { EvidenceDraft, Protocol } from '../protocol.ts';

/** Travels over HTTP: the HTTP rooms recognise and read it, this one says what it tells of the two ends. */
export const fhir: Protocol<FhirInteraction> = {
  id: 'fhir',
  title: 'HL7 FHIR over HTTP',
  standards: [
    'HL7 FHIR R4 and R5 §3.1.0 (RESTful API), §3.2 (search, operations)',
    'HL7 FHIR R4 §5.2 (CapabilityStatement)',
    'FHIR Bulk Data Access 2.0 ($export)',
    'SMART App Launch 2.2 §3 (scopes)',
  ],
  transports: [],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  detect: () => 'reject',
  evidence: (record) => [
    { attribute: 'fhir.role', value: 'server', about: 'server' },
    { attribute: 'fhir.role', value: 'client', about: 'client' },
    ...some('fhir.software', record.software, 'server'),
    ...some('fhir.version', record.fhirVersion, 'server'),
    ...some('fhir.resource', record.resourceType, 'server'),
    ...some('fhir.interaction', record.interaction, 'server'),
    ...some('fhir.interaction', record.interaction, 'client'),
    ...record.scopes.flatMap((scope) => some('fhir.scope', scope, 'client')),
    ...acceptedAuthorization(record),
  ],
};

/** What was enough to get a resource; the CapabilityStatement is public by design and says nothing here. */
function acceptedAuthorization(record: FhirInteraction): EvidenceDraft[] {
  if (record.interaction === 'authorization' || record.interaction === 'smart-configuration') return [];
  const isSuccess = record.status !== undefined && record.status >= 200 && record.status < 300;
  if (!isSuccess || record.interaction === 'capabilities') return [];
  return some('fhir.authorization', record.authorization, 'server');
}

function some(attribute: string, value: string, about: 'client' | 'server'): EvidenceDraft[] {
  return value === '' ? [] : [{ attribute, value, about }];
}
