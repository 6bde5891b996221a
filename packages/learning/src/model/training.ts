import type { Matrix } from '../data/matrix.ts';
import type { Table, Truth } from '../data/table.ts';
import type { ModelCard } from './card.ts';

/** What a model of any kind is trained from. */
export interface Training {
  readonly table: Table;
  readonly truth: Truth;
  /** Name and SHA-256 (hexadecimal) of the data file, for the card. */
  readonly fileName: string;
  readonly sha256: string;
  readonly seed: number;
  /** Time of training, for the card. */
  readonly now: Date;
  readonly progress?: (fraction: number, what: string) => void;
}

/** The fields of a card that follow from the training itself. */
export function cardOf(
  { table, truth, fileName, sha256, seed, now }: Training,
  source: Pick<ModelCard['data'], 'source' | 'licence'>,
): Pick<ModelCard, 'version' | 'created' | 'seed' | 'data' | 'licence'> {
  const attacks = truth.isAttack.reduce((sum, label) => sum + label, 0);
  return {
    version: '1',
    created: now.toISOString(),
    seed,
    data: { name: fileName, sha256, rows: table.rows, attacks, ...source },
    licence: 'Apache-2.0',
  };
}

/** What normal rows usually have: the median of numbers, the most frequent category. */
export function typicalRow({ features }: Table, matrix: Matrix, isAttack: Uint8Array): Float64Array {
  return Float64Array.from(features, ({ kind }, column) => {
    const values: number[] = [];
    for (let row = 0; row < matrix.rows; row++) {
      if (isAttack[row] === 0) values.push(matrix.data[row * matrix.columns + column] ?? 0);
    }
    return kind === 'number' ? median(values) : mostFrequent(values);
  });
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Array.from(counts).reduce((most, each) => (each[1] > most[1] ? each : most), [-1, 0])[0];
}
