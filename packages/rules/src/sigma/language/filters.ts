import type { SigmaRejection } from './load.ts';
import type { Expression, SigmaFilter, SigmaLogsource, SigmaRule } from './rule.ts';

/**
 * Puts filters into the rules that they name by id (Sigma filters specification). The specification's own example describes the events
 * that are taken out (`condition: selection`), while pySigma adds the condition to the rule (`condition: not selection`). Both
 * mean that an event which has nothing to do with the filter passes; that tells them apart.
 *
 * @returns the rules in their order, and filters that concern none of them
 */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly SigmaFilter[],
): { readonly filtered: readonly SigmaRule[]; readonly unused: readonly SigmaRejection[] } {
  const used = new Set<SigmaFilter>();
  const filtered = rules.map((rule) => {
    const own = filters.filter((filter) => concerns(filter, rule));
    if (own.length === 0) return rule;
    for (const filter of own) used.add(filter);
    const kept = own.map(({ expression }): Expression => {
      return holdsForNothing(expression) ? expression : { kind: 'not', item: expression };
    });
    return { ...rule, expression: { kind: 'and' as const, items: [rule.expression, ...kept] } };
  });
  const unused = filters
    .filter((filter) => !used.has(filter))
    .map(({ info }) => ({
      file: info.file,
      document: 1,
      id: info.id,
      title: info.title,
      reason: 'filter: it concerns no rule that is loaded',
    }));
  return { filtered, unused };
}

function concerns({ rules, logsource }: SigmaFilter, rule: SigmaRule): boolean {
  const isNamed = rules === undefined || rules.includes(rule.info.id);
  return isNamed && isWithin(rule.logsource, logsource);
}

/** @returns whether everything that the wider log source tells is told by the other too */
export function isWithin(narrow: SigmaLogsource, wide: SigmaLogsource): boolean {
  return (['product', 'category', 'service'] as const).every((part) => {
    return wide[part] === undefined || wide[part] === narrow[part];
  });
}

/** Whether an event that fits no test of it satisfies an expression. */
function holdsForNothing(expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.items.every(holdsForNothing);
    case 'or':
      return expression.items.some(holdsForNothing);
    case 'not':
      return !holdsForNothing(expression.item);
    case 'test':
      return false;
  }
}
