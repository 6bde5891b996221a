import { pointer } from '../../reading/json-document.ts';
import { MOST_PROBLEMS, type Problem } from '../../reading/reading.ts';
import type { CsafTest } from '../csaf-test.ts';
import { validateStructure } from '../schema/validate-schema.ts';

/** The document as a whole: distribution, address, order and members (CSAF 2.0 §6.2.10, 6.2.11, 6.2.13, 6.2.20). */
export const HEAD_TESTS: readonly CsafTest[] = [
  {
    id: '6.2.10',
    title: 'Missing TLP label',
    run: ({ document }) =>
      document.document.distribution?.tlp?.label === undefined
        ? [{ where: '/document/distribution/tlp/label', what: 'is missing' }]
        : [],
  },
  {
    id: '6.2.11',
    title: 'Missing Canonical URL',
    run({ document }) {
      const name = fileName(document.document.tracking.id);
      const isCanonical = document.document.references?.some(
        ({ category, url }) => category === 'self' && url.startsWith('https://') && url.endsWith(`/${name}`),
      );
      return isCanonical
        ? []
        : [{ where: '/document/references', what: `has no self reference from https:// to ${name}` }];
    },
  },
  {
    id: '6.2.13',
    title: 'Sorting',
    run: ({ document }) => unsortedMembers(document, '').slice(0, MOST_PROBLEMS),
  },
  {
    id: '6.2.20',
    title: 'Additional Properties',
    run: ({ document }) => validateStructure(document, true),
  },
];

/** Name of the file that a document is published as (CSAF 2.0 §5.1). */
function fileName(trackingId: string): string {
  return `${trackingId.toLowerCase().replace(/[^+\-a-z0-9]+/g, '_')}.json`;
}

function unsortedMembers(value: unknown, where: string): readonly Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  return entries.flatMap(([key, member], at) => {
    const place = where + pointer(key);
    const before = entries[at - 1]?.[0];
    const isLate = !isList && before !== undefined && before > key;
    const inside = unsortedMembers(member, place);
    return isLate ? [{ where: place, what: `stands after ${before}` }, ...inside] : inside;
  });
}
