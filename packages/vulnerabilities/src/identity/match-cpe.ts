import { CPE_ATTRIBUTES, type CpeName, type CpeValue } from './cpe.ts';

/* How two names stand to each other: CPE name matching, NISTIR 7696, §6. */

/** Of the first name to the second: `superset` is that it names all that the second does, and more. */
export type CpeRelation = 'equal' | 'superset' | 'subset' | 'disjoint' | 'undefined';

/**
 * Compares two names attribute by attribute.
 *
 * @param source may have wildcards
 * @param target with wildcards of its own gives `undefined`, as the specification has it
 * @returns `undefined` also where one is wider in one attribute and narrower in another
 */
export function compareCpe(source: CpeName, target: CpeName): CpeRelation {
  const relations = CPE_ATTRIBUTES.map((attribute) => compareCpeValue(source[attribute], target[attribute]));
  if (relations.includes('disjoint')) return 'disjoint';
  const others = new Set(relations.filter((relation) => relation !== 'equal'));
  const [only, ...more] = others;
  return more.length > 0 ? 'undefined' : (only ?? 'equal');
}

/** Table 6-2 of NISTIR 7696. */
export function compareCpeValue(source: CpeValue, target: CpeValue): CpeRelation {
  if (target.kind === 'text' && hasWildcard(target)) return 'undefined';
  if (source.kind === 'any') return target.kind === 'any' ? 'equal' : 'superset';
  if (target.kind === 'any') return 'subset';
  if (source.kind === 'na' || target.kind === 'na') return source.kind === target.kind ? 'equal' : 'disjoint';
  if (!hasWildcard(source)) return source.text === target.text ? 'equal' : 'disjoint';
  return isCovered(source, target.text) ? 'superset' : 'disjoint';
}

type CpeText = Extract<CpeValue, { kind: 'text' }>;

function hasWildcard({ before, after }: CpeText): boolean {
  return before > 0 || after > 0;
}

function isCovered({ text, before, after }: CpeText, target: string): boolean {
  for (let at = target.indexOf(text); at !== -1 && at <= before; at = target.indexOf(text, at + 1)) {
    if (target.length - at - text.length <= after) return true;
    if (text === '' && at === target.length) return false;
  }
  return false;
}
