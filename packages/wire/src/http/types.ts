import type { DicomwebTransaction } from '../dicomweb/types.ts';
import type { DpwsRecord } from '../dpws/types.ts';
import type { Hl7Message } from '../hl7/types.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** One HTTP/1 exchange: a request with its answer. Identifiers in the path are masked, query values never taken. */
export interface HttpExchange extends ProtocolRecord {
  readonly protocol: 'http';
  readonly activity: 'exchange';
  readonly method: string;
  /** Of the request, `HTTP/1.1`; of the answer where no request was seen. */
  readonly version: string;
  readonly host: string;
  /** Path with identifiers masked, without query. */
  readonly path: string;
  /** Names of the query parameters. */
  readonly queryNames: readonly string[];
  readonly status: number | undefined;
  readonly userAgent: string;
  /** Names of the fields of the request in their order, without those that depend on what is asked for. */
  readonly headerOrder: string;
  readonly server: string;
  readonly poweredBy: string;
  /** Where the answer sends the client, identifiers masked, without query; empty where it does not. */
  readonly redirect: string;
  readonly requestType: string;
  readonly responseType: string;
  readonly authorization: Authorization;
  /** Scheme and realm that the server asks for. */
  readonly challenge: string;
  readonly realm: string;
  readonly title: string;
  /** From the head of the request to the head of its answer; undefined where one of them was not seen. */
  readonly durationMs: number | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Bytes of it were not seen, or its request was not. */
  readonly hasGap: boolean;
}

/** Kind of credentials in a request; never their value. */
export type Authorization = 'none' | 'basic' | 'digest' | 'bearer' | 'negotiate' | 'cookie' | 'other';

/** A FHIR interaction (FHIR R4 §3.1.0). */
export interface FhirInteraction extends ProtocolRecord {
  readonly protocol: 'fhir';
  readonly activity: 'interaction';
  readonly interaction: string;
  readonly resourceType: string;
  /** Name of an operation, for example `$everything`. */
  readonly operation: string;
  /** Names of the search parameters; never what is searched for. */
  readonly searchParameters: readonly string[];
  /** Done only if a search finds what it should: conditional create, update, patch or delete. */
  readonly isConditional: boolean;
  /** The answer may come later (`Prefer: respond-async`): how exports are asked for. */
  readonly isAsynchronous: boolean;
  /** Of the bundle that was sent, or that came back: `transaction`, `searchset` …; empty without. */
  readonly bundleType: string;
  /** Matches of a search or versions in a history in all, where the server tells. */
  readonly matches: number | undefined;
  /** Codes of an OperationOutcome: `forbidden`, `not-found` …; never their text. */
  readonly issues: readonly string[];
  /** Of a token that was given (SMART App Launch): what it allows, for example `patient/*.rs`. Never the token. */
  readonly scopes: readonly string[];
  readonly status: number | undefined;
  readonly durationMs: number | undefined;
  readonly authorization: Authorization;
  /** Of a CapabilityStatement. */
  readonly software: string;
  /** Of a CapabilityStatement, or as a media type names it. */
  readonly fhirVersion: string;
}

/** What HTTP carries besides itself. */
export type CarriedRecord = FhirInteraction | DicomwebTransaction | DpwsRecord | Hl7Message;

export type HttpRecord = HttpExchange | CarriedRecord;
