import type { DetectionModel, ModelKind, Table, Truth } from '@sphinx/learning';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, Option } from 'commander';
import { cardText, evaluationText, type PredictedRow, predictionText } from '../terminal/learning-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';
import { runningModelCommands } from './ml-running.ts';
import { readDataFile, readDataFiles, readModelFile, saveModel, writeRows } from './model-files.ts';

/** `sphinx ml [train | flows | evaluate | predict | card | running | feedback | retrain | accept | discard | undo]` */
export function mlCommand(): Command {
  const command = defineModelCommand(
    'ml',
    'train, judge and explain models that tell attacks from normal traffic',
    EXAMPLE,
  )
    .addCommand(trainCommand())
    .addCommand(flowsCommand())
    .addCommand(evaluateCommand())
    .addCommand(predictCommand())
    .addCommand(cardCommand());
  for (const each of runningModelCommands()) command.addCommand(each);
  return command;
}

const EXAMPLE = `sphinx ml train --data KDDTrain+_20Percent.txt --kind nsl-kdd --model nsl-kdd.json.gz
sphinx ml evaluate --model nsl-kdd.json.gz --data KDDTest+.txt`;

/** Names of `MODEL_KINDS`, which the help needs before the package is loaded. */
const KINDS: readonly ModelKind[] = ['nsl-kdd', 'wustl-ehms', 'flows'];

interface ModelOptions extends CommonOptions {
  readonly model: string;
}

interface TrainOptions extends Omit<CommonOptions, 'data'> {
  readonly data: readonly string[];
  readonly kind: ModelKind;
  readonly model: string;
  readonly seed: string;
}

/** Commands about files call the rows `--data`; nothing here opens the data folder of a SPHINX. */
function defineModelCommand(name: string, description: string, example: string): Command {
  return defineCommand(name, description, example, { hasDataFolder: false });
}

function trainCommand(): Command {
  return defineModelCommand(
    'train',
    'train a model on labelled rows; the same rows and seed give the same model',
    'sphinx ml train --data KDDTrain+_20Percent.txt --kind nsl-kdd --model nsl-kdd.json.gz',
  )
    .requiredOption('--data <files...>', 'comma-separated rows with labels, of one file or of several; may be gzipped')
    .addOption(new Option('--kind <kind>', 'how the file is laid out').choices(KINDS).makeOptionMandatory())
    .requiredOption('--model <file>', 'where the model is written; gzipped when the name ends in .gz')
    .option('--seed <number>', 'start of everything that is drawn by chance', '1')
    .action(async (_options: TrainOptions, self: Command) => {
      const options = self.optsWithGlobals<TrainOptions>();
      const { trainModel } = await import('@sphinx/learning');
      const data = await readDataFiles(options.data);
      const seed = Number(options.seed);
      if (!Number.isSafeInteger(seed)) throw new SphinxError('SPX_INVALID_INPUT', '--seed takes a whole number.');
      const result = await withProgress('Training', (progress) =>
        trainModel({
          ...data,
          kind: options.kind,
          seed,
          now: new Date(),
          progress: (fraction, what) => progress.update(fraction, what),
        }),
      );
      if (!result.isTrained)
        throw new SphinxError('SPX_INVALID_INPUT', `${options.data.join(', ')}: ${result.problem}`);
      const bytes = await saveModel(options.model, result.model);
      if (options.json) printJson({ model: options.model, bytes, card: result.model.card });
      else print(`${await cardText(result.model)}\nWritten to ${options.model} (${Math.round(bytes / 1024)} KB).`);
    });
}

interface FlowsOptions extends CommonOptions {
  readonly label: string;
  readonly to: string;
}

function flowsCommand(): Command {
  return defineModelCommand(
    'flows',
    'turn captures into labelled rows that a model of the kind flows learns from, as the sensor computes them',
    'sphinx ml flows ward.pcapng archive.pcapng --label normal --to normal-flows.csv',
  )
    .argument('<captures...>', 'pcap or pcapng files, all of whose flows have the label')
    .requiredOption('--label <name>', '“normal”, or the name of the attack')
    .requiredOption('--to <file>', 'where the rows are written')
    .action(async (captures: readonly string[], _options: FlowsOptions, self: Command) => {
      const { label, to, json } = self.optsWithGlobals<FlowsOptions>();
      if (!LABEL.test(label)) {
        throw new SphinxError(
          'SPX_INVALID_INPUT',
          '--label takes one word of letters, digits, - and _, for example normal.',
        );
      }
      const { FLOW_COLUMNS, readCaptureFlows } = await import('../runtime/capture-flows.ts');
      const rows = [FLOW_COLUMNS.join(',')];
      for (const capture of captures) await readCaptureFlows(capture, label, (row) => rows.push(row));
      await writeRows(to, rows);
      if (json) printJson({ file: to, rows: rows.length - 1, label });
      else print(`${(rows.length - 1).toLocaleString('en')} flows with the label ${label} written to ${to}.`);
    });
}

/** As labels of NSL-KDD are. */
const LABEL = /^[a-z][a-z0-9_-]*$/;

