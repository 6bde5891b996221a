import type { Bound } from '../address-set.ts';
import type { Rule } from '../rule.ts';

/** A longer range than this is looked at for every address. */
const MAXIMUM_RANGE = 65_536;
const BLOCK = 256;

/**
 * Rules about addresses alone, most of them lists of known bad hosts: found by blocks of 256 addresses, because hundreds of
 * such rules with dozens of addresses each would be asked for every flow otherwise.
 */
export class AddressIndex {
  readonly #bySource = new Map<number, number[]>();
  readonly #byDestination = new Map<number, number[]>();
  readonly #everywhere: number[] = [];

  add({ header }: Rule, number: number): void {
    const isOneWay = !header.isBidirectional && !header.isTransactional;
    if (isOneWay && this.#addBlocks(this.#bySource, header.source.included, number)) return;
    if (isOneWay && this.#addBlocks(this.#byDestination, header.destination.included, number)) return;
    this.#everywhere.push(number);
  }

  #addBlocks(
    blocks: Map<number, number[]>,
    ranges: readonly { readonly first: Bound; readonly last: Bound }[] | undefined,
    number: number,
  ): boolean {
    if (ranges === undefined || ranges.length === 0) return false;
    const wanted = new Set<number>();
    for (const { first, last } of ranges) {
      if (typeof first !== 'number' || typeof last !== 'number' || last - first > MAXIMUM_RANGE) return false;
      for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block++) wanted.add(block);
    }
    for (const block of wanted) {
      const rules = blocks.get(block);
      if (rules === undefined) blocks.set(block, [number]);
      else rules.push(number);
    }
    return true;
  }

  /** @param found takes the number of every rule that may be about these addresses */
  find(source: Bound | undefined, destination: Bound | undefined, found: (rule: number) => void): void {
    for (const rule of this.#everywhere) found(rule);
    if (typeof source !== 'number' || typeof destination !== 'number') return;
    for (const rule of this.#bySource.get(Math.floor(source / BLOCK)) ?? []) found(rule);
    for (const rule of this.#byDestination.get(Math.floor(destination / BLOCK)) ?? []) found(rule);
  }
}
