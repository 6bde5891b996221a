import type { Authorization } from './types.ts';

/** @returns media type without parameters, in lower case (RFC 9110 §8.3.1) */
export function mediaType(value: string): string {
  return value.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @returns kind of the credentials in a request, never their value */
export function authorizationOf(fields: ReadonlyMap<string, string> | undefined): Authorization {
  const scheme = fields?.get('authorization')?.split(' ', 1)[0]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return fields?.has('cookie') === true ? 'cookie' : 'none';
    case 'basic':
    case 'digest':
    case 'bearer':
    case 'negotiate':
      return scheme;
    case 'ntlm':
      return 'negotiate';
    default:
      return 'other';
  }
}
