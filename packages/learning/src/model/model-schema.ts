import { z } from 'zod';
import { type BoostedTrees, CATEGORY_WORDS } from '../boosting/boosted-trees.ts';
import type { Network } from '../network/network.ts';
import type { IsolationForest } from '../novelty/isolation-forest.ts';
import { ModelCard } from './card.ts';
import { MODEL_KINDS } from './model.ts';

const F64 = z.instanceof(Float64Array);
const F32 = z.instanceof(Float32Array);
const I32 = z.instanceof(Int32Array);
const I16 = z.instanceof(Int16Array);
const Count = z.int().min(0).max(1_000_000);
const Numbers = z.array(z.number()).max(1_000_000);

const Feature = z.object({ name: z.string(), kind: z.enum(['number', 'category']), meaning: z.string() });

const Trees = z
  .object({
    outputs: z.int().min(1).max(256),
    start: F64,
    roots: I32,
    feature: I16,
    value: F64,
    left: I32,
    categoriesAt: I32,
    categories: z.instanceof(Uint32Array),
  })
  .refine(areTreesWhole, 'a node refers to one that is not there');

/** Children come after their parent, so that every walk ends at a leaf. */
function areTreesWhole(trees: BoostedTrees): boolean {
  const nodes = trees.feature.length;
  if (trees.value.length !== nodes || trees.left.length !== nodes || trees.categoriesAt.length !== nodes) return false;
  if (trees.start.length !== trees.outputs) return false;
  const isWhole = trees.feature.every((feature, node) => {
    const left = trees.left[node] ?? -1;
    return feature < 0 || (left > node && left + 1 < nodes);
  });
  const hasCategories = trees.categoriesAt.every((at) => at + CATEGORY_WORDS <= trees.categories.length || at < 0);
  return isWhole && hasCategories && trees.roots.every((root) => root >= 0 && root < nodes);
}

const Net = z
  .object({ sizes: z.array(z.int().min(1).max(65_536)).min(2).max(16), weights: z.array(F32), biases: z.array(F32) })
  .refine(isNetworkWhole, 'a layer has not as many weights as neurons');

function isNetworkWhole({ sizes, weights, biases }: Network): boolean {
  return sizes.every(
    (size, at) =>
      at === 0 || (weights[at - 1]?.length === size * (sizes[at - 1] ?? 0) && biases[at - 1]?.length === size),
  );
}

const Forest = z
  .object({ sampleRows: Count, roots: I32, feature: I16, value: F64, left: I32 })
  .refine(isForestWhole, 'a node refers to one that is not there');

function isForestWhole({ feature, value, left, roots }: IsolationForest): boolean {
  const nodes = feature.length;
  return (
    value.length === nodes &&
    left.length === nodes &&
    roots.every((root) => root >= 0 && root < nodes) &&
    feature.every((column, node) => column < 0 || ((left[node] ?? -1) > node && (left[node] ?? 0) + 1 < nodes))
  );
}

const Curve = z.object({ x: Numbers, y: Numbers }).refine(({ x, y }) => x.length === y.length, 'uneven curve');
const Logistic = z.object({ weights: Numbers, bias: z.number() });
const Scale = z.enum(['log', 'rank']);

const Scaling = z.object({
  kind: Scale,
  numbers: z.array(Count),
  categories: z.array(z.object({ column: Count, count: Count })),
  mean: F64,
  deviation: F64,
  ranks: z.array(Curve),
});

const StoredRows = z
  .object({ rows: Count, values: z.array(F64), codes: z.array(z.instanceof(Uint16Array)) })
  .refine(({ rows, codes }) => codes.every(({ length }) => length === rows), 'a column is not as long as the others');

const Neighbours = z.int().min(1).max(100);
const Member = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('nearest'), scale: Scale, k: Neighbours }),
  z.object({
    kind: z.literal('components'),
    scale: Scale,
    model: z.object({ mean: F64, components: F64, count: Count }),
  }),
  z.object({ kind: z.literal('autoencoder'), scale: Scale, model: Net }),
  z.object({ kind: z.literal('isolation'), model: Forest }),
  z.object({ kind: z.literal('attack-nearness'), k: Neighbours, attackK: Neighbours }),
  z.object({ kind: z.literal('trees'), model: Trees }),
  z.object({ kind: z.literal('network'), scale: Scale, model: Net }),
]);

const Blend = z
  .object({
    set: z.object({ scalings: z.array(Scaling), members: z.array(Member), normal: StoredRows, attacks: StoredRows }),
    tails: z.array(Curve),
    stack: Logistic,
    calibration: Logistic,
    kinds: z.object({ names: z.array(z.string()), trees: Trees }).optional(),
  })
  .refine(
    ({ set, tails, stack }) => set.members.length === tails.length && stack.weights.length === tails.length,
    'members and weights are not as many',
  );

const Sequence = z.object({
  rowTrees: Trees,
  followed: z.array(Count),
  historyTrees: Trees,
  calibration: Logistic,
});

/** Content of a model file, once its arrays are unpacked. */
export const ModelSchema = z
  .object({
    kind: z.enum(MODEL_KINDS),
    card: ModelCard,
    features: z.array(Feature).min(1).max(10_000),
    vocabulary: z.array(z.array(z.string())),
    typical: F64,
    threshold: z.number().min(0).max(1),
    mind: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('blend'), blend: Blend }),
      z.object({ kind: z.literal('sequence'), sequence: Sequence }),
    ]),
  })
  .refine(
    ({ features, vocabulary, typical }) => vocabulary.length === features.length && typical.length === features.length,
    'features are not as many as their values',
  );
