import { dicomBody } from '../dicomweb/bodies.ts';
import { soapBody } from '../dpws/invocation.ts';
import { fhirBody } from '../fhir/body.ts';
import { type Hl7Listener, hl7Body } from '../hl7/http.ts';
import { BodyHead, type BodyReader } from './body.ts';
import { mediaType } from './fields.ts';

/** Head of a body that is read for a page title. */
export const TITLE_BYTES = 8 * 1024;
/** A CapabilityStatement is read whole up to this size. */
const CAPABILITY_BYTES = 1024 * 1024;
/** An answer of a token endpoint. */
const TOKEN_BYTES = 16 * 1024;

type Fields = ReadonlyMap<string, string>;

/** @returns what reads the body of a request, whichever version of HTTP it came over; undefined where nothing of it is of interest */
export function requestBody(fields: Fields, hl7: Hl7Listener): BodyReader | undefined {
  return carriedBody(fields, hl7);
}

/** @param target of the request. @returns what reads the body of its answer; undefined where nothing of it is of interest */
export function responseBody(target: string, fields: Fields, hl7: Hl7Listener): BodyReader | undefined {
  const kept = wantedBytes(target, fields);
  if (kept > 0) return new BodyHead(kept);
  return fields.has('content-type') ? carriedBody(fields, hl7) : undefined;
}

function carriedBody(fields: Fields, hl7: Hl7Listener): BodyReader | undefined {
  return dicomBody(fields) ?? soapBody(fields) ?? fhirBody(fields) ?? hl7Body(fields, hl7);
}

/** Only what names software is read: the title of a page, and a FHIR server's statement about itself. */
function wantedBytes(target: string, fields: Fields): number {
  const type = mediaType(fields.get('content-type') ?? '');
  if (fields.has('content-encoding')) return 0;
  if (/\/metadata($|\?)/.test(target) && /json|xml/.test(type)) return CAPABILITY_BYTES;
  if (/\/token($|\?)/.test(target) && /json/.test(type)) return TOKEN_BYTES;
  return type === 'text/html' ? TITLE_BYTES : 0;
}
