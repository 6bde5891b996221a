/** A queue that gives the value with the least key first: a binary heap. */
export class MinimumHeap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  push(value: number, key: number): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#values.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#keys[parent] as number) <= key) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  /** @returns undefined when it is empty */
  pop(): { readonly value: number; readonly key: number } | undefined {
    const [key, value] = [this.#keys[0], this.#values[0]];
    const lastKey = this.#keys.pop();
    const lastValue = this.#values.pop();
    if (key === undefined || value === undefined || lastKey === undefined || lastValue === undefined) return undefined;
    const size = this.#keys.length;
    if (size > 0) {
      let at = 0;
      for (let child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && (this.#keys[child + 1] as number) < (this.#keys[child] as number)) child += 1;
        if ((this.#keys[child] as number) >= lastKey) break;
        this.#move(child, at);
        at = child;
      }
      this.#keys[at] = lastKey;
      this.#values[at] = lastValue;
    }
    return { key, value };
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from] as number;
    this.#values[to] = this.#values[from] as number;
  }
}
