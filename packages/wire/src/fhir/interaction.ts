import { type HttpMessages, keptText } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';
import type { FhirInteraction, HttpExchange } from '../http/types.ts';
import { type BodyFacts, FHIR_TYPE, readBody } from './body.ts';
import { readCapabilities } from './capabilities.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import { grantedScopes } from './scopes.ts';

const NO_CONTENT = 204;
const ACCEPTED = 202;
/** Where servers let the progress of an export be asked for, and what SMART publishes about itself. */
const EXPORT_STATUS = /\$export-poll-status|\/(?:bulkstatus|export-?status|bulk-status|_operations\/export)\b/i;
const SMART_CONFIGURATION = '/.well-known/smart-configuration';
/** `application/fhir+json; fhirVersion=4.0` (FHIR R4 §3.1.0.1.10). */
const VERSION_PARAMETER = /;\s*fhirVersion="?([0-9][0-9.]{0,7})/i;

/** Parts of a path behind the base, with what they mean. */
interface Addressed {
  readonly interaction: string;
  readonly resourceType: string;
  readonly operation: string;
}

/** @returns the FHIR interaction that an exchange is (FHIR R4 §3.1.0), or undefined when it is none */
export function describeFhir(exchange: HttpExchange, messages: HttpMessages): FhirInteraction | undefined {
  const body = keptText(messages.responseBody);
  const scopes = grantedScopes(exchange, body);
  if (scopes.length > 0) return told(exchange, messages, { interaction: 'authorization', scopes });
  if (exchange.path.endsWith(SMART_CONFIGURATION))
    return told(exchange, messages, { interaction: 'smart-configuration' });
  const segments = exchange.path.split('/').filter((segment) => segment !== '');
  const typeIndex = segments.findIndex((segment) => RESOURCE_TYPES.has(segment));
  const types = [exchange.responseType, exchange.requestType, mediaType(messages.requestFields?.get('accept') ?? '')];
  const hasFhirType = types.some((type) => FHIR_TYPE.test(type));
  const hasFhirPath = /fhir/i.test(exchange.path) && (typeIndex >= 0 || isBulkDownload(exchange));
  const isExport = isExportStatus(exchange);
  if (!hasFhirType && !hasFhirPath && !isExport) return undefined;
  if (segments.at(-1) === 'metadata') {
    const capabilities = {
      interaction: 'capabilities',
      resourceType: 'CapabilityStatement',
      ...readCapabilities(body),
    };
    return told(exchange, messages, capabilities);
  }
  const asked = readBody(keptText(messages.requestBody));
  return told(exchange, messages, {
    ...(isExport ? { interaction: 'bulk-export-status' } : addressedBy(exchange, segments, typeIndex, asked)),
    ...factsOf(asked, readBody(body)),
  });
}

function told(
  { status, durationMs, authorization, queryNames }: HttpExchange,
  { requestFields, responseFields }: HttpMessages,
  known: Partial<FhirInteraction> & { readonly interaction: string },
): FhirInteraction {
  const types = [responseFields?.get('content-type'), requestFields?.get('content-type'), requestFields?.get('accept')];
  const versions = types.map((type) => VERSION_PARAMETER.exec(type ?? '')?.[1]);
  return {
    protocol: 'fhir',
    activity: 'interaction',
    resourceType: '',
    operation: '',
    searchParameters: known.interaction === 'authorization' ? [] : queryNames,
    isConditional: isConditional(known.interaction, requestFields, queryNames),
    isAsynchronous: /\brespond-async\b/i.test(requestFields?.get('prefer') ?? ''),
    bundleType: '',
    matches: undefined,
    issues: [],
    scopes: [],
    status,
    durationMs,
    authorization,
    software: '',
    fhirVersion: versions.find((version) => version !== undefined) ?? '',
    ...known,
  };
}

/** FHIR R4 §3.1.0.5 to §3.1.0.8: only if a search finds what it should. */
function isConditional(
  interaction: string,
  fields: ReadonlyMap<string, string> | undefined,
  queryNames: readonly string[],
): boolean {
  const hasSearch = queryNames.some((name) => name !== '_format' && name !== '_pretty');
  return fields?.has('if-none-exist') === true || (/^(?:update|patch|delete)$/.test(interaction) && hasSearch);
}

function factsOf(asked: BodyFacts, answered: BodyFacts): Pick<FhirInteraction, 'bundleType' | 'matches' | 'issues'> {
  return {
    bundleType: asked.bundleType || answered.bundleType,
    matches: answered.bundleType === 'searchset' || answered.bundleType === 'history' ? answered.matches : undefined,
    issues: answered.issues,
  };
}

/** Bulk Data Access 2.0: files of one resource in each line. */
function isBulkDownload({ method, responseType }: HttpExchange): boolean {
  return method === 'GET' && /^application\/(?:fhir\+)?ndjson$/.test(responseType);
}

function isExportStatus({ method, path, status }: HttpExchange): boolean {
  const isAsked = method === 'GET' || method === 'DELETE';
  return isAsked && EXPORT_STATUS.test(path) && (status === undefined || status <= NO_CONTENT || status >= ACCEPTED);
}

function addressedBy(
  exchange: HttpExchange,
  segments: readonly string[],
  typeIndex: number,
  asked: BodyFacts,
): Addressed {
  const behind = typeIndex < 0 ? [] : segments.slice(typeIndex + 1);
  const operation = segments.find((segment) => segment.startsWith('$')) ?? '';
  // `Patient/4711/Observation`: what belongs to a patient (FHIR R4 §3.2.0.5).
  const compartment = behind[1] !== undefined && RESOURCE_TYPES.has(behind[1]) ? behind[1] : undefined;
  const resourceType = compartment ?? segments[typeIndex] ?? '';
  if (isBulkDownload(exchange)) return { interaction: 'bulk-export-file', resourceType, operation };
  if (operation !== '') {
    return { interaction: operation === '$export' ? 'bulk-export' : 'operation', resourceType, operation };
  }
  // All of a compartment is asked for with a star, which is masked like an id.
  const isCompartment = compartment !== undefined || behind[1] === '*' || behind[1] === '{id}';
  return { interaction: interactionOf(exchange, behind, resourceType, isCompartment, asked), resourceType, operation };
}

function interactionOf(
  { method }: HttpExchange,
  behind: readonly string[],
  resourceType: string,
  isCompartment: boolean,
  asked: BodyFacts,
): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (behind.includes('_history')) return behind.at(-1) === '_history' ? 'history' : 'version-read';
      return behind.length > 0 && !isCompartment ? 'read' : 'search';
    case 'POST':
      if (behind.includes('_search')) return 'search';
      if (resourceType !== '') return 'create';
      return asked.bundleType === 'batch' || asked.bundleType === 'message' ? asked.bundleType : 'transaction';
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
