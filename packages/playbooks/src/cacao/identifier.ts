import { z } from 'zod';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const IDENTIFIER = new RegExp(`^([a-z][a-z0-9-]*[a-z0-9])--(${UUID})$`);
/** CACAO 2.0 §10.17: RFC 3339 in UTC with `Z`. */
const TIMESTAMP = /^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?Z$/;

/** Type and UUID of an identifier of CACAO 2.0 §10.10, `object-type--UUID`. */
export interface IdentifierParts {
  readonly type: string;
  readonly uuid: string;
}

/** @returns undefined for text that is no identifier */
export function readIdentifier(text: string): IdentifierParts | undefined {
  const [, type, uuid] = IDENTIFIER.exec(text) ?? [];
  return type === undefined || uuid === undefined ? undefined : { type, uuid };
}

/** `object-type--UUID`, the UUID after RFC 4122. */
export const CacaoIdentifier = z
  .string()
  .regex(IDENTIFIER, { error: 'Must be object-type--UUID with a UUID after RFC 4122 (CACAO 2.0 §10.10)', abort: true });

/** An identifier of one type of objects, for example `identity`. */
export function identifierOf(type: string) {
  return CacaoIdentifier.refine((text) => readIdentifier(text)?.type === type, {
    message: `Must be the identifier of a ${type}: ${type}--UUID`,
  });
}

export const CacaoTimestamp = z
  .string()
  .regex(TIMESTAMP, 'Must be a time in UTC such as 2026-11-30T12:00:00.000Z (CACAO 2.0 §10.17)');

/** §3.1: `created` and `modified` are given to the nearest millisecond. */
export const MillisecondTimestamp = CacaoTimestamp.regex(
  /\.\d{3}Z$/,
  'Must have exactly three digits of milliseconds, such as 2026-11-30T12:00:00.000Z (CACAO 2.0 §3.1)',
);
