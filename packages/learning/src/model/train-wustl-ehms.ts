import { encodeTable, vocabularyOf } from '../data/table.ts';
import { compare } from './evaluate.ts';
import type { DetectionModel } from './model.ts';
import { trainSequence } from './sequence/train-sequence.ts';
import { cardOf, type Training, typicalRow } from './training.ts';

/** Columns whose past tells something: timing and load of the flow, and what the monitor measured. */
const FOLLOWED =
  'SrcLoad DstLoad SIntPkt DIntPkt SrcJitter DstJitter Dur Rate Load Temp SpO2 Pulse_Rate SYS DIA Heart_rate Resp_Rate ST'.split(
    ' ',
  );
const BLOCK_ROWS = 50;
const FOLDS = 5;
const THRESHOLD = 0.5;

/** Trains for the medical test bed: each flow by itself, then with the flows of the device before it. */
export function trainWustlEhms(training: Training): DetectionModel {
  const { table, truth, seed, progress } = training;
  const vocabulary = vocabularyOf(table);
  const matrix = encodeTable(table, vocabulary);
  const { model, crossValidated } = trainSequence({
    features: table.features,
    matrix,
    isAttack: truth.isAttack,
    followed: FOLLOWED,
    blockRows: BLOCK_ROWS,
    folds: FOLDS,
    seed,
    ...(progress === undefined ? {} : { progress }),
  });
  const kinds = Array.from(crossValidated, (each) => (each >= THRESHOLD ? 'attack' : 'normal'));
  const found = compare({ probabilities: crossValidated, kinds }, truth, THRESHOLD);
  return {
    kind: 'wustl-ehms',
    features: table.features,
    vocabulary,
    typical: typicalRow(table, matrix, truth.isAttack),
    threshold: THRESHOLD,
    mind: { kind: 'sequence', sequence: model },
    card: {
      ...cardOf(training, {
        source: 'WUSTL-EHMS-2020, Washington University in St. Louis',
        licence: 'free for research, with citation of Hady and others, 2020',
      }),
      title: 'Attacks on a monitored bed (WUSTL-EHMS)',
      use: 'Tells spoofing and alteration of data from normal flows between the gateway of a patient monitor and its server. A yardstick; it knows one test bed.',
      method: [
        'Gradient-boosted trees judge each flow by itself: timing, load, losses, and the values that the monitor sent.',
        'Further trees judge it again with what came before: the judgements of up to 48 flows before it, and how timing and values changed over 3 to 30 flows. Later flows are never looked at.',
        'Addresses, hardware addresses, ports and packet numbers are left out: they give the label away.',
      ],
      validation: {
        scheme: `Cross-validation over ${FOLDS} parts made of blocks of ${BLOCK_ROWS} flows in a row. Each part is asked by itself, with no history but its own, by models that have not seen its blocks. Flows at the edge of a block have neighbours in time that were learnt.`,
        accuracy: found.accuracy,
        areaUnderCurve: found.areaUnderCurve,
        precision: found.precision,
        recall: found.recall,
        f1: found.f1,
        falsePositiveRate: found.falsePositiveRate,
        expectedCalibrationError: found.expectedCalibrationError,
        perClass: found.classes.map(({ name, rows, precision, recall }) => ({ name, rows, precision, recall })),
        notes: found.types.map(({ type, rows, found: called }) => `${type}: ${called} of ${rows} flows found`),
      },
      limits: [
        'One bed, one gateway, one server, two attacks. It knows the timing of this network and nothing of another.',
        'Flows must come in the order in which they happened. A file that begins in the midst of an attack hides what gave it away.',
        'A spoofed connection shows when it begins; the flows after it look normal by themselves and are told by what came before.',
        'It sees values of a patient (pulse, pressure), and so must run where these may be seen.',
      ],
    },
  };
}
