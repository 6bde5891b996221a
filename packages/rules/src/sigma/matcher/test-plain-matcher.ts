import { isWithin } from '../language/filters.ts';
import type { Expression, SigmaLogsource, SigmaRule } from '../language/rule.ts';
import { matchesPattern } from '../language/text-pattern.ts';
import { type SigmaPipeline, translateValue } from '../pipelines/pipeline.ts';
import { EventLeaves, normaliseName, type SigmaEvent } from './event-leaves.ts';
import { othersMeanings } from './field-targets.ts';
import { type FieldValues, testValues } from './lazy-test.ts';

/* One rule after another, each test on its own: what the shared matcher must agree with, and what it is measured beside. */

/** @returns ids of the rules that match, sorted */
export function matchPlainly(
  rules: readonly SigmaRule[],
  pipelines: readonly SigmaPipeline[],
  event: SigmaEvent,
  origin?: SigmaLogsource,
): readonly string[] {
  const fields = fieldsOf(rules, event);
  const sources = pipelines
    .flatMap((pipeline) => pipeline.sources)
    .filter(({ when, from }) => {
      const isFrom = from.length === 0 || (origin !== undefined && from.some((each) => isWithin(origin, each)));
      return (
        isFrom &&
        (from.length > 0 || when.length > 0) &&
        when.every(({ field, patterns }) => {
          const values = fields.get(normaliseName(field)) ?? [];
          return patterns.some((pattern) =>
            values.some((text) => text !== undefined && matchesPattern(pattern, text.toLowerCase())),
          );
        })
      );
    });
  return rules
    .filter(({ logsource, expression }) => {
      const own = sources.filter(({ logsources }) => logsources.some((each) => isWithin(each, logsource)));
      if (own.length === 0 && (origin === undefined || !isWithin(origin, logsource))) return false;
      return holds(expression, (field) => {
        if (field === undefined) return toValues([...fields.values()].flat());
        const name = normaliseName(field);
        const renamed = own.flatMap((source) => {
          const others = [...source.fields].filter(([, names]) => names.some((each) => normaliseName(each) === name));
          const translation = [...source.values].find(([each]) => normaliseName(each) === name)?.[1];
          return others.flatMap(([event_]) =>
            (fields.get(normaliseName(event_)) ?? []).flatMap((text) => {
              const translated = translation && translateValue(translation, (text ?? '').toLowerCase());
              return translated === undefined ? [text] : [text, translated];
            }),
          );
        });
        const ownValues = own.flatMap(({ values }) =>
          [...values].flatMap(([each, map]) => (normaliseName(each) === name ? [...map] : [])),
        );
        const isOther = othersMeanings(own).has(name);
        return toValues([...renamed, ...(isOther ? [] : withTranslations(fields.get(name) ?? [], new Map(ownValues)))]);
      });
    })
    .map(({ info }) => info.id)
    .sort();
}

function fieldsOf(rules: readonly SigmaRule[], event: SigmaEvent): ReadonlyMap<string, (string | undefined)[]> {
  const leaves = new EventLeaves(new Set(rules.flatMap(({ expression }) => namesIn(expression))));
  leaves.fill(event);
  const fields = new Map<string, (string | undefined)[]>();
  for (let leaf = 0; leaf < leaves.count; leaf++) {
    const name = normaliseName(leaves.names[leaf] ?? '');
    fields.set(name, [...(fields.get(name) ?? []), leaves.texts[leaf]]);
  }
  return fields;
}

function namesIn(expression: Expression): readonly string[] {
  if (expression.kind === 'test') return expression.field === undefined ? [] : [normaliseName(expression.field)];
  return expression.kind === 'not' ? namesIn(expression.item) : expression.items.flatMap(namesIn);
}

function toValues(texts: readonly (string | undefined)[]): FieldValues {
  return { count: texts.length, text: (index) => texts[index], lower: (index) => (texts[index] ?? '').toLowerCase() };
}

function holds(expression: Expression, valuesOf: (field: string | undefined) => FieldValues): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.items.every((item) => holds(item, valuesOf));
    case 'or':
      return expression.items.some((item) => holds(item, valuesOf));
    case 'not':
      return !holds(expression.item, valuesOf);
    case 'test': {
      const { field, test } = expression;
      return testValues(test, valuesOf(field), test.kind === 'field' ? valuesOf(test.other) : undefined);
    }
  }
}

function withTranslations(
  texts: readonly (string | undefined)[],
  values: ReadonlyMap<string, string>,
): readonly (string | undefined)[] {
  return texts.flatMap((text) => [text, translateValue(values, (text ?? '').toLowerCase()) ?? text]);
}
