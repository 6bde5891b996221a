import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  areaUnderCurve,
  formOf,
  type ModelKind,
  QuantileSketch,
  RandomCutForest,
  rarityOf,
  readTable,
  seededRandom,
  tailOf,
} from '../../packages/learning/src/index.ts';

/** What is remembered, and rows that only teach. */
const CAPACITY = 256;
const TREES = 32;
const TEACHING = 1000;
/** Rows that the sample stands for. */
const SPAN = 3000;
/** Rows of attacks among all: they are rare on a network. */
const ATTACK_SHARE = 0.02;
const LIMIT = 10;
const STEPS = 20;

/** How well rows that are unlike the others are told, as an area under the curve. */
export interface StreamFigures {
  readonly data: string;
  readonly rows: number;
  readonly attacks: number;
  readonly forest: number;
  readonly robust: number;
}

/**
 * Two streaming models that know no attack, on flows that others recorded: the random cut forest, and robust statistics of each
 * number by itself. Attacks are thinned to two of a hundred rows.
 */
export function compareStreams(): readonly StreamFigures[] {
  const data = [
    ['nsl-kdd', 'nsl-kdd/KDDTrain+_20Percent.txt'],
    ['wustl-ehms', 'wustl-ehms/train.csv'],
  ] as const;
  return data.flatMap(([kind, name]) => {
    const file = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
    return existsSync(file) ? [compareOn(kind, file)] : [];
  });
}

function compareOn(kind: ModelKind, file: string): StreamFigures {
  const { rows, labels } = thinnedRows(kind, file);
  const width = rows[0]?.length ?? 0;
  const forest = new RandomCutForest({ dimensions: width, capacity: CAPACITY, trees: TREES });
  const sketches = Array.from({ length: width }, () => new QuantileSketch({ accuracy: 0.02, maximumBins: 300 }));
  const random = seededRandom(1);
  const scores = { forest: new Float64Array(rows.length), robust: new Float64Array(rows.length) };
  for (const [at, row] of rows.entries()) {
    scores.forest[at] = forest.score(row);
    let rarest = 1;
    for (const [column, sketch] of sketches.entries()) {
      const apart = Math.abs(row[column] ?? 0) * STEPS;
      if (at >= TEACHING) rarest = Math.min(rarest, rarityOf(tailOf(sketch), apart));
      sketch.add(apart);
    }
    scores.robust[at] = -Math.log(rarest);
    if (forest.size < CAPACITY) forest.insert(forest.size, row);
    else if (random.next() < CAPACITY / Math.min(at, SPAN)) forest.insert(random.below(CAPACITY), row);
  }
  const asked = labels.slice(TEACHING);
  return {
    data: kind,
    rows: rows.length,
    attacks: labels.reduce((sum, each) => sum + each, 0),
    forest: areaUnderCurve(scores.forest.slice(TEACHING), asked),
    robust: areaUnderCurve(scores.robust.slice(TEACHING), asked),
  };
}

/** Numbers alone, as logarithms over the spread of the first rows. */
function thinnedRows(kind: ModelKind, file: string) {
  const reading = readTable(readFileSync(file, 'utf8'), formOf(kind));
  if (!reading.isRead || reading.truth === undefined) throw new Error(`${file} could not be read`);
  const { table, truth } = reading;
  const attacks = truth.isAttack.reduce((sum, each) => sum + each, 0);
  const random = seededRandom(2);
  const keep = (ATTACK_SHARE * (table.rows - attacks)) / attacks;
  const kept = Array.from(truth.isAttack.keys()).filter((row) => truth.isAttack[row] === 0 || random.next() < keep);
  const columns = table.columns.flatMap((column) => {
    if (!(column instanceof Float64Array)) return [];
    const logs = kept.map((row) => Math.sign(column[row] ?? 0) * Math.log1p(Math.abs(column[row] ?? 0)));
    const sorted = logs.slice(0, TEACHING).sort((a, b) => a - b);
    const quantile = (share: number) => sorted[Math.floor(share * (TEACHING - 1))] ?? 0;
    const spread = quantile(0.75) - quantile(0.25) || quantile(0.99) - quantile(0.01) || 1;
    return [logs.map((value) => Math.max(-LIMIT, Math.min(LIMIT, (value - quantile(0.5)) / spread)))];
  });
  return {
    rows: kept.map((_, at) => columns.map((column) => column[at] ?? 0)),
    labels: Float64Array.from(kept, (row) => truth.isAttack[row] ?? 0),
  };
}
