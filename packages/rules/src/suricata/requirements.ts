import { RuleError } from './rule-error.ts';

/** The Suricata whose rule language is spoken; `requires` compares with it. */
export const SPOKEN_VERSION = '8.0.7';

/** Features that `requires: feature …` may name and that are here. */
const FEATURES = new Set(['ja3', 'ja4', 'json', 'true_random_address', 'pcre_jit']);

/** Keywords that are known and turned down, with the reason. */
export const isOutOfScope: readonly (readonly [string, string])[] = [
  ['lua', 'scripts in rules are out of scope'],
  ['luajit', 'scripts in rules are out of scope'],
  ['luaxform', 'scripts in rules are out of scope'],
  ['replace', 'the sensor changes no traffic'],
  ['config', 'the sensor is not configured by rules'],
  ['geoip', 'no table of countries is at hand'],
  ['rpc', 'the sensor gives no ONC RPC fields'],
  ['flowvar', 'texts that expressions took out of the traffic are told, not compared'],
  ['pktvar', 'texts that expressions took out of the traffic are told, not compared'],
  ['flow.elephant', 'no rate is set from which a flow counts as large'],
  ['engine-event', 'the sensor gives no engine events'],
  ['datajson', 'data sets with context are not read'],
  ['app-layer-state', 'the states of transactions are not given'],
];

/**
 * `requires: version >= 7.0 < 9, feature geoip; keyword foo` (Suricata user guide, "Requires").
 *
 * @param isKeyword whether the language has a keyword of this name
 * @returns why the rule cannot be loaded here; `undefined` where everything is met
 * @throws RuleError when the value has not the keyword's form
 */
export function unmetRequirement(value: string, isKeyword: (name: string) => boolean): string | undefined {
  for (const part of value.split(',')) {
    const [kind = '', ...rest] = part.trim().split(/\s+/);
    const operand = rest.join(' ');
    if (kind === 'version') {
      if (!meetsVersion(operand)) return `requires: version ${operand}, ${SPOKEN_VERSION} is spoken`;
    } else if (kind === 'feature') {
      if (!FEATURES.has(operand.toLowerCase())) return `requires: there is no feature ${operand}`;
    } else if (kind === 'keyword') {
      if (!isKeyword(operand)) return `requires: there is no keyword ${operand}`;
    } else return `requires: '${kind}' is unknown`;
  }
  return undefined;
}

function meetsVersion(expression: string): boolean {
  return expression.split('|').some((alternative) => {
    const comparisons = [...alternative.matchAll(/(>=|<=|>|<)\s*([\d.]+(?:-\w+)?)/g)];
    if (comparisons.length === 0) throw new RuleError(`requires: '${expression}' is no version`);
    return comparisons.every(([, operator, version = '']) =>
      compares(compareVersions(SPOKEN_VERSION, version), operator),
    );
  });
}

function compares(order: number, operator: string | undefined): boolean {
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order < 0;
  }
}

function compareVersions(left: string, right: string): number {
  const parts = (version: string) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [parts(left), parts(right)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
