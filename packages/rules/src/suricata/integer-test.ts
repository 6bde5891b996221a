import { RuleError } from './rule-error.ts';

/** A comparison with whole numbers, as integer keywords have it (Suricata user guide, "Integer Keywords"). */
export type IntegerTest = (value: number) => boolean;

/**
 * @param text `5`, `!5`, `>5`, `<=5`, `1-5` or `1<>5` (both excluded), `&0x10=0x10`, or a name
 * @param names what names stand for, in lower case
 * @throws RuleError when it is no comparison
 */
export function parseIntegerTest(text: string, names: Readonly<Record<string, number>> = {}): IntegerTest {
  const trimmed = text.trim();
  const named = names[trimmed.toLowerCase()];
  if (named !== undefined) return (value) => value === named;
  if (trimmed.startsWith('!') && !trimmed.startsWith('!=')) {
    const test = parseIntegerTest(trimmed.slice(1), names);
    return (value) => !test(value);
  }
  const masked = /^&\s*(\S+?)\s*(!?=)\s*(\S+)$/.exec(trimmed);
  if (masked !== null) return maskTest(number(masked[1]), number(masked[3]), masked[2] === '!=');
  const range = /^(\w+)\s*(-|<>)\s*(\w+)$/.exec(trimmed);
  if (range !== null) {
    const [low, high] = [number(range[1]), number(range[3])];
    if (low >= high) throw new RuleError(`the range ${trimmed} is not in order`);
    return (value) => value > low && value < high;
  }
  const comparison = /^(<=|>=|<|>|!=|=|&)?\s*(\w+)$/.exec(trimmed);
  if (comparison === null) throw new RuleError(`'${trimmed}' is not a comparison with a number`);
  const operand = names[(comparison[2] ?? '').toLowerCase()] ?? number(comparison[2]);
  switch (comparison[1]) {
    case '<':
      return (value) => value < operand;
    case '>':
      return (value) => value > operand;
    case '<=':
      return (value) => value <= operand;
    case '>=':
      return (value) => value >= operand;
    case '!=':
      return (value) => value !== operand;
    case '&':
      return (value) => (value & operand) === operand;
    default:
      return (value) => value === operand;
  }
}

function maskTest(mask: number, expected: number, isNegated: boolean): IntegerTest {
  return (value) => ((value & mask) >>> 0 === expected >>> 0) !== isNegated;
}

const UNITS: Readonly<Record<string, number>> = {
  kb: 1024,
  kib: 1024,
  mb: 1_048_576,
  mib: 1_048_576,
  gb: 2 ** 30,
  gib: 2 ** 30,
};

function number(text: string | undefined): number {
  const match = /^(0x[0-9a-f]+|\d+)\s*([kmg]i?b)?$/i.exec(text ?? '');
  if (match === null) throw new RuleError(`'${text ?? ''}' is not a number`);
  return Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
}
