import { z } from 'zod';

const Share = z.number().min(0).max(1);

/** What someone must know before relying on a model (Mitchell and others, "Model cards for model reporting", 2019). */
export const ModelCard = z.object({
  title: z.string(),
  version: z.string(),
  created: z.iso.datetime(),
  seed: z.int(),
  /** What it is for, and what it is not for. */
  use: z.string(),
  method: z.array(z.string()),
  data: z.object({
    name: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    rows: z.int().min(0),
    attacks: z.int().min(0),
    source: z.string(),
    licence: z.string(),
  }),
  validation: z.object({
    /** How rows that were asked were kept from those that were learnt. */
    scheme: z.string(),
    accuracy: Share,
    areaUnderCurve: Share,
    precision: Share,
    recall: Share,
    f1: Share,
    falsePositiveRate: Share,
    /** Mean gap of probability and truth. */
    expectedCalibrationError: Share,
    perClass: z.array(z.object({ name: z.string(), rows: z.number(), precision: Share.nullable(), recall: Share })),
    notes: z.array(z.string()),
  }),
  limits: z.array(z.string()),
  licence: z.string(),
});
export type ModelCard = z.infer<typeof ModelCard>;

/** The card as Markdown. */
export function renderCard(
  card: ModelCard,
  features: readonly { readonly name: string; readonly meaning: string }[],
): string {
  const { data, validation } = card;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const classes = validation.perClass.map(
    ({ name, rows, precision, recall }) =>
      `| ${name} | ${Math.round(rows)} | ${precision === null ? '–' : percent(precision)} | ${percent(recall)} |`,
  );
  return `# ${card.title}

Version ${card.version}, trained ${card.created.slice(0, 10)}, seed ${card.seed}. Licence of the model: ${card.licence}.

${card.use}

## Data

${data.name}: ${data.rows} rows, ${data.attacks} of them attacks. SHA-256 \`${data.sha256}\`.
Source: ${data.source}. Licence: ${data.licence}.

## How it judges

${list(card.method)}

## How well

${validation.scheme}

| figure | value |
| --- | --- |
| accuracy | ${percent(validation.accuracy)} |
| area under the curve | ${validation.areaUnderCurve.toFixed(3)} |
| precision | ${percent(validation.precision)} |
| recall | ${percent(validation.recall)} |
| F1 | ${validation.f1.toFixed(3)} |
| normal rows called an attack | ${percent(validation.falsePositiveRate)} |
| expected calibration error | ${validation.expectedCalibrationError.toFixed(3)} |

| class | rows | precision | recall |
| --- | --- | --- | --- |
${classes.join('\n')}

${list(validation.notes)}

## Limits

${list(card.limits)}

## Features

${list(features.map(({ name, meaning }) => `\`${name}\`: ${meaning}`))}
`;
}
