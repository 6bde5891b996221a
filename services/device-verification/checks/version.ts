/**
 * Compares versions as makers print them in banners: numbers by value, letters by alphabet, `1.0.2` before `1.0.2k`,
 * `8.4` before `8.4p1`. Ecosystem-specific order (Debian epochs, semantic pre-releases) is not needed for banners.
 *
 * @returns negative when `a` is older than `b`, 0 when equal, positive when newer
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = comparePart(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): readonly (string | number)[] {
  return (version.match(/\d+|[a-z]+/gi) ?? []).map((part) =>
    /^\d/.test(part) ? Number.parseInt(part, 10) : part.toLowerCase(),
  );
}

/** A missing part counts as zero against a number and comes before a letter. */
function comparePart(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string') return b === undefined ? 1 : -1;
  if (typeof b === 'string') return a === undefined ? -1 : 1;
  return (a ?? 0) - (b ?? 0);
}
