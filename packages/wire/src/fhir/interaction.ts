import { cleanText } from '../bytes/text.ts';
import type { FhirInteraction, HttpExchange } from '../http/types.ts';

const FHIR_TYPE = /^application\/(fhir\+(json|xml)|(json|xml)\+fhir)$/;
/** Resource types that hospitals exchange (FHIR R4 §2.26); enough to know a FHIR path without its content type. */
const RESOURCE_TYPES = new Set(
  (
    'AllergyIntolerance Appointment AuditEvent Binary Bundle CapabilityStatement CarePlan CareTeam Claim Communication ' +
    'Composition Condition Consent Coverage Device DeviceMetric DeviceRequest DiagnosticReport DocumentReference Encounter ' +
    'Endpoint EpisodeOfCare FamilyMemberHistory Flag Goal Group HealthcareService ImagingStudy Immunization List Location ' +
    'Media Medication MedicationAdministration MedicationDispense MedicationRequest MedicationStatement MessageHeader ' +
    'NutritionOrder Observation OperationOutcome Organization Patient Person Practitioner PractitionerRole Procedure ' +
    'Provenance Questionnaire QuestionnaireResponse RelatedPerson Schedule ServiceRequest Slot Specimen StructureDefinition ' +
    'Subscription Task ValueSet'
  ).split(' '),
);

/** @returns the FHIR interaction that an exchange is, or undefined when it is none */
export function describeFhir(exchange: HttpExchange, body: string): FhirInteraction | undefined {
  const scopes = grantedScopes(exchange, body);
  if (scopes.length > 0) return authorization(exchange, scopes);
  const segments = exchange.path.split('/').filter((segment) => segment !== '');
  const typeIndex = segments.findIndex((segment) => RESOURCE_TYPES.has(segment));
  const isCapability = segments.at(-1) === 'metadata';
  const hasFhirType = FHIR_TYPE.test(exchange.responseType) || FHIR_TYPE.test(exchange.requestType);
  const hasFhirPath = typeIndex >= 0 && /fhir/i.test(exchange.path);
  if (!hasFhirType && !hasFhirPath) return undefined;
  const resourceType = isCapability ? 'CapabilityStatement' : (segments[typeIndex] ?? '');
  const behindType = typeIndex < 0 ? [] : segments.slice(typeIndex + 1);
  return {
    protocol: 'fhir',
    activity: 'interaction',
    interaction: isCapability ? 'capabilities' : interactionOf(exchange, segments, behindType, resourceType),
    resourceType,
    operation: segments.find((segment) => segment.startsWith('$')) ?? '',
    searchParameters: exchange.queryNames,
    scopes: [],
    status: exchange.status,
    durationMs: exchange.durationMs,
    authorization: exchange.authorization,
    ...readCapabilities(isCapability ? body : ''),
  };
}

/** Scopes of SMART App Launch 2.2 §3 (`patient/Observation.rs`, `launch/patient`, `fhirUser`): words, no values of a patient. */
const SMART_SCOPE =
  /^((patient|user|system)\/[A-Za-z*]+\.([cruds]+|read|write|\*)|launch(\/[a-z-]+)?|openid|fhirUser|offline_access|online_access)$/;
const MAXIMUM_SCOPES = 32;

/** @returns scopes of a token that was given; the token itself is not looked at */
function grantedScopes({ method, path, status }: HttpExchange, body: string): readonly string[] {
  if (method !== 'POST' || status !== 200 || !path.endsWith('/token')) return [];
  const scope = /"scope"\s*:\s*"([^"\\]{1,2000})"/.exec(body)?.[1] ?? '';
  const scopes = scope.split(' ').filter((one) => SMART_SCOPE.test(one));
  return scopes.some((one) => one.includes('/') || one === 'fhirUser') ? scopes.slice(0, MAXIMUM_SCOPES) : [];
}

function authorization(exchange: HttpExchange, scopes: readonly string[]): FhirInteraction {
  return {
    protocol: 'fhir',
    activity: 'interaction',
    interaction: 'authorization',
    resourceType: '',
    operation: '',
    searchParameters: [],
    scopes,
    status: exchange.status,
    durationMs: exchange.durationMs,
    authorization: exchange.authorization,
    software: '',
    fhirVersion: '',
  };
}

function interactionOf(
  { method }: HttpExchange,
  segments: readonly string[],
  behindType: readonly string[],
  resourceType: string,
): string {
  const operation = segments.find((segment) => segment.startsWith('$'));
  if (operation === '$export') return 'bulk-export';
  if (operation !== undefined) return 'operation';
  const isSearchPost = behindType.includes('_search');
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (behindType.includes('_history')) return 'history';
      return behindType.length > 0 ? 'read' : 'search';
    case 'POST':
      if (isSearchPost) return 'search';
      return resourceType === '' ? 'transaction' : 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return 'other';
  }
}

/** software.name, software.version and fhirVersion of a CapabilityStatement, JSON or XML. */
function readCapabilities(body: string): Pick<FhirInteraction, 'software' | 'fhirVersion'> {
  if (body.startsWith('<')) {
    const software = /<software>[\s\S]{0,400}?<\/software>/.exec(body)?.[0] ?? '';
    const value = (name: string, text: string) => new RegExp(`<${name} value="([^"]{1,100})"`).exec(text)?.[1] ?? '';
    return {
      software: cleanText(`${value('name', software)} ${value('version', software)}`),
      fhirVersion: cleanText(value('fhirVersion', body), 16),
    };
  }
  try {
    const statement = JSON.parse(body) as { software?: { name?: unknown; version?: unknown }; fhirVersion?: unknown };
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    return {
      software: cleanText(`${text(statement.software?.name)} ${text(statement.software?.version)}`),
      fhirVersion: cleanText(text(statement.fhirVersion), 16),
    };
  } catch {
    return { software: '', fhirVersion: '' };
  }
}
