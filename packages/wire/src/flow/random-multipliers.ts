import { getRandomValues } from 'node:crypto';

/** @returns odd 32-bit numbers chosen by chance, for a multilinear hash (Carter and Wegman 1979; Lemire and Kaser 2014) */
export function randomMultipliers(count: number): Int32Array {
  return getRandomValues(new Int32Array(count)).map((number) => number | 1);
}
