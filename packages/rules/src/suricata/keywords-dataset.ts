import { createHash } from 'node:crypto';
import type { Teller, WholeCondition } from './conditions.ts';
import { addressKey, type DatasetForm, readDataset } from './dataset-values.ts';
import type { MatchContext } from './rule.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError } from './rule-error.ts';
import type { Datasets, DatasetType } from './rule-resources.ts';

const TYPES: readonly DatasetType[] = ['string', 'md5', 'sha256', 'ipv4', 'ip'];
const OPERATIONS = ['isset', 'isnotset', 'set', 'unset'] as const;
type Operation = (typeof OPERATIONS)[number];
const OPTIONS = [
  'type',
  'load',
  'save',
  'state',
  'memcap',
  'hashsize',
  'format',
  'context_key',
  'value_key',
  'array_key',
  'remove_key',
];
const FORMATS = ['csv', 'json', 'ndjson'] as const;

/** `dataset:isset,name,type string,load file.lst,memcap 10mb,hashsize 1024` (Suricata user guide, "Datasets"). */
function applyDataset(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [word = '', set = '', ...rest] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const operation = OPERATIONS.find((each) => each === word);
  if (operation === undefined) throw new RuleError(`dataset: '${word}' is unknown`);
  const options = new Map(rest.map((part) => [part.split(/\s+/)[0] ?? '', part.split(/\s+/).slice(1).join(' ')]));
  for (const option of options.keys()) {
    if (!OPTIONS.includes(option)) throw new RuleError(`dataset: '${option}' is unknown`);
  }
  const { datasets } = builder.resources;
  const named = options.get('type');
  const type = TYPES.find((each) => each === named) ?? (named === undefined ? datasets.typeOf(set) : undefined);
  if (type === undefined) throw new RuleError(`dataset: type '${named ?? ''}' is unknown`);
  datasets.define(set, type);
  const form = formOf(options);
  const file = options.get('load') ?? options.get('state');
  if (file !== undefined) loadValues(builder, file, type, set, form, options.has('load'));
  addDatasetCondition(builder, { operation, set, type, contextKey: options.get('context_key') });
}

/** `datarep:ua-list,>,200,load ua.rep,type string`: lists of values with a score each, `value,score` a line. */
function applyScores(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [set = '', operator = '', limit = '', ...rest] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const options = new Map(rest.map((part) => [part.split(/\s+/)[0] ?? '', part.split(/\s+/).slice(1).join(' ')]));
  const type = TYPES.find((each) => each === options.get('type'));
  const file = options.get('load') ?? options.get('state');
  if (type === undefined) throw new RuleError(`datarep: type '${options.get('type') ?? ''}' is unknown`);
  if (file === undefined) throw new RuleError('datarep: load is missing');
  if (!['<', '>', '=', '=='].includes(operator)) throw new RuleError(`datarep: '${operator}' is unknown`);
  const test = reputationTest(operator === '==' ? '=' : operator, limit, MAXIMUM_SCORE);
  const content = builder.resources.readFile(file);
  if (content === undefined) throw new RuleError(`datarep: there is no file ${file}`);
  const scores = new Map<string, number>();
  for (const line of content.split('\n')) {
    const score = Number(line.split(',')[1]);
    if (!Number.isInteger(score) || line.trim() === '') continue;
    readDataset(line, type, formOf(new Map()), (key) => scores.set(key, score));
  }
  builder.selected(`datarep ${set}`).conditions.push({
    kind: 'whole',
    test: (bytes) => test(scores.get(datasetKey(bytes, type))),
  });
}

const MAXIMUM_SCORE = 65_535;

function formOf(options: ReadonlyMap<string, string>): DatasetForm {
  const format = FORMATS.find((each) => each === (options.get('format') ?? 'csv'));
  if (format === undefined) throw new RuleError(`dataset: format '${options.get('format') ?? ''}' is unknown`);
  const valueKey = options.get('value_key') ?? '';
  if (format === 'csv' && options.has('context_key')) throw new RuleError('dataset: a list of values has no context');
  if (format !== 'csv' && valueKey === '') throw new RuleError('dataset: value_key is missing');
  return { format, valueKey, arrayKey: options.get('array_key') ?? '', removesKey: options.has('remove_key') };
}

function loadValues(
  builder: RuleBuilder,
  file: string,
  type: DatasetType,
  set: string,
  form: DatasetForm,
  isNeeded: boolean,
): void {
  const content = builder.resources.readFile(file);
  if (content === undefined) {
    if (isNeeded) throw new RuleError(`dataset: there is no file ${file}`);
    return;
  }
  const { datasets } = builder.resources;
  readDataset(content, type, form, (key, context) => {
    datasets.add(set, key, context);
  });
}

