/** Rows by true class (line) and by answer (column). */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  readonly answers: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** @param truths true class of each row @param answers class that each row was given */
export function confusionMatrix(truths: readonly string[], answers: readonly string[]): ConfusionMatrix {
  const classes = sortedNames(truths);
  const columns = sortedNames([...answers, ...truths]);
  const counts = classes.map(() => columns.map(() => 0));
  const lineOf = new Map(classes.map((name, index) => [name, counts[index] ?? []]));
  const columnOf = new Map(columns.map((name, index) => [name, index]));
  for (const [row, truth] of truths.entries()) {
    const line = lineOf.get(truth);
    const column = columnOf.get(answers[row] ?? '');
    if (line !== undefined && column !== undefined) line[column] = (line[column] ?? 0) + 1;
  }
  return { classes, answers: columns, counts };
}

function sortedNames(names: readonly string[]): string[] {
  return Array.from(new Set(names)).sort((a, b) => Number(b === 'normal') - Number(a === 'normal') || (a < b ? -1 : 1));
}

export interface ClassMetrics {
  readonly name: string;
  readonly rows: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision, recall and F1 of each class that rows have. */
export function metricsPerClass({ classes, answers, counts }: ConfusionMatrix): ClassMetrics[] {
  return classes.map((name, line) => {
    const column = answers.indexOf(name);
    const right = counts[line]?.[column] ?? 0;
    const rows = (counts[line] ?? []).reduce((sum, count) => sum + count, 0);
    const answered = counts.reduce((sum, each) => sum + (each[column] ?? 0), 0);
    return {
      name,
      rows,
      precision: answered === 0 ? 0 : right / answered,
      recall: rows === 0 ? 0 : right / rows,
      f1: rows + answered === 0 ? 0 : (2 * right) / (rows + answered),
    };
  });
}
