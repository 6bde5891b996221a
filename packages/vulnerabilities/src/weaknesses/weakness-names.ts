/**
 * Reads `knowledge/cwe/weaknesses.json`: names of the weaknesses that MITRE's CWE lists, or ever listed.
 *
 * @returns `CWE-79` → its names, today's first
 * @throws where the text is not of that form; the file is part of SPHINX
 */
export function readWeaknessNames(json: string): ReadonlyMap<string, readonly string[]> {
  const { names } = JSON.parse(json) as { readonly names: Readonly<Record<string, readonly string[]>> };
  return new Map(Object.entries(names));
}
