/**
 * Reads the lists of IP reputation (Suricata user guide, "IP Reputation Format").
 *
 * @param categories text of the file of categories: `id,short name,description` a line
 * @param lists texts of the lists: `address,id of the category,score 0 to 127` a line
 * @returns category → address → score; lines of another form are left out
 */
export function parseReputation(
  categories: string,
  lists: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const names = new Map<string, string>();
  const scores = new Map<string, Map<string, number>>();
  for (const line of categories.split('\n')) {
    const [id = '', name] = line.split(',').map((part) => part.trim());
    if (!/^\d+$/.test(id) || name === undefined) continue;
    names.set(id, name);
    scores.set(name, new Map());
  }
  for (const line of lists.flatMap((list) => list.split('\n'))) {
    const [address = '', id = '', score = ''] = line.split(',').map((part) => part.trim());
    if (/^\d+$/.test(score)) scores.get(names.get(id) ?? '')?.set(address, Number(score));
  }
  return scores;
}
