import { type FieldTest, testKey } from '../language/field-test.ts';
import { ANY, plainText, type TextPattern } from '../language/text-pattern.ts';
import { normaliseName } from './event-leaves.ts';
import { FieldSlot } from './field-slot.ts';
import { ANYWHERE, AT_END, AT_START, type Place, type PlacedText } from './placed-text.ts';
import { createSearches } from './text-search.ts';

/** One test of one field, however many rules ask it. */
export interface Atom {
  readonly id: number;
  /** Made only when asked for; the others mark themselves. */
  readonly lazy:
    | { readonly test: FieldTest; readonly slot: FieldSlot; readonly other: FieldSlot | undefined }
    | undefined;
  /** Atom without whose hit this one cannot be true; itself where it marks itself; undefined where nothing is needed. */
  readonly trigger: number | undefined;
  /** Guess of how often it is true, 0 to 1. */
  readonly frequency: number;
}

/** Name of the slot that takes all values of an event. */
export const WHOLE_EVENT = '';

/** Gathers the tests of a group of rules by field; equal ones once. */
export class AtomTable {
  readonly atoms: Atom[] = [];
  /** By normalised name. */
  readonly slots = new Map<string, FieldSlot>();
  readonly #known = new Map<string, Atom>();
  readonly #texts = new Map<FieldSlot, PlacedText[]>();

  /** @param field undefined for the whole event */
  atomOf(field: string | undefined, test: FieldTest): Atom {
    const name = field === undefined ? WHOLE_EVENT : normaliseName(field);
    const key = `${name}\n${testKey(test)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const atom = this.#create(name, this.slot(name), test);
    this.#known.set(key, atom);
    return atom;
  }

  slot(name: string): FieldSlot {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    const slot = new FieldSlot();
    this.slots.set(name, slot);
    return slot;
  }

  /** Ends gathering. */
  finish(): void {
    for (const [slot, texts] of this.#texts) slot.searches = createSearches(texts);
    this.#texts.clear();
    this.#known.clear();
  }

  #create(name: string, slot: FieldSlot, test: FieldTest): Atom {
    switch (test.kind) {
      case 'exists':
        return this.#existence(slot);
      case 'null':
        return this.#add({ test, slot, other: undefined }, undefined, 0.5);
      case 'text':
        return this.#text(name, slot, test);
      case 'regex': {
        const literal = test.regex.literal;
        const before = literal === '' ? this.#presence(slot) : this.#contains(slot, literal);
        return this.#add({ test, slot, other: undefined }, before.id, before.frequency);
      }
      case 'field':
        return this.#add({ test, slot, other: this.slot(normaliseName(test.other)) }, this.#presence(slot).id, 1);
      default:
        return this.#add({ test, slot, other: undefined }, this.#presence(slot).id, 1);
    }
  }

  #text(name: string, slot: FieldSlot, test: Extract<FieldTest, { kind: 'text' }>): Atom {
    const { pattern, isCased } = test;
    if (pattern.length === 1 && pattern[0] === ANY) return this.#presence(slot);
    const whole = plainText(pattern);
    if (!isCased && whole !== undefined) return this.#exact(name, slot, whole);
    const placed = isCased ? undefined : placeOf(pattern);
    if (placed !== undefined) return this.#searched(slot, placed.text, placed.place);
    const literal = longestLiteral(pattern).toLowerCase();
    const before = literal === '' ? this.#presence(slot) : this.#contains(slot, literal);
    return this.#add({ test, slot, other: undefined }, before.id, before.frequency);
  }

  #exact(name: string, slot: FieldSlot, text: string): Atom {
    const frequency = name === 'eventid' ? 0.2 : name === 'channel' || name === 'provider_name' ? 0.5 : 0.02;
    const atom = this.#add(undefined, this.atoms.length, text.length < 3 && name !== 'eventid' ? 0.1 : frequency);
    slot.addExact(text, atom.id);
    return atom;
  }

  #contains(slot: FieldSlot, text: string): Atom {
    return this.#searched(slot, text, ANYWHERE);
  }

  #searched(slot: FieldSlot, text: string, place: Place): Atom {
    const atom = this.#add(undefined, this.atoms.length, guessFrequency(text, place));
    const texts = this.#texts.get(slot);
    if (texts === undefined) this.#texts.set(slot, [{ text, atom: atom.id, place }]);
    else texts.push({ text, atom: atom.id, place });
    return atom;
  }

  #existence(slot: FieldSlot): Atom {
    const known = this.atoms[slot.existence];
    if (known !== undefined) return known;
    const atom = this.#add(undefined, this.atoms.length, 1);
    slot.existence = atom.id;
    return atom;
  }

  #presence(slot: FieldSlot): Atom {
    const known = this.atoms[slot.presence];
    if (known !== undefined) return known;
    const atom = this.#add(undefined, this.atoms.length, 1);
    slot.presence = atom.id;
    return atom;
  }

  #add(lazy: Atom['lazy'], trigger: number | undefined, frequency: number): Atom {
    const atom = { id: this.atoms.length, lazy, trigger, frequency };
    this.atoms.push(atom);
    return atom;
  }
}

/** `*text*`, `text*` and `*text` are found by the automaton alone. */
function placeOf(pattern: TextPattern): { readonly text: string; readonly place: Place } | undefined {
  const [first, second, third] = pattern;
  if (pattern.length === 2 && typeof first === 'string' && second === ANY) return { text: first, place: AT_START };
  if (pattern.length === 2 && first === ANY && typeof second === 'string') return { text: second, place: AT_END };
  if (pattern.length === 3 && first === ANY && typeof second === 'string' && third === ANY) {
    return { text: second, place: ANYWHERE };
  }
  return undefined;
}

function longestLiteral(pattern: TextPattern): string {
  return pattern.reduce<string>(
    (best, part) => (typeof part === 'string' && part.length > best.length ? part : best),
    '',
  );
}

/** Longer texts are rarer; values often begin alike, such as paths, so a start tells less for its length. */
function guessFrequency(text: string, place: Place): number {
  return Math.max(0.0005, 0.6 * (place === AT_START ? 0.9 : 0.75) ** text.length);
}
