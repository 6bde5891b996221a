import type { PrincipalComponents } from './principal-components.ts';

// Asked for every flow that ends: plain loops over typed arrays (`npm run bench -- ml`). Most inputs of a row are the noughts of
// categories that it does not have; they cost nothing here.

/**
 * What normal rows do not explain, without centring the row: |x − μ|² = |x|² − 2x·μ + |μ|², and along each component c it is
 * x·c − μ·c.
 *
 * @returns a function from a scaled row to the same that `reconstructionError` gives, within rounding
 */
export function quickComponents({ mean, components, count }: PrincipalComponents): (row: Float64Array) => number {
  const width = mean.length;
  const columns = new Float64Array(width * count);
  const shifts = new Float64Array(count);
  let square = 0;
  for (let column = 0; column < width; column++) {
    const middle = mean[column] ?? 0;
    square += middle * middle;
    for (let component = 0; component < count; component++) {
      const weight = components[component * width + column] ?? 0;
      columns[column * count + component] = weight;
      shifts[component] = (shifts[component] ?? 0) - middle * weight;
    }
  }
  const along = new Float64Array(count);
  return (row) => {
    let total = square;
    along.set(shifts);
    for (let column = 0; column < width; column++) {
      const value = row[column] as number;
      if (value === 0) continue;
      total += value * (value - 2 * (mean[column] as number));
      const base = column * count;
      for (let component = 0; component < count; component++) {
        along[component] = (along[component] as number) + value * (columns[base + component] as number);
      }
    }
    for (let component = 0; component < count; component++) total -= (along[component] as number) ** 2;
    return Math.max(0, total);
  };
}
