import { Automaton } from './automaton.ts';
import { DenseAutomaton, LARGEST_TABLE_BYTES } from './dense-automaton.ts';
import { EdgeTexts } from './edge-texts.ts';
import { FewTexts } from './few-texts.ts';
import { ANYWHERE, AT_END, AT_START, type AtomMarks, type PlacedText, type TextSearch } from './placed-text.ts';
import { MOST_TEXTS, SHORTEST, SkippingSearch } from './skipping-search.ts';
import { buildTrie } from './trie.ts';

/** So many short texts are found faster one by one, by the engine's own search. */
const FEW = 4;
const NOT_ASCII = /[^\0-\x7f]/;

/** @returns what finds the texts in a value; none empty */
export function createSearches(texts: readonly PlacedText[]): readonly TextSearch[] {
  const atStart = texts.filter(({ place }) => place === AT_START);
  const atEnd = texts.filter(({ place }) => place === AT_END);
  return [
    ...(atStart.length === 0 ? [] : [new EdgeTexts(atStart, false)]),
    ...(atEnd.length === 0 ? [] : [new EdgeTexts(atEnd, true)]),
    ...searchesAnywhere(texts.filter(({ place }) => place === ANYWHERE)),
  ];
}

function searchesAnywhere(texts: readonly PlacedText[]): readonly TextSearch[] {
  const short = texts.filter(({ text }) => text.length < SHORTEST);
  const long = texts.filter(({ text }) => text.length >= SHORTEST);
  if (short.length > FEW || long.length > MOST_TEXTS) return automata(texts);
  return [
    ...(short.length === 0 ? [] : [new FewTexts(short)]),
    ...(long.length === 0 ? [] : [new SkippingSearch(long)]),
  ];
}

/** Texts of foreign letters would make the rows of all others many times longer, and most values have none of them. */
function automata(texts: readonly PlacedText[]): readonly TextSearch[] {
  const foreign = texts.filter(({ text }) => NOT_ASCII.test(text));
  const others = foreign.length === 0 ? texts : texts.filter(({ text }) => !NOT_ASCII.test(text));
  return [
    ...(others.length === 0 ? [] : [automatonFor(others)]),
    ...(foreign.length === 0 ? [] : [new ForeignTexts(automatonFor(foreign))]),
  ];
}

function automatonFor(texts: readonly PlacedText[]): TextSearch {
  const trie = buildTrie(texts);
  return DenseAutomaton.tableBytes(trie) <= LARGEST_TABLE_BYTES ? new DenseAutomaton(trie) : new Automaton(trie);
}

/** Looks at values only that have a letter beyond ASCII. */
class ForeignTexts implements TextSearch {
  readonly #search: TextSearch;

  constructor(search: TextSearch) {
    this.#search = search;
  }

  get bytes(): number {
    return this.#search.bytes;
  }

  scan(value: string, marks: AtomMarks): void {
    if (NOT_ASCII.test(value)) this.#search.scan(value, marks);
  }
}
