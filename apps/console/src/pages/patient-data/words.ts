import { formatQuantity } from '../../components/format.ts';
import type { DataCounts, DataKind } from './queries.ts';

const PLACES: Readonly<Record<string, string>> = {
  internet: 'internet',
  clinical: 'zone of care',
  'not-clinical': 'other zone',
  unknown: 'own network',
};

/** Where an end is, in words. */
export function placeWords(place: string): string {
  return PLACES[place] ?? place;
}

/** "2 × Burgerservicenummer, 3 persons in HL7 version 2", one line for each kind. */
export function countWords(
  { identifiers, records, terms }: DataCounts,
  kinds: ReadonlyMap<string, DataKind>,
): string[] {
  const titleOf = (id: string) => kinds.get(id)?.title ?? id;
  return [
    ...Object.entries(records).map(([id, persons]) => `${titleOf(id)}: ${formatQuantity(persons, 'person')}`),
    ...Object.entries(identifiers).map(([id, count]) => `${titleOf(id)}: ${formatQuantity(count, 'number')}`),
    ...(terms === 0 ? [] : [formatQuantity(terms, 'word of medicine', 'words of medicine')]),
  ];
}