interface DatasetTest {
  readonly operation: Operation;
  readonly set: string;
  readonly type: DatasetType;
  /** Under which name the alert tells what the file says beside the value. */
  readonly contextKey: string | undefined;
}

/** A set is asked where it stands among the conditions; addresses extend it once everything else held. */
function addDatasetCondition(builder: RuleBuilder, one: DatasetTest): void {
  const { datasets } = builder.resources;
  builder.joinsFlows ||= one.operation === 'set' || one.operation === 'unset';
  const end = builder.addressEnd;
  if (end === undefined) {
    const test: WholeCondition['test'] = (bytes, teller) => ask(datasets, one, datasetKey(bytes, one.type), teller);
    builder.selected('dataset').conditions.push({ kind: 'whole', test });
    return;
  }
  // Addresses are those of packets: the rule speaks for each, unless it is about transactions.
  builder.needsPacket = true;
  const check = (context: MatchContext) => {
    const ip = end === 'source' ? context.sourceIp : context.destinationIp;
    return ask(datasets, one, addressKey(ip), context.inspection);
  };
  const isChange = one.operation === 'set' || one.operation === 'unset';
  if (!isChange) builder.checks.push(check);
  else {
    builder.stateChanges.push((context) => {
      check(context);
      return true;
    });
  }
}

/** @returns whether the operation holds: changes do where they change something */
function ask(datasets: Datasets, { operation, set, contextKey }: DatasetTest, key: string, teller: Teller): boolean {
  const isThere = datasets.has(set, key);
  switch (operation) {
    case 'isset':
      if (isThere && contextKey !== undefined) teller.tell(contextKey, datasets.contextOf(set, key));
      return isThere;
    case 'isnotset':
      return !isThere;
    case 'unset':
      datasets.remove(set, key);
      return isThere;
    case 'set':
      if (!isThere) datasets.add(set, key);
      return !isThere;
  }
}

function datasetKey(bytes: Buffer, type: DatasetType): string {
  switch (type) {
    case 'md5':
      return bytes.length === 32
        ? bytes.toString('latin1').toLowerCase()
        : createHash('md5').update(bytes).digest('hex');
    case 'sha256':
      return bytes.length === 64
        ? bytes.toString('latin1').toLowerCase()
        : createHash('sha256').update(bytes).digest('hex');
    case 'ipv4':
    case 'ip':
      return addressKey(bytes.length === 4 ? bytes.join('.') : bytes.toString('latin1'));
    case 'string':
      return bytes.toString('latin1');
  }
}

function addressBuffer(end: 'source' | 'destination'): Keyword {
  return {
    summary: `the ${end} address, for dataset`,
    apply: (builder) => {
      builder.selectAddress(end);
    },
  };
}

/** `iprep:src,BadHosts,>,30`: score of an address in a category. */
function applyReputation(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [side = '', category = '', operator = '', score] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const scores = builder.resources.reputation.get(category);
  if (scores === undefined) throw new RuleError(`iprep: there is no category ${category}`);
  const test = reputationTest(operator, score);
  const scoreOf = (ip: string) => scores.get(ip);
  builder.checks.push(({ sourceIp, destinationIp }) => {
    switch (side) {
      case 'src':
        return test(scoreOf(sourceIp));
      case 'dst':
        return test(scoreOf(destinationIp));
      case 'both':
        return test(scoreOf(sourceIp)) && test(scoreOf(destinationIp));
      default:
        return test(scoreOf(sourceIp)) || test(scoreOf(destinationIp));
    }
  });
  if (!['src', 'dst', 'both', 'any'].includes(side)) throw new RuleError(`iprep: '${side}' is unknown`);
}

function reputationTest(
  operator: string,
  score: string | undefined,
  maximum = 127,
): (value: number | undefined) => boolean {
  if (operator === 'isset') return (value) => value !== undefined;
  if (operator === 'isnotset') return (value) => value === undefined;
  const limit = parseNumber(score ?? '', 'score', 0, maximum);
  switch (operator) {
    case '>':
      return (value) => value !== undefined && value > limit;
    case '<':
      return (value) => value !== undefined && value < limit;
    case '>=':
      return (value) => value !== undefined && value >= limit;
    case '<=':
      return (value) => value !== undefined && value <= limit;
    case '=':
      return (value) => value === limit;
    default:
      throw new RuleError(`iprep: '${operator}' is unknown`);
  }
}

/** Sets of values and reputation of addresses. */
export const DATASET_KEYWORDS: KeywordTable = {
  dataset: { summary: 'the buffer is in a set; puts it in or takes it out', apply: applyDataset },
  datarep: { summary: 'the score that a list gives the buffer', apply: applyScores },
  iprep: { summary: 'reputation of an address', apply: applyReputation },
  'ip.src': addressBuffer('source'),
  'ip.dst': addressBuffer('destination'),
};
