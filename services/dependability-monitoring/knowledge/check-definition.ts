import { join } from 'node:path';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { CAUTION_LEVELS } from '@sphinx/probes';
import { z } from 'zod';

const Parameter = z.strictObject({
  name: z.string().regex(/^[a-zA-Z]+$/),
  title: z.string().min(2),
  type: z.enum(['text', 'integer', 'boolean']),
  default: z.union([z.string(), z.int(), z.boolean()]),
  choices: z.array(z.string()).optional(),
  minimum: z.int().optional(),
  maximum: z.int().optional(),
});

/** A kind of check: what it asks, what it sends, its limits and its parameters. Knowledge, not code. */
export const CheckDefinition = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: z.string().min(3),
    question: z.string().min(3),
    sends: z.string().min(10).meta({ description: 'What is sent, in words for a person who has to agree to it' }),
    caution: z.enum(CAUTION_LEVELS),
    transport: z.enum(['tcp', 'udp', 'icmp', 'none']).meta({ description: 'none: it is told, and sends nothing' }),
    port: z.int().min(0).max(65_535).meta({ description: 'Usual port; 0 where a person has to name one, or none is' }),
    protocols: z.array(z.string()).meta({ description: 'Observed services for which it is proposed' }),
    limits: z.strictObject({
      connections: z.int().min(0).max(4),
      packets: z.int().min(0).max(100),
      bytes: z.int().min(0).max(16_384),
      answerBytes: z.int().min(0).max(8_388_608),
      timeoutMs: z.int().min(500).max(60_000),
    }),
    intervalSeconds: z.int().min(5).max(86_400),
    slowMs: z.int().min(1).max(60_000),
    parameters: z.array(Parameter),
    secret: z.string().optional().meta({ description: 'What its secret is; absent where it has none' }),
    references: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
  })
  .meta({ id: 'AvailabilityCheckKind' });
export type CheckDefinition = z.infer<typeof CheckDefinition>;

export type CheckParameters = Readonly<Record<string, string | number | boolean>>;

const MAXIMUM_TEXT = 300;

/**
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names the file that does not fit and why
 */
export async function loadCheckDefinitions(folder: string): Promise<readonly CheckDefinition[]> {
  return loadKnowledgeFiles(join(folder, 'availability-checks'), CheckDefinition);
}

/**
 * @param given as a person gave them; what is left out has its default
 * @throws SphinxError SPX_INVALID_INPUT that says what does not fit
 */
export function readParameters(definition: CheckDefinition, given: CheckParameters): CheckParameters {
  const known = new Set(definition.parameters.map(({ name }) => name));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const names = definition.parameters.length === 0 ? 'none' : [...known].join(', ');
    throw new SphinxError('SPX_INVALID_INPUT', `${definition.id} has no parameter "${unknown}". It has: ${names}.`);
  }
  return Object.fromEntries(
    definition.parameters.map((parameter) => [parameter.name, readOne(parameter, given[parameter.name])]),
  );
}

function readOne(parameter: z.infer<typeof Parameter>, value: string | number | boolean | undefined) {
  const { name, type, choices, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = parameter;
  const refuse = (expected: string) =>
    new SphinxError('SPX_INVALID_INPUT', `The parameter "${name}" must be ${expected}.`);
  if (value === undefined) return parameter.default;
  switch (type) {
    case 'boolean': {
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw refuse('true or false');
    }
    case 'integer': {
      const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < minimum || number > maximum)
        throw refuse(`a whole number from ${minimum} to ${maximum}`);
      return number;
    }
    case 'text': {
      const text = String(value);
      // Nothing that could end a line or a field of what is sent.
      if (text.length > MAXIMUM_TEXT || /\p{Cc}/u.test(text))
        throw refuse(`one line of at most ${MAXIMUM_TEXT} characters`);
      if (choices !== undefined && !choices.includes(text)) throw refuse(`one of ${choices.join(', ')}`);
      return text;
    }
  }
}
