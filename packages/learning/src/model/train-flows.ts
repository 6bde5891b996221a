import { encodeTable, vocabularyOf } from '../data/table.ts';
import { describeMember, type MemberPlan } from './blend/members.ts';
import { trainBlend } from './blend/train-blend.ts';
import { trialFigures } from './blend/trial-figures.ts';
import type { DetectionModel } from './model.ts';
import { cardOf, type Training, typicalRow } from './training.ts';

/** Members that are quick: a sensor asks for each flow that ends (`npm run bench -- ml`). No row of the data is stored. */
const PLANS: readonly MemberPlan[] = [
  { kind: 'trees', rounds: 80, maximumLeaves: 12 },
  { kind: 'network', scale: 'log', hidden: [16, 8], epochs: 10 },
  { kind: 'isolation', trees: 30 },
  { kind: 'components', scale: 'log', count: 10 },
  { kind: 'autoencoder', scale: 'log', hidden: [12, 6, 12], epochs: 8 },
];

/** On a network in use attacks are rare; most of those that come are not among the few that were learnt. */
const EXPECTATION = { attackShare: 0.1, unseenShare: 0.5 };
const TRIALS = 6;
/** Of a hundred flows that are called attacks, more than ninety are to be some. */
const THRESHOLD = 0.9;

/** Trains for flows of the sensor: quick members, supervised and normal-only. */
export function trainFlows(training: Training): DetectionModel {
  const { table, truth, seed, progress } = training;
  const vocabulary = vocabularyOf(table);
  const matrix = encodeTable(table, vocabulary);
  const { blend, trials } = trainBlend({
    rows: {
      features: table.features,
      vocabularySizes: vocabulary.map(({ length }) => length),
      matrix,
      isAttack: truth.isAttack,
      types: truth.types,
    },
    categories: truth.categories,
    plans: PLANS,
    expectation: EXPECTATION,
    trials: TRIALS,
    seed,
    ...(progress === undefined ? {} : { progress }),
  });
  return {
    kind: 'flows',
    features: table.features,
    vocabulary,
    typical: typicalRow(table, matrix, truth.isAttack),
    threshold: THRESHOLD,
    mind: { kind: 'blend', blend },
    card: {
      ...cardOf(training, { source: 'as given to “sphinx ml train”', licence: 'that of the data' }),
      title: 'Flows that look like attacks',
      use: 'Judges each flow that ends from what the sensor counts: length, bytes, how it began and ended, and how it stands among the flows of the last two seconds and the last hundred to the same host. A second opinion beside rules, off until somebody chooses it.',
      method: [
        ...PLANS.map((plan, at) => `${describeMember(plan)}, weight ${blend.stack.weights[at]?.toFixed(2)}`),
        'Each score becomes its rarity among normal rows that were not learnt; a logistic regression without negative weights joins the rarities.',
      ],
      validation: {
        scheme: `${TRIALS} trials with attacks that were not learnt, ${Math.round(100 * EXPECTATION.attackShare)} of 100 rows weighted as attacks, half of these of types that were not learnt. Called an attack from probability ${THRESHOLD} on.`,
        ...trialFigures(trials, THRESHOLD),
      },
      limits: [
        'It knows of a hospital only what its training data know. The model that SPHINX comes with has learnt attacks from NSL-KDD (1998), and normal flows from there and from captures of some three hundred protocols and of a hospital laboratory, not from a hospital at work: normal traffic of yours may look rare to it until it has learnt from feedback.',
        'Attacks inside a connection that begins and ends as usual (a stolen password, a query for all patients) are not seen: no content is looked at.',
        'It counts what one sensor sees. A scan that is spread over sensors or over hours is not seen.',
        'Figures come from the training data. On another network they do not hold; train again with feedback before relying on it.',
      ],
    },
  };
}
