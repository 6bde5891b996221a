import type { RuleExpression, SigmaCorrelationRule, SigmaFilter, SigmaRuleInfo } from './rule.ts';
import { SigmaError } from './sigma-error.ts';

/* "Related rules" of the Sigma correlation rules specification: a rule is referred to by its `id` or its `name`. */

/** Finds rules by what others call them. Packs of different authors may use the same name: that of the same file is meant. */
export class RuleNames {
  readonly #ids = new Set<string>();
  readonly #named = new Map<string, SigmaRuleInfo[]>();

  constructor(rules: readonly SigmaRuleInfo[]) {
    for (const info of rules) {
      this.#ids.add(info.id);
      if (info.name === undefined) continue;
      const others = this.#named.get(info.name);
      if (others === undefined) this.#named.set(info.name, [info]);
      else others.push(info);
    }
  }

  /**
   * @param file in which the reference stands
   * @returns the id of the rule; undefined where none is loaded
   * @throws SigmaError where several have the name and none of them is of the same file
   */
  idOf(reference: string, file: string): string | undefined {
    const named = this.#named.get(reference) ?? [];
    const own = named.filter((info) => info.file === file);
    const [first, second] = own.length > 0 ? own : named;
    if (own.length === 0 && this.#ids.has(reference)) return reference;
    if (second !== undefined)
      throw new SigmaError(`several rules have the name '${reference}'; refer to one by its id`);
    return first?.id;
  }
}

/**
 * @returns the correlation with the ids of the rules that it names, also in its aliases and its condition
 * @throws SigmaError with what is wrong
 */
export function resolveCorrelation(rule: SigmaCorrelationRule, names: RuleNames): SigmaCorrelationRule {
  const { info } = rule;
  const missing = rule.rules.filter((each) => names.idOf(each, info.file) === undefined);
  if (missing.length > 0) throw new SigmaError(notLoaded(missing));
  const idOf = (reference: string, place: string): string => {
    const id = names.idOf(reference, info.file);
    if (id === undefined || !rules.includes(id)) {
      throw new SigmaError(`correlation: ${place} names '${reference}', which 'rules' does not`);
    }
    return id;
  };
  const rules = rule.rules.map((each) => names.idOf(each, info.file) ?? each);
  const expression =
    rule.expression === undefined
      ? undefined
      : withIds(rule.expression, (reference) => idOf(reference, 'the condition'));
  if (rule.type === 'temporal_ordered' && expression !== undefined && !isConjunctionOf(expression, rules)) {
    throw new SigmaError('correlation: an order over anything but all of its rules is not supported');
  }
  const aliases = [...rule.aliases].map(
    ([alias, fields]) =>
      [alias, new Map([...fields].map(([each, field]) => [idOf(each, `alias '${alias}'`), field]))] as const,
  );
  return { ...rule, rules, expression, aliases: new Map(aliases) };
}

/** @returns the filter with the ids of rules that are loaded. @throws SigmaError where a name may mean several */
export function resolveFilter(filter: SigmaFilter, names: RuleNames): SigmaFilter {
  if (filter.rules === undefined) return filter;
  return { ...filter, rules: filter.rules.map((each) => names.idOf(each, filter.info.file) ?? each) };
}

/** @returns why a correlation cannot match: a rule that it names is not there */
export function notLoaded(missing: readonly string[]): string {
  return `correlation: it refers to ${missing.join(', ')}, which is not loaded or refers back to it`;
}

function withIds(expression: RuleExpression, idOf: (reference: string) => string): RuleExpression {
  switch (expression.kind) {
    case 'rule':
      return { kind: 'rule', rule: idOf(expression.rule) };
    case 'not':
      return { kind: 'not', item: withIds(expression.item, idOf) };
    case 'and':
    case 'or':
      return { ...expression, items: expression.items.map((item) => withIds(item, idOf)) };
  }
}

function isConjunctionOf(expression: RuleExpression, rules: readonly string[]): boolean {
  const items = expression.kind === 'and' ? expression.items : [expression];
  const named = new Set(items.map((item) => (item.kind === 'rule' ? item.rule : undefined)));
  return !named.has(undefined) && named.size === new Set(rules).size;
}
