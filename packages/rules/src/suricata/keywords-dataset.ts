import { createHash } from 'node:crypto';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError } from './rule-error.ts';
import type { DatasetType } from './rule-resources.ts';

const TYPES: readonly DatasetType[] = ['string', 'md5', 'sha256', 'ipv4', 'ip'];

/** `dataset:isset,name,type string,load file.lst,memcap 10mb,hashsize 1024` (Suricata user guide, "Datasets"). */
function applyDataset(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [operation = '', set = '', ...rest] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  if (!['isset', 'isnotset', 'set', 'unset'].includes(operation))
    throw new RuleError(`dataset: '${operation}' is unknown`);
  const options = new Map(rest.map((part) => [part.split(/\s+/)[0] ?? '', part.split(/\s+/).slice(1).join(' ')]));
  for (const option of options.keys()) {
    if (!['type', 'load', 'save', 'state', 'memcap', 'hashsize', 'format'].includes(option)) {
      throw new RuleError(`dataset: '${option}' is unknown`);
    }
  }
  if (options.has('format') && options.get('format') !== 'csv') throw new RuleError('dataset: only lists are read');
  const type = TYPES.find((each) => each === options.get('type'));
  if (type === undefined) throw new RuleError(`dataset: type '${options.get('type') ?? ''}' is unknown`);
  const { datasets } = builder.resources;
  const values = datasets.define(set, type);
  const file = options.get('load') ?? options.get('state');
  if (file !== undefined) loadValues(builder, file, type, values, options.has('load'));
  addDatasetCondition(builder, operation, set, type);
}

function loadValues(
  builder: RuleBuilder,
  file: string,
  type: DatasetType,
  values: Set<string>,
  isNeeded: boolean,
): void {
  const content = builder.resources.readFile(file);
  if (content === undefined) {
    if (isNeeded) throw new RuleError(`dataset: there is no file ${file}`);
    return;
  }
  for (const line of content.split('\n')) {
    const text = (line.split(',')[0] ?? '').trim();
    if (text !== '')
      values.add(type === 'string' ? Buffer.from(text, 'base64').toString('latin1') : text.toLowerCase());
  }
}

/** A set is asked where it stands among the conditions; it is extended once everything else held. */
function addDatasetCondition(builder: RuleBuilder, operation: string, set: string, type: DatasetType): void {
  const { datasets } = builder.resources;
  const addresses = builder.addressEnd;
  if (addresses !== undefined) {
    const ipOf = (source: string, destination: string) => (addresses === 'source' ? source : destination);
    if (operation === 'isset' || operation === 'isnotset') {
      const isWanted = operation === 'isset';
      builder.checks.push((context) => datasets.has(set, ipOf(context.sourceIp, context.destinationIp)) === isWanted);
    } else {
      builder.stateChanges.push((context) => {
        const ip = ipOf(context.sourceIp, context.destinationIp);
        if (operation === 'set') datasets.add(set, ip);
        else datasets.remove(set, ip);
        return true;
      });
    }
    return;
  }
  const keyOf = (bytes: Buffer) => datasetKey(bytes, type);
  const test = (bytes: Buffer) => {
    const key = keyOf(bytes);
    const isThere = datasets.has(set, key);
    if (operation === 'isset') return isThere;
    if (operation === 'isnotset') return !isThere;
    if (operation === 'unset') {
      datasets.remove(set, key);
      return isThere;
    }
    if (!isThere) datasets.add(set, key);
    return !isThere;
  };
  builder.selected('dataset').conditions.push({ kind: 'whole', test });
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
      return bytes.length === 4 ? bytes.join('.') : bytes.toString('latin1');
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

function reputationTest(operator: string, score: string | undefined): (value: number | undefined) => boolean {
  if (operator === 'isset') return (value) => value !== undefined;
  if (operator === 'isnotset') return (value) => value === undefined;
  const limit = parseNumber(score ?? '', 'iprep: score', 0, 127);
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
  iprep: { summary: 'reputation of an address', apply: applyReputation },
  'ip.src': addressBuffer('source'),
  'ip.dst': addressBuffer('destination'),
};
