import type { SigmaLogsource } from '../language/rule.ts';

/** Combinations that are remembered; hostile events may invent any number. */
const MAXIMUM = 5000;

/** What is remembered of one combination. */
export interface Remembered<Value> {
  value: Value | undefined;
  /** With one source more, by its number. */
  readonly further: Map<number, Remembered<Value>>;
}

/** Remembers something for each log and combination of sources that events are of. */
export class CombinationMemory<Value> {
  readonly #withoutOrigin: Remembered<Value> = create();
  /** Formats of logs tell the same object for each event. */
  readonly #byOrigin = new WeakMap<SigmaLogsource, Remembered<Value>>();
  readonly #byOriginKey = new Map<string, Remembered<Value>>();
  #count = 0;

  /** @returns where to keep the value; undefined where there is no room for one more combination */
  find(
    origin: SigmaLogsource | undefined,
    sources: readonly { readonly number: number }[],
  ): Remembered<Value> | undefined {
    let found = origin === undefined ? this.#withoutOrigin : (this.#byOrigin.get(origin) ?? this.#addOrigin(origin));
    for (const { number } of sources) {
      if (found === undefined) return undefined;
      found = found.further.get(number) ?? this.#add(found.further, number);
    }
    return found;
  }

  #addOrigin(origin: SigmaLogsource): Remembered<Value> | undefined {
    const key = originKey(origin);
    const found = this.#byOriginKey.get(key) ?? this.#add(this.#byOriginKey, key);
    if (found !== undefined) this.#byOrigin.set(origin, found);
    return found;
  }

  #add<Key>(into: Map<Key, Remembered<Value>>, key: Key): Remembered<Value> | undefined {
    if (this.#count >= MAXIMUM) return undefined;
    this.#count++;
    const room = create<Value>();
    into.set(key, room);
    return room;
  }
}

/** @returns text that is the same for logs that are the same */
export function originKey({ product, category, service }: SigmaLogsource): string {
  return `${product ?? ''}/${category ?? ''}/${service ?? ''}`;
}

function create<Value>(): Remembered<Value> {
  return { value: undefined, further: new Map() };
}
