import type { Advisory } from '../advisory.ts';

/**
 * @returns what matching, scoring and ranking need of an advisory: without description, references and the texts of remedies,
 * which are most of its bytes
 */
export function leanAdvisory(advisory: Advisory): Advisory {
  const remedies = new Map(advisory.remedies.map((remedy) => [`${remedy.kind} ${remedy.products.join()}`, remedy]));
  return {
    ...advisory,
    description: '',
    references: [],
    remedies: [...remedies.values()].map(({ kind, products }) => ({ kind, text: '', url: '', products })),
  };
}
