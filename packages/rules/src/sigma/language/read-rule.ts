import { isMap, type Placeholders, readDetection } from './detection.ts';
import type { SigmaDocument } from './documents.ts';
import { readCorrelation } from './read-correlation.ts';
import {
  SIGMA_LEVELS,
  type SigmaCorrelationRule,
  type SigmaFilter,
  type SigmaLevel,
  type SigmaLogsource,
  type SigmaRule,
  type SigmaRuleInfo,
} from './rule.ts';
import { SigmaError } from './sigma-error.ts';

type Content = Readonly<Record<string, unknown>>;

const FILTER_KEYS = new Set(['condition', 'rules']);

/** @throws SigmaError with the reason why a document cannot be used */
export function readRule(
  document: SigmaDocument,
  placeholders: Placeholders,
): SigmaRule | SigmaCorrelationRule | SigmaFilter {
  const { content } = document;
  if (content === undefined) throw new SigmaError(document.problem);
  const info = readInfo(content, document);
  if (content.status === 'unsupported') {
    throw new SigmaError('status: its author says that it cannot be used in its present state');
  }
  checkTaxonomy(content);
  if (content.correlation !== undefined) return readCorrelation(info, content);
  if (content.filter !== undefined) return readFilter(info, content, placeholders);
  if (content.detection === undefined) throw new SigmaError('it has no detection, correlation or filter');
  const logsource = readLogsource(content.logsource);
  return {
    kind: 'rule',
    info: { ...info, logsource },
    logsource,
    expression: readDetection(content.detection, placeholders),
  };
}

/**
 * "Custom Taxonomy" of the specification names fields of the category `network` as the Elastic Common Schema does, and those are known.
 *
 * @throws SigmaError where it is another, whose names of fields would never fit
 */
function checkTaxonomy({ taxonomy, logsource, correlation }: Content): void {
  if (taxonomy === undefined || taxonomy === 'sigma') return;
  const isNetwork = isMap(logsource) && String(logsource.category).toLowerCase() === 'network';
  if (taxonomy === 'ecs' && (isNetwork || correlation !== undefined)) return;
  throw new SigmaError(`taxonomy: '${String(taxonomy)}' is not known; 'sigma' is, and 'ecs' for the category network`);
}

function readFilter(info: SigmaRuleInfo, content: Content, placeholders: Placeholders): SigmaFilter {
  const { filter } = content;
  if (!isMap(filter)) throw new SigmaError('filter: it is no map');
  const expression = readDetection(filter, placeholders, FILTER_KEYS);
  return {
    kind: 'filter',
    info,
    logsource: readLogsource(content.logsource),
    rules: filteredRules(filter.rules),
    expression,
  };
}

function filteredRules(rules: unknown): readonly string[] | undefined {
  if (rules === 'any') return undefined;
  // A filter of which somebody forgot it would make every rule of its log source weaker.
  if (rules === undefined || rules === null) throw new SigmaError("filter: 'rules' is missing; `any` means all");
  const list = Array.isArray(rules) ? rules : [rules];
  if (list.length === 0 || !list.every((each) => typeof each === 'string')) {
    throw new SigmaError("filter: 'rules' must list rules by id or name, or be 'any'");
  }
  return list as string[];
}

export function readLogsource(value: unknown): SigmaLogsource {
  if (!isMap(value)) throw new SigmaError('logsource: it is missing');
  const read = (name: 'product' | 'category' | 'service') => {
    const part = value[name];
    if (part === undefined || part === null) return {};
    if (typeof part !== 'string') throw new SigmaError(`logsource: '${name}' is no text`);
    return { [name]: part.trim().toLowerCase() };
  };
  const logsource: SigmaLogsource = { ...read('product'), ...read('category'), ...read('service') };
  if (Object.keys(logsource).length === 0) {
    throw new SigmaError('logsource: it names no product, category or service');
  }
  return logsource;
}

function readInfo(content: Content, { file, number }: SigmaDocument): SigmaRuleInfo {
  const { title } = content;
  if (typeof title !== 'string' || title.trim() === '') throw new SigmaError('title: it is missing');
  const name = textOf(content.name);
  return {
    id: textOf(content.id) || name || `${file}#${number}`,
    name: name === '' ? undefined : name,
    title: title.trim(),
    description: textOf(content.description),
    level: levelOf(content.level),
    status: textOf(content.status),
    author: textOf(content.author),
    tags: textsOf(content.tags),
    references: textsOf(content.references),
    falsePositives: textsOf(content.falsepositives),
    fields: textsOf(content.fields),
    file,
    logsource: undefined,
  };
}

function levelOf(level: unknown): SigmaLevel {
  if (level === undefined || level === null) return 'medium';
  const known = SIGMA_LEVELS.find((each) => each === level);
  if (known === undefined) throw new SigmaError(`level: '${String(level)}' is none of ${SIGMA_LEVELS.join(', ')}`);
  return known;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
