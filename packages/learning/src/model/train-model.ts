import { FLOWS } from '../data/flows.ts';
import { NSL_KDD } from '../data/nsl-kdd.ts';
import { readTable, type TableForm } from '../data/read-table.ts';
import { joinLabelled, type LabelledTable } from '../data/table-rows.ts';
import { WUSTL_EHMS } from '../data/wustl-ehms.ts';
import type { DetectionModel, ModelKind } from './model.ts';
import { trainFlows } from './train-flows.ts';
import { trainNslKdd } from './train-nsl-kdd.ts';
import { trainWustlEhms } from './train-wustl-ehms.ts';
import type { Training } from './training.ts';

const KINDS: Readonly<
  Record<ModelKind, { readonly form: TableForm; readonly train: (training: Training) => DetectionModel }>
> = {
  'nsl-kdd': { form: NSL_KDD, train: trainNslKdd },
  'wustl-ehms': { form: WUSTL_EHMS, train: trainWustlEhms },
  flows: { form: FLOWS, train: trainFlows },
};

/** How a file of this kind is laid out. */
export function formOf(kind: ModelKind): TableForm {
  return KINDS[kind].form;
}

export interface TrainingRequest extends Omit<Training, 'table' | 'truth'> {
  readonly kind: ModelKind;
  /** Content of the data files: their rows are learnt together. */
  readonly texts: readonly string[];
}

export type TrainingResult =
  | { readonly isTrained: true; readonly model: DetectionModel }
  | { readonly isTrained: false; readonly problem: string };

/** Rows of each side below which nothing can be learnt or tried. */
const FEWEST_ROWS = 50;

/** Reads the data and trains a model of its kind. The same data and seed give the same model. */
export function trainModel({ kind, texts, ...training }: TrainingRequest): TrainingResult {
  const { form, train } = KINDS[kind];
  let data: LabelledTable | undefined;
  for (const text of texts) {
    const reading = readTable(text, form);
    if (!reading.isRead) return { isTrained: false, problem: reading.problem };
    const { table, truth } = reading;
    if (truth === undefined) {
      return {
        isTrained: false,
        problem: `There is no column ${form.label}. Training needs to know which rows are attacks.`,
      };
    }
    data = data === undefined ? { table, truth } : joinLabelled(data, { table, truth });
  }
  if (data === undefined) return { isTrained: false, problem: 'There is no file to learn from.' };
  const { table, truth } = data;
  const attacks = truth.isAttack.reduce((sum, label) => sum + label, 0);
  if (attacks < FEWEST_ROWS || table.rows - attacks < FEWEST_ROWS) {
    return {
      isTrained: false,
      problem: `Of ${table.rows} rows ${attacks} are attacks. Training needs at least ${FEWEST_ROWS} attacks and ${FEWEST_ROWS} normal rows.`,
    };
  }
  return { isTrained: true, model: train({ ...training, table, truth }) };
}
