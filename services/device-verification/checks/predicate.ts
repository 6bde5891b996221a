import { z } from 'zod';
import { compareVersions } from './version.ts';

/** A span before or after the present moment, for example `now+30d`. */
const Moment = z.string().regex(/^now([+-]\d+d)?$/);

const Pattern = z.string().refine(isRegularExpression, { message: 'is no regular expression' });

/**
 * What is asked of one value. Every key that is given must hold. Patterns ignore case.
 * A value that a key cannot judge (a date that is none, a text without a version) makes the answer unknown.
 */
export const ValuePredicate = z
  .strictObject({
    equals: z.string().optional(),
    oneOf: z.array(z.string()).min(1).optional().meta({ description: 'Compared without regard to case' }),
    matches: Pattern.optional(),
    doesNotMatch: Pattern.optional(),
    versionBelow: z
      .strictObject({
        pattern: Pattern.meta({ description: 'First group captures the version' }),
        version: z.string(),
      })
      .optional(),
    before: Moment.optional().meta({ description: 'The value is an ISO 8601 time before this moment' }),
    after: Moment.optional().meta({ description: 'The value is an ISO 8601 time after this moment' }),
    keyWeakerThan: z
      .record(z.string(), z.int().positive())
      .optional()
      .meta({ description: 'Key type → bits, for a public key such as "RSA 2048" or "EC P-256"' }),
    spanDaysAbove: z
      .strictObject({ since: z.string(), days: z.number().positive() })
      .optional()
      .meta({ description: 'The value is a time more than so many days after the time in the attribute `since`' }),
  })
  .refine((predicate) => Object.keys(predicate).length > 0, { message: 'asks nothing' });
export type ValuePredicate = z.infer<typeof ValuePredicate>;

/** What a predicate may know besides the value. */
export interface PredicateContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Value of another attribute that was shown in the same place (same role, transport, port). */
  sibling(attribute: string): string | undefined;
}

/** @returns undefined where the value cannot be judged */
export function judgeValue(predicate: ValuePredicate, value: string, context: PredicateContext): boolean | undefined {
  let isUnknown = false;
  for (const answer of answers(predicate, value, context)) {
    if (answer === false) return false;
    if (answer === undefined) isUnknown = true;
  }
  return isUnknown ? undefined : true;
}

function* answers(
  predicate: ValuePredicate,
  value: string,
  context: PredicateContext,
): Generator<boolean | undefined, void> {
  const { equals, oneOf, matches, doesNotMatch, versionBelow, before, after, keyWeakerThan, spanDaysAbove } = predicate;
  if (equals !== undefined) yield value === equals;
  if (oneOf !== undefined) yield oneOf.some((candidate) => candidate.toLowerCase() === value.toLowerCase());
  if (matches !== undefined) yield patternOf(matches).test(value);
  if (doesNotMatch !== undefined) yield !patternOf(doesNotMatch).test(value);
  if (versionBelow !== undefined) {
    const version = patternOf(versionBelow.pattern).exec(value)?.[1];
    yield version === undefined ? undefined : compareVersions(version, versionBelow.version) < 0;
  }
  if (before !== undefined) yield compareTimes(value, before, context.now, (time, moment) => time < moment);
  if (after !== undefined) yield compareTimes(value, after, context.now, (time, moment) => time > moment);
  if (keyWeakerThan !== undefined) yield isWeakerKey(value, keyWeakerThan);
  if (spanDaysAbove !== undefined) {
    const from = Date.parse(context.sibling(spanDaysAbove.since) ?? '');
    const until = Date.parse(value);
    yield Number.isNaN(from) || Number.isNaN(until) ? undefined : until - from > spanDaysAbove.days * DAY_MS;
  }
}

const DAY_MS = 86_400_000;

function compareTimes(
  value: string,
  moment: string,
  now: number,
  compare: (time: number, moment: number) => boolean,
): boolean | undefined {
  const time = Date.parse(value);
  if (Number.isNaN(time)) return undefined;
  const days = moment === 'now' ? 0 : Number.parseInt(moment.slice(3), 10);
  return compare(time, now + days * DAY_MS);
}

/** "RSA 2048" → 2048 bits; "EC P-256" or "EC secp256r1" → 256 bits. */
function isWeakerKey(value: string, limits: Readonly<Record<string, number>>): boolean | undefined {
  const match = /^\s*([A-Za-z]+)[^0-9]*(\d{2,5})/.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const type = match[1].toUpperCase();
  const limit = Object.entries(limits).find(([name]) => name.toUpperCase() === type)?.[1];
  return limit === undefined ? undefined : Number.parseInt(match[2], 10) < limit;
}

const PATTERNS = new Map<string, RegExp>();

/** Patterns come from knowledge files only, so the number kept is bounded by them. */
export function patternOf(source: string): RegExp {
  let pattern = PATTERNS.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(source, 'iu');
    PATTERNS.set(source, pattern);
  }
  return pattern;
}

/** Says whether a text can be used as a pattern. */
export function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}
