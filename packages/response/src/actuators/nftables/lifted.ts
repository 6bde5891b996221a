import type { Expression } from './plan-rules.ts';

/** Addresses and networks that rules look for, in the way in which commands write them. */
export function valuesIn(rules: readonly { readonly expr: readonly Expression[] }[]): readonly string[] {
  return rules.flatMap(({ expr }) =>
    expr.flatMap(({ match }) => {
      const right = (match as { right?: unknown } | undefined)?.right;
      const set = (right as { set?: unknown } | undefined)?.set;
      return (Array.isArray(set) ? set : [right]).flatMap(textsOf);
    }),
  );
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  const prefix = (value as { prefix?: { addr: string; len: number } } | undefined)?.prefix;
  return prefix === undefined ? [] : [`${prefix.addr}/${prefix.len}`];
}