interface AskOptions extends ModelOptions {
  readonly data: string;
}

function evaluateCommand(): Command {
  return defineModelCommand(
    'evaluate',
    'ask a model about rows whose truth is known, and say how well it does',
    'sphinx ml evaluate --model nsl-kdd --data KDDTest+.txt',
  )
    .requiredOption('--model <file>', 'model file, or the name of one that SPHINX comes with')
    .requiredOption('--data <file>', 'comma-separated rows with labels, laid out as the training data; may be gzipped')
    .action(async (_options: AskOptions, self: Command) => {
      const options = self.optsWithGlobals<AskOptions>();
      const { evaluateModel, formOf } = await import('@sphinx/learning');
      const { model, table, truth } = await load(options);
      if (truth === undefined) {
        throw new SphinxError(
          'SPX_INVALID_INPUT',
          `${options.data} has no column ${formOf(model.kind).label}: nothing to compare with. “sphinx ml predict” judges rows without labels.`,
        );
      }
      const evaluation = await withProgress('Judging', (progress) =>
        evaluateModel(model, table, truth, (fraction) => progress.update(fraction, `${table.rows} rows`)),
      );
      if (options.json) printJson({ model: model.card.title, kind: model.kind, ...evaluation });
      else print(evaluationText(model, evaluation));
    });
}

interface PredictOptions extends AskOptions {
  readonly limit: string;
}

function predictCommand(): Command {
  return defineModelCommand(
    'predict',
    'judge rows, and say of those that look like attacks why',
    'sphinx ml predict --model nsl-kdd --data flows.csv --json',
  )
    .requiredOption('--model <file>', 'model file, or the name of one that SPHINX comes with')
    .requiredOption('--data <file>', 'comma-separated rows, laid out as the training data; labels are not needed')
    .option('--limit <number>', 'rows that are listed with reasons, the most suspicious first', '20')
    .action(async (_options: PredictOptions, self: Command) => {
      const options = self.optsWithGlobals<PredictOptions>();
      const { judgeTable } = await import('@sphinx/learning');
      const { model, table } = await load(options);
      const limit = Number(options.limit);
      if (!Number.isSafeInteger(limit) || limit < 0) {
        throw new SphinxError('SPX_INVALID_INPUT', '--limit takes a whole number from 0.');
      }
      const answers = await withProgress('Judging', (progress) =>
        judgeTable(model, table, (fraction) => progress.update(fraction, `${table.rows} rows`)),
      );
      const listed = await listSuspicious(model, table, answers, limit);
      if (options.json) {
        const rows = answers.kinds.map((kind, at) => ({ row: at + 1, kind, probability: answers.probabilities[at] }));
        printJson({ threshold: model.threshold, rows, suspicious: listed });
      } else print(predictionText(model, answers, listed));
    });
}

async function listSuspicious(
  model: DetectionModel,
  table: Table,
  { probabilities, kinds }: { probabilities: Float64Array; kinds: readonly string[] },
  limit: number,
): Promise<PredictedRow[]> {
  const { createExplainer, encodeTable, rowOf } = await import('@sphinx/learning');
  const explain = model.mind.kind === 'blend' ? createExplainer(model, model.mind.blend) : undefined;
  const matrix = encodeTable(table, model.vocabulary);
  return Array.from(probabilities, (probability, row) => ({ probability, row, kind: kinds[row] ?? '' }))
    .filter(({ probability }) => probability >= model.threshold)
    .sort((a, b) => b.probability - a.probability || a.row - b.row)
    .slice(0, limit)
    .map(({ probability, row, kind }) => ({
      row: row + 1,
      kind,
      probability,
      reasons: explain?.(rowOf(matrix, row), 3).map(({ words }) => words) ?? [],
    }));
}

function cardCommand(): Command {
  return defineModelCommand(
    'card',
    'show what a model was trained on, how well it does and what it cannot',
    'sphinx ml card --model nsl-kdd',
  )
    .requiredOption('--model <file>', 'model file, or the name of one that SPHINX comes with')
    .action(async (_options: ModelOptions, self: Command) => {
      const options = self.optsWithGlobals<ModelOptions>();
      const model = await readModelFile(options.model, pathsOf({}).knowledgeFolder);
      if (options.json) printJson({ kind: model.kind, ...model.card, features: model.features });
      else print(await cardText(model));
    });
}

async function load(options: AskOptions): Promise<{ model: DetectionModel; table: Table; truth: Truth | undefined }> {
  const { formOf, readTable } = await import('@sphinx/learning');
  const model = await readModelFile(options.model, pathsOf({}).knowledgeFolder);
  const { text } = await readDataFile(options.data);
  const reading = readTable(text, formOf(model.kind));
  if (!reading.isRead) throw new SphinxError('SPX_INVALID_INPUT', `${options.data}: ${reading.problem}`);
  return { model, table: reading.table, truth: reading.truth };
}

async function withProgress<T>(title: string, work: (progress: Progress) => T): Promise<T> {
  const progress = createProgress(title);
  try {
    progress.update(0, 'reading');
    return work(progress);
  } finally {
    progress.done();
  }
}
