import type { FhirInteraction, HttpExchange } from '../http/types.ts';
import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';

/** What rules see of a FHIR interaction: keywords `fhir.*`, listed in docs/rules-health.md. */
export function fhirView(
  {
    interaction,
    resourceType,
    operation,
    searchParameters,
    scopes,
    status,
    authorization,
    bundleType,
    issues,
    matches,
  }: FhirInteraction,
  { responseBytes, method }: HttpExchange,
  requestFields: ReadonlyMap<string, string> | undefined,
): TransactionView {
  return transactionView(
    'fhir',
    {
      'fhir.interaction': interaction,
      'fhir.resource_type': resourceType,
      'fhir.method': method,
      'fhir.operation': operation,
      'fhir.search_parameter': searchParameters,
      'fhir.bundle_type': bundleType,
      'fhir.issue': issues,
      'fhir.authorization': authorization,
      'fhir.scope': [...scopes, ...scopesOf(requestFields?.get('authorization') ?? '')],
    },
    { 'fhir.status': status, 'fhir.response_size': responseBytes, 'fhir.matches': matches },
  );
}

/** Scopes of a bearer token that is a JSON Web Token (RFC 9068 §2.2.3; SMART App Launch 2.2 "Scopes"). */
function scopesOf(authorization: string): readonly string[] {
  const claims = /^bearer\s+[\w-]+\.([\w-]+)\./i.exec(authorization)?.[1];
  if (claims === undefined) return [];
  try {
    const { scope, scp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
      scope?: unknown;
      scp?: unknown;
    };
    const given = scope ?? scp;
    return typeof given === 'string' ? given.split(' ') : Array.isArray(given) ? given.map(String) : [];
  } catch {
    return [];
  }
}
