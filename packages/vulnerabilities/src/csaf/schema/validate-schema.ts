import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { MOST_PROBLEMS, type Problem } from '../../reading/reading.ts';
import { CSAF_SCHEMA, STRICT_CSAF_SCHEMA } from './csaf-schema.ts';

/**
 * Compares a value with the JSON schema of CSAF 2.0 and with those of CVSS that it refers to.
 *
 * @param isStrict whether members that the standard does not know are problems too (CSAF 2.0 §6.2.20)
 * @returns what is wrong, at most 100 problems; none when the document has the structure of CSAF
 */
export function validateStructure(value: unknown, isStrict = false): readonly Problem[] {
  const validate = isStrict ? strict() : lenient();
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .slice(0, MOST_PROBLEMS)
    .map(toProblem);
}

const lenient = once(() => compiler().compile(CSAF_SCHEMA));
const strict = once(() => compiler().compile(STRICT_CSAF_SCHEMA));

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv, ['uri', 'date-time']);
  ajv.addKeyword({ keyword: 'distinctItems', type: 'array', schemaType: 'boolean', validate: hasDistinctItems });
  return ajv;
}

/** Objects of which none says the same as another; in time that grows with their number, not with its square. */
function hasDistinctItems(_isWanted: boolean, items: readonly unknown[]): boolean {
  return new Set(items.map(inOneOrder)).size === items.length;
}

function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function toProblem({ instancePath, keyword, params, message }: ErrorObject): Problem {
  const known = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return { where: `${instancePath}/${String(known.missingProperty)}`, what: 'is missing' };
    case 'additionalProperties':
      return { where: `${instancePath}/${String(known.additionalProperty)}`, what: 'is no member that CSAF 2.0 knows' };
    case 'enum':
      return { where: instancePath, what: `is none of ${(known.allowedValues as string[]).join(', ')}` };
    case 'distinctItems':
      return { where: instancePath, what: 'holds the same item twice' };
    case 'pattern':
      return { where: instancePath, what: 'does not have the form that CSAF 2.0 asks for' };
    case 'format':
      return { where: instancePath, what: known.format === 'uri' ? 'is no URI' : 'is no date and time with time zone' };
    default:
      return { where: instancePath, what: message ?? 'does not have the structure that CSAF 2.0 asks for' };
  }
}

/** Compiling takes some hundredths of a second, which who never reads CSAF need not wait for. */
function once(make: () => ValidateFunction): () => ValidateFunction {
  let made: ValidateFunction | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
