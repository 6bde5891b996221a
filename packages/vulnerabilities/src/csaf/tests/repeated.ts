import type { Placed } from '../context.ts';

/**
 * @param keyOf what must not come twice; items without a key are left out
 * @returns items whose key an earlier one has
 */
export function repeated<T>(
  items: readonly Placed<T>[],
  keyOf: (value: T) => string | undefined,
): readonly Placed<T>[] {
  const seen = new Set<string>();
  return items.filter(({ value }) => {
    const key = keyOf(value);
    if (key === undefined) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}
