import type { Fingerprint, FingerprintExample } from './database.ts';
import type { FingerprintMatcher } from './matcher.ts';

/**
 * Judges an example as recog's own tests do: the fingerprint that it belongs to is the first to match it, and gives the
 * values that it names.
 *
 * @returns undefined when all is as it should be, else what is not
 */
export function verifyExample(
  matcher: FingerprintMatcher,
  fingerprint: Fingerprint,
  example: FingerprintExample,
): { readonly cause: string; readonly reason: string } | undefined {
  const match = matcher.match(example.text);
  if (match === undefined) return { cause: 'no fingerprint matches', reason: 'no fingerprint matches' };
  if (match.fingerprint !== fingerprint) {
    const { line, description } = match.fingerprint;
    const isEarlier = line < fingerprint.line;
    return {
      cause: isEarlier ? 'an earlier fingerprint matches too' : 'only a later fingerprint matches',
      reason: `the fingerprint of line ${line} (${description}) matches first`,
    };
  }
  for (const [name, expected] of example.expected) {
    const found = match.values.get(name);
    if (found === expected) continue;
    return {
      cause: 'another value',
      reason: `${name} is ${found === undefined ? 'not there' : `'${found}'`}, not '${expected}'`,
    };
  }
  return undefined;
}
