import type { MessageHead } from './message-head.ts';
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

/**
 * @returns content codings of a message, outermost last (RFC 9110 §8.4), with what `Transfer-Encoding` adds. Servers that
 *   evade hide them in broken fields, where browsers find them all the same: any field of an answer may name one.
 */
export function codingsOf({ startLine, fields, fieldText }: MessageHead): readonly string[] {
  const declared = fields.get('content-encoding');
  if (declared !== undefined && /gzip|deflate|\bbr\b|zstd/i.test(declared)) return declared.toLowerCase().split(',');
  const isAnswer = /^HTTP\//i.test(startLine);
  const hidden = isAnswer ? /gzip|deflate/i.exec(fieldText.replaceAll('\0', ''))?.[0] : undefined;
  return hidden === undefined ? [] : [hidden.toLowerCase()];
}
