import type { HttpExchange } from '../http/types.ts';

/** Scopes of SMART App Launch 2.2 §3 (`patient/Observation.rs`, `launch/patient`, `fhirUser`): words, no values of a patient. */
const SMART_SCOPE =
  /^((patient|user|system)\/[A-Za-z*]+\.([cruds]+|read|write|\*)|launch(\/[a-z-]+)?|openid|fhirUser|offline_access|online_access)$/;
const MAXIMUM_SCOPES = 32;

/** @returns scopes of a token that was given; the token itself is not looked at */
export function grantedScopes({ method, path, status }: HttpExchange, body: string): readonly string[] {
  if (method !== 'POST' || status !== 200 || !path.endsWith('/token')) return [];
  const scope = /"scope"\s*:\s*"([^"\\]{1,2000})"/.exec(body)?.[1] ?? '';
  // What a scope is narrowed to (`?category=laboratory`) is not kept.
  const scopes = scope
    .split(' ')
    .map((one) => one.split('?', 1)[0] ?? '')
    .filter((one) => SMART_SCOPE.test(one));
  return scopes.some((one) => one.includes('/') || one === 'fhirUser') ? scopes.slice(0, MAXIMUM_SCOPES) : [];
}
