import { statusName } from '../dicom/status.ts';
import { type BodyReader, type HttpMessages, keptText } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';
import type { HttpExchange } from '../http/types.ts';
import { JsonObjects, PartCounter } from './bodies.ts';
import { type Addressed, addressedBy } from './resource.ts';
import type { DicomwebService, DicomwebTransaction, Representation } from './types.ts';

const FIRST_FAILURE = 400;
const MAXIMUM_REASONS = 8;
/** PS3.18 §8.7.3: media types of DICOM. */
const DICOM_TYPE = /\bapplication\/dicom(?:\+json|\+xml)?\b/i;

/** @returns the DICOMweb transaction that an exchange is (PS3.18 §9 to §11), undefined where it is none */
export function describeDicomweb(exchange: HttpExchange, messages: HttpMessages): DicomwebTransaction | undefined {
  const isUriService = exchange.queryNames.includes('requestType') && exchange.queryNames.includes('objectUID');
  const addressed = isUriService ? uriService(exchange) : addressedBy(exchange.method, messages.target);
  const what = addressed ?? plainFile(exchange);
  if (what === undefined || !(isUriService || what.isProof || hasDicomType(messages))) return undefined;
  const { operation, resource, representation } = what;
  const { status, durationMs, authorization, requestBytes, responseBytes, queryNames } = exchange;
  return {
    protocol: 'dicomweb',
    activity: 'transaction',
    transaction: isUriService ? 'wado-uri' : serviceOf(what),
    operation,
    resource,
    representation,
    requestType: typeOf(messages.requestBody, exchange.requestType),
    responseType: typeOf(messages.responseBody, exchange.responseType),
    queryNames,
    objects: objectsIn(what, messages, exchange),
    ...refusals(operation === 'store' ? keptText(messages.responseBody) : '', messages.responseBody),
    workitemState: operation === 'change-state' ? stateIn(keptText(messages.requestBody)) : '',
    status,
    outcome: status === undefined ? 'unanswered' : status < FIRST_FAILURE ? 'success' : 'failure',
    durationMs,
    requestBytes,
    responseBytes,
    authorization,
  };
}

/** PS3.18 §9: one instance, as an object or rendered. */
function uriService({ responseType }: HttpExchange): Addressed {
  const representation: Representation = responseType === 'application/dicom' ? 'object' : 'rendered';
  return { operation: 'retrieve', resource: 'instance', representation, isProof: true };
}

/** An object that is fetched from a path of which DICOMweb knows nothing. */
function plainFile({ method, responseType }: HttpExchange): Addressed | undefined {
  if (method !== 'GET' || responseType !== 'application/dicom') return undefined;
  return { operation: 'retrieve', resource: '', representation: 'object', isProof: true };
}

function hasDicomType({ requestFields, responseFields }: HttpMessages): boolean {
  const types = [requestFields?.get('content-type'), requestFields?.get('accept'), responseFields?.get('content-type')];
  return types.some((type) => DICOM_TYPE.test(type ?? ''));
}

function serviceOf({ operation, resource }: Addressed): DicomwebService {
  if (resource === 'workitem') return 'ups';
  switch (operation) {
    case 'search':
      return 'qido';
    case 'store':
      return 'stow';
    case 'delete':
    case 'capabilities':
      return operation;
    default:
      return 'wado';
  }
}

function typeOf(body: BodyReader | undefined, type: string): string {
  return body instanceof PartCounter ? body.partType || type : mediaType(type);
}

/** Of a store what was sent, of anything else what came back. */
function objectsIn({ operation, representation }: Addressed, messages: HttpMessages, exchange: HttpExchange) {
  const isSent = operation === 'store' || operation === 'create' || operation === 'update';
  const body = isSent ? messages.requestBody : messages.responseBody;
  const type = isSent ? exchange.requestType : exchange.responseType;
  const isFailure = exchange.status === undefined || exchange.status >= FIRST_FAILURE;
  if (!isSent && isFailure) return undefined;
  if (!isSent && exchange.status === 204) return 0;
  if (body instanceof PartCounter) return body.isWhole ? body.parts : undefined;
  if (body instanceof JsonObjects) return body.isWhole ? body.objects : undefined;
  const isSingle = type === 'application/dicom' || (representation === 'rendered' && type !== 'multipart/related');
  return isSingle ? 1 : undefined;
}

/** Answer of a store: Failed SOP Sequence (0008,1198) with a Failure Reason (0008,1197) in each item (PS3.18 §10.5.3). */
function refusals(
  text: string,
  body: BodyReader | undefined,
): Pick<DicomwebTransaction, 'failedObjects' | 'failureReasons'> {
  if (text === '' || body instanceof PartCounter) return { failedObjects: undefined, failureReasons: [] };
  const reasons = [...text.matchAll(/"?00081197"?[\s\S]{0,80}?(?:"Value"\s*:\s*\[\s*|<Value[^>]{0,20}>\s*)(\d{1,5})/g)];
  const names = reasons.map(([, code]) => statusName('C-STORE', Number(code)));
  return { failedObjects: reasons.length, failureReasons: [...new Set(names)].slice(0, MAXIMUM_REASONS) };
}

/** Procedure Step State (0074,1000), PS3.18 §11.7. */
function stateIn(text: string): string {
  return /00741000[\s\S]{0,80}?(IN PROGRESS|COMPLETED|CANCELED)/.exec(text)?.[1] ?? '';
}
