import type { ProbeContext } from '../probe.ts';
import { isAnswerWhole, readHttpAnswer } from './http-answer.ts';
import { httpRequest } from './http-request.ts';

/** Where servers keep their base, most usual first. */
const BASES = ['/fhir', '', '/fhir/r4', '/baseR4', '/hapi-fhir-jpaserver/fhir'];
const STATEMENT_TYPES = ['CapabilityStatement', 'Conformance'];
const ANSWER_WAIT_MS = 8000;

/** Connections that asking for the statement takes at most. */
export const STATEMENT_CONNECTIONS = BASES.length;

export interface FhirServer {
  /** Path in front of `/metadata`, without a slash at its end. */
  readonly base: string;
  /** Its capability statement (FHIR R5 §3.2.0.12) as it came. */
  readonly statement: Readonly<Record<string, unknown>>;
}

/** Asks the usual addresses for a capability statement. @returns undefined where there is none. @throws ProbeStopped */
export async function findFhirServer(context: ProbeContext): Promise<FhirServer | undefined> {
  for (const base of BASES) {
    const stream = await context.connect();
    if (stream === undefined) return undefined;
    const path = `${base}/metadata`;
    stream.send(httpRequest(context, 'GET', path, { Accept: 'application/fhir+json' }), `GET ${path}`);
    const answer = readHttpAnswer(await stream.receive(isAnswerWhole, ANSWER_WAIT_MS));
    stream.close();
    const statement = answer?.status === 200 ? parse(answer.body) : undefined;
    if (isObject(statement) && STATEMENT_TYPES.includes(String(statement.resourceType))) return { base, statement };
  }
  return undefined;
}

/** @returns codes of `rest.security.service`, or what is missing */
export function declaredSecurity(statement: FhirServer['statement']): string {
  const security = restOf(statement).flatMap((entry) => (isObject(entry.security) ? [entry.security] : []));
  if (security.length === 0) return 'none';
  const services = security.flatMap(({ service }) => objectsIn(service));
  const codes = services
    .flatMap(({ coding }) => objectsIn(coding))
    .flatMap(({ code }) => (typeof code === 'string' ? [code] : []));
  return codes.length === 0 ? 'described in words' : [...new Set(codes)].slice(0, 8).join(', ');
}

/** @returns types of resource for which the statement tells a search (`rest.resource.interaction`) */
export function searchableTypes(statement: FhirServer['statement']): ReadonlySet<string> {
  const resources = restOf(statement).flatMap(({ resource }) => objectsIn(resource));
  const searchable = resources.filter(({ interaction }) =>
    objectsIn(interaction).some(({ code }) => code === 'search-type'),
  );
  return new Set(searchable.flatMap(({ type }) => (typeof type === 'string' ? [type] : [])));
}

function restOf(statement: FhirServer['statement']): Record<string, unknown>[] {
  return objectsIn(statement.rest);
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
