import type { ZodType } from 'zod';
import { pointer, readJson } from './json-document.ts';
import { MOST_PROBLEMS, type Reading, read } from './reading.ts';

/**
 * Reads JSON of one form.
 *
 * @param schema members that are read; others are left out
 * @returns the value, or what is wrong and where; never throws
 */
export function readAs<T>(schema: ZodType<T>, content: Uint8Array | string): Reading<T> {
  const json = readJson(content);
  return json.isRead ? fitTo(schema, json.value) : json;
}

/** Compares a parsed value with a form. */
export function fitTo<T>(schema: ZodType<T>, value: unknown): Reading<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return read(parsed.data);
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    where: pointer(...path.map((step) => (typeof step === 'number' ? step : String(step)))),
    what: message.charAt(0).toLowerCase() + message.slice(1),
  }));
  return { isRead: false, problems };
}
