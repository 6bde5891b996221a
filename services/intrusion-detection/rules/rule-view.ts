import { z } from 'zod';
import { ruleId, type SetRule } from '../rule-sets/load-sets.ts';
import type { RuleLibrary } from '../rule-sets/rule-library.ts';
import type { RuleUse } from '../store.ts';
import { RuleTuning } from '../tuning/tuning.ts';

export const RuleView = z
  .object({
    id: z.string().meta({ description: 'Group and number: `1:2019401`' }),
    set: z.string(),
    revision: z.int(),
    title: z.string(),
    class: z.string(),
    priority: z.int(),
    text: z.string(),
    isInForce: z.boolean().meta({ description: 'It and its set are switched on' }),
    tuning: RuleTuning,
    hits: z.int().meta({ description: 'Matches, whether they were told or not' }),
    lastHit: z.number().nullable(),
    looks: z.int().meta({ description: 'How often its conditions were looked at' }),
    milliseconds: z.number().meta({ description: 'Processor time that it has cost' }),
  })
  .meta({ id: 'RuleView' });
export type RuleView = z.infer<typeof RuleView>;

export const RuleQuery = z.object({
  set: z.string().optional(),
  search: z.string().optional().meta({ description: 'Part of the text, or begin of the number' }),
  state: z
    .enum(['on', 'off', 'tuned', 'hit'])
    .optional()
    .meta({ description: '`tuned`: something was decided about it; `hit`: it has matched' }),
  sort: z.enum(['id', '-hits', '-lastHit', '-looks', '-milliseconds']).default('id'),
});
export type RuleQuery = z.infer<typeof RuleQuery>;

const UNUSED: RuleUse = { hits: 0, lastHit: null, looks: 0, milliseconds: 0 };

/** A rule as people see it, with what it has found and cost. */
export function viewRule(library: RuleLibrary, { rule, set }: SetRule, use: RuleUse = UNUSED): RuleView {
  const id = ruleId(rule);
  const { message: title, rev: revision, priority, text } = rule;
  const tuning = library.tuningOf(id);
  const isInForce = tuning.isEnabled && library.find(set).set.isEnabled;
  return { id, set, revision, title, class: rule.classtype ?? '', priority, text, isInForce, tuning, ...use };
}

/** Rules that fit the query, in its order. @param usage by rule */
export function findRules(
  library: RuleLibrary,
  usage: ReadonlyMap<string, RuleUse>,
  { set: wanted, search = '', state, sort }: RuleQuery,
): readonly RuleView[] {
  const words = search.trim().toLowerCase();
  const found = library
    .rules()
    .filter(({ set }) => wanted === undefined || set === wanted)
    .filter(({ rule }) => isFound(rule, words))
    .map((each) => viewRule(library, each, usage.get(ruleId(each.rule))))
    .filter((view) => state === undefined || isIn(state, view));
  if (sort === 'id') return found;
  const field = sort.slice(1) as 'hits' | 'lastHit' | 'looks' | 'milliseconds';
  return found.sort((a, b) => (b[field] ?? 0) - (a[field] ?? 0));
}

function isFound({ sid, text }: SetRule['rule'], words: string): boolean {
  return /^\d+$/.test(words) ? String(sid).startsWith(words) : text.toLowerCase().includes(words);
}

function isIn(state: NonNullable<RuleQuery['state']>, { isInForce, tuning, hits }: RuleView): boolean {
  switch (state) {
    case 'on':
      return isInForce;
    case 'off':
      return !isInForce;
    case 'tuned':
      return !tuning.isEnabled || tuning.adjustments.length > 0 || tuning.note !== '';
    case 'hit':
      return hits > 0;
  }
}
