import { BodyHead, type BodyReader } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';

/** Type of a bundle and its number of matches come before its entries. */
const HEAD_BYTES = 2048;
export const FHIR_TYPE = /^application\/(?:fhir\+(?:json|xml|ndjson)|(?:json|xml)\+fhir)$/;
/** FHIR R4 §3.1.0.1.11, value set bundle-type; R5 adds subscription-notification. */
const BUNDLE_TYPES =
  'document|message|transaction|transaction-response|batch|batch-response|history|searchset|collection|subscription-notification';
const JSON_BUNDLE = /"resourceType"\s*:\s*"Bundle"/;
const JSON_TYPE = new RegExp(`"type"\\s*:\\s*"(${BUNDLE_TYPES})"`);
const XML_TYPE = new RegExp(`<type value="(${BUNDLE_TYPES})"`);
const JSON_TOTAL = /"total"\s*:\s*(\d{1,9})\b/;
const XML_TOTAL = /<total value="(\d{1,9})"/;
/** Value set issue-type: words of the standard, of which none names anybody. */
const ISSUE_CODE = /"code"\s*:\s*"([a-z][a-z-]{1,23})"|<code value="([a-z][a-z-]{1,23})"/g;
const MAXIMUM_ISSUES = 8;

/** @returns what keeps the beginning of a resource; undefined for other types, and for what is compressed */
export function fhirBody(fields: ReadonlyMap<string, string>): BodyReader | undefined {
  const isFhir = FHIR_TYPE.test(mediaType(fields.get('content-type') ?? '')) && !fields.has('content-encoding');
  return isFhir ? new BodyHead(HEAD_BYTES) : undefined;
}

/** What the beginning of a body tells without a word about anybody. */
export interface BodyFacts {
  /** Empty where it is no bundle. */
  readonly bundleType: string;
  /** Matches of a search in all, as the server counts them. */
  readonly matches: number | undefined;
  /** Codes of an OperationOutcome: `forbidden`, `not-found` … */
  readonly issues: readonly string[];
}

/** @param head beginning of a body, may end anywhere */
export function readBody(head: string): BodyFacts {
  const start = head.slice(0, HEAD_BYTES);
  const isXml = start.trimStart().startsWith('<');
  const isBundle = isXml ? /<Bundle\b/.test(start) : JSON_BUNDLE.test(start);
  const isOutcome = isXml ? /<OperationOutcome\b/.test(start) : /"resourceType"\s*:\s*"OperationOutcome"/.test(start);
  // Entries have types and numbers of their own.
  const own = start.split(isXml ? '<entry>' : '"entry"', 1)[0] ?? '';
  const total = (isXml ? XML_TOTAL : JSON_TOTAL).exec(own)?.[1];
  const issues = isOutcome ? [...start.matchAll(ISSUE_CODE)].map(([, json, xml]) => json ?? xml ?? '') : [];
  return {
    bundleType: isBundle ? ((isXml ? XML_TYPE : JSON_TYPE).exec(own)?.[1] ?? '') : '',
    matches: isBundle && total !== undefined ? Number(total) : undefined,
    issues: [...new Set(issues)].slice(0, MAXIMUM_ISSUES),
  };
}
