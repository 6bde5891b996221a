/** A set of places of which each is asked for often: a list and a mark for each place. */
export class MarkedPlaces {
  readonly #marks: Uint8Array;
  readonly #places: Int32Array;
  #size = 0;

  /** @param count places run from 0 to one less than this */
  constructor(count: number) {
    this.#marks = new Uint8Array(count);
    this.#places = new Int32Array(count);
  }

  get size(): number {
    return this.#size;
  }

  add(place: number): void {
    if (this.#marks[place] !== 0) return;
    this.#marks[place] = 1;
    this.#places[this.#size] = place;
    this.#size += 1;
  }

  addAll(others: MarkedPlaces): void {
    for (let index = 0; index < others.#size; index++) this.add(others.#places[index] as number);
  }

  at(index: number): number {
    return this.#places[index] as number;
  }

  clear(): void {
    for (let index = 0; index < this.#size; index++) this.#marks[this.#places[index] as number] = 0;
    this.#size = 0;
  }

  toSet(): Set<number> {
    return new Set(this.#places.subarray(0, this.#size));
  }
}
