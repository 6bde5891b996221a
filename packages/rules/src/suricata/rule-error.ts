/** Why a rule cannot be loaded, in words that follow "rejected because …". */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

/** @returns whole number of a keyword's value. @throws RuleError when it is none or out of range */
export function parseNumber(text: string, what: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
  const trimmed = text.trim();
  if (!/^[+-]?(0x[0-9a-f]+|\d+)$/i.test(trimmed)) throw new RuleError(`${what} '${trimmed}' is not a number`);
  const isNegative = trimmed.startsWith('-');
  const value = Number(trimmed.replace(/^[+-]/, '')) * (isNegative ? -1 : 1);
  if (value < minimum || value > maximum) throw new RuleError(`${what} ${trimmed} is not ${minimum} to ${maximum}`);
  return value;
}

/** @returns text without the quotes around it, and whether an exclamation mark stands before it */
export function unquote(value: string): { readonly isNegated: boolean; readonly text: string } {
  let text = value.trim();
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1).trim();
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) text = text.slice(1, -1);
  return { isNegated, text };
}

/** @returns value of an option that needs one. @throws RuleError when it has none */
export function needValue(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new RuleError(`${name} has no value`);
  return value;
}
