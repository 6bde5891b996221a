/** An event as its log tells it: fields by name, or a tree of JSON; deeper ones are reached with dots. */
export type SigmaEvent = Readonly<Record<string, unknown>>;

/** Values of one event that are looked at; more are left out. */
const MAXIMUM_LEAVES = 4096;
const MAXIMUM_DEPTH = 32;

/** @returns a field's name as it is compared: letters of either case, without blanks ("Field Usage" of the specification) */
export function normaliseName(name: string): string {
  return name.toLowerCase().replaceAll(' ', '');
}

/** Names of fields that have a number; hostile events may invent any number of names. */
const MAXIMUM_NAMES = 20_000;
/** Of a name that has no number. */
export const UNNUMBERED = -1;

/** The values of one event, flat; used again for the next one. */
export class EventLeaves {
  readonly names: string[] = [];
  /** Number of each name, the same in every event, so that what is known of a name is found without looking for it; or UNNUMBERED. */
  readonly ids: number[] = [];
  /** Text of each value; undefined for null. */
  readonly texts: (string | undefined)[] = [];
  readonly #lower: (string | undefined)[] = [];
  readonly #treeNames: ReadonlySet<string>;
  readonly #numbers = new Map<string, number>();
  count = 0;

  /** @param treeNames names (normalised) of which rules look at the text of whole objects and lists */
  constructor(treeNames: ReadonlySet<string>) {
    this.#treeNames = treeNames;
  }

  fill(event: SigmaEvent): void {
    this.count = 0;
    for (const name in event) this.#add(name, event[name], 0);
  }

  /** @returns number of the new leaf */
  push(name: string, text: string | undefined): number {
    const leaf = this.count;
    if (leaf >= MAXIMUM_LEAVES) return leaf - 1;
    this.names[leaf] = name;
    this.ids[leaf] = this.#numbers.get(name) ?? this.#number(name);
    this.texts[leaf] = text;
    this.#lower[leaf] = undefined;
    this.count++;
    return leaf;
  }

  #number(name: string): number {
    const number = this.#numbers.size;
    if (number >= MAXIMUM_NAMES) return UNNUMBERED;
    this.#numbers.set(name, number);
    return number;
  }

  /** @returns text of a leaf in lower case, made once */
  lower(leaf: number): string {
    const known = this.#lower[leaf];
    if (known !== undefined) return known;
    const lower = (this.texts[leaf] ?? '').toLowerCase();
    this.#lower[leaf] = lower;
    return lower;
  }

  #add(name: string, value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.push(name, value);
        return;
      case 'number':
      case 'boolean':
      case 'bigint':
        this.push(name, String(value));
        return;
      case 'object':
        if (value === null) this.push(name, undefined);
        else this.#addTree(name, value, depth);
        return;
      default:
    }
  }

  #addTree(name: string, value: object, depth: number): void {
    if (depth >= MAXIMUM_DEPTH || this.count >= MAXIMUM_LEAVES) return;
    const isList = Array.isArray(value);
    const isPlainList = isList && value.every((item) => typeof item !== 'object' || item === null);
    if (!isPlainList && this.#treeNames.has(normaliseName(name))) this.push(name, textOfTree(value));
    if (isList) {
      for (const item of value) this.#add(name, item, depth + 1);
      return;
    }
    const fields = value as Readonly<Record<string, unknown>>;
    for (const key in fields) this.#add(`${name}.${key}`, fields[key], depth + 1);
  }
}

function textOfTree(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}
