import type { Expression, SigmaRule } from '../language/rule.ts';
import { translateValue } from '../pipelines/pipeline.ts';
import { type Atom, AtomTable, WHOLE_EVENT } from './atoms.ts';
import { type EventLeaves, normaliseName } from './event-leaves.ts';
import type { FieldSlot } from './field-slot.ts';
import type { FeedTarget, FieldTargets } from './field-targets.ts';
import { type FieldValues, testValues } from './lazy-test.ts';
import { MatchState } from './match-state.ts';
import { RulePrograms, type Step } from './rule-program.ts';

/* Hot path: all rules of one log source as one structure. Guarded by bench/sigma.ts. */

/** Atoms of which one at least is true when an expression is; undefined where it may be true without any. */
interface Trigger {
  readonly atoms: readonly number[];
  readonly frequency: number;
}

const NO_RULES: readonly SigmaRule[] = [];

export class RuleGroup {
  readonly rules: readonly SigmaRule[];
  readonly #programs: RulePrograms;
  /** Rules that are looked at in every event. */
  readonly #always: readonly number[];
  readonly #state: MatchState;
  readonly #slots: ReadonlyMap<string, FieldSlot>;
  readonly #wholeEvent: FieldSlot | undefined;
  #leaves: EventLeaves;

  /** @param leaves values of the present event, shared by all groups */
  constructor(rules: readonly SigmaRule[], leaves: EventLeaves) {
    this.rules = rules;
    this.#leaves = leaves;
    const table = new AtomTable();
    const compiled = rules.map(({ expression }) => compile(expression, table));
    table.finish();
    this.#slots = table.slots;
    this.#wholeEvent = table.slots.get(WHOLE_EVENT);
    const triggers: number[][] = table.atoms.map(() => []);
    const always: number[] = [];
    compiled.forEach(({ trigger }, rule) => {
      if (trigger === undefined) always.push(rule);
      else for (const atom of new Set(trigger.atoms)) triggers[atom]?.push(rule);
    });
    this.#always = always;
    this.#state = new MatchState(triggers, rules.length);
    this.#programs = new RulePrograms(compiled.map(({ expression }) => this.#link(expression)));
  }

  /** @returns names (normalised) of the fields that its rules look at */
  get fieldNames(): readonly string[] {
    return [...this.#slots.keys()];
  }

  /** Bytes of its tables. */
  get bytes(): number {
    return [...this.#slots.values()].flatMap(({ searches }) => searches).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  slot(field: string): FieldSlot | undefined {
    return this.#slots.get(normaliseName(field));
  }

  /**
   * Matches the present event.
   *
   * @param fields where the values of a field go
   * @returns the rules that match
   */
  match(fields: FieldTargets): readonly SigmaRule[] {
    const state = this.#state;
    const leaves = this.#leaves;
    const whole = this.#wholeEvent;
    state.begin();
    const count = leaves.count;
    for (let leaf = 0; leaf < count; leaf++) {
      const targets = fields.of(leaves.ids[leaf] as number, leaves.names[leaf] as string);
      for (let each = 0; each < targets.length; each++) this.#feed(targets[each] as FeedTarget, leaf);
      if (whole !== undefined) whole.feed(leaf, leaves, state);
    }
    const { candidates } = state;
    if (candidates.length === 0 && this.#always.length === 0) return NO_RULES;
    const found: SigmaRule[] = [];
    for (const rule of candidates) this.#judge(rule, found);
    for (const rule of this.#always) this.#judge(rule, found);
    return found;
  }

  #feed({ slot, translation }: FeedTarget, leaf: number): void {
    slot.feed(leaf, this.#leaves, this.#state);
    if (translation === undefined) return;
    const translated = translateValue(translation, this.#leaves.lower(leaf));
    if (translated === undefined) return;
    slot.feed(this.#leaves.push(this.#leaves.names[leaf] ?? '', translated), this.#leaves, this.#state);
  }

  #judge(rule: number, found: SigmaRule[]): void {
    if (this.#programs.holds(rule, this.#state)) found.push(this.rules[rule] as SigmaRule);
  }

  #link(expression: CompiledExpression): Step {
    switch (expression.kind) {
      case 'atom':
        return this.#linkAtom(expression.atom);
      case 'not':
        return { kind: 'not', item: this.#link(expression.item) };
      default:
        return { kind: expression.kind, items: cheapestFirst(expression.items.map((item) => this.#link(item))) };
    }
  }

  #linkAtom({ id, lazy, trigger }: Atom): Step {
    if (lazy === undefined) return { kind: 'atom', atom: id };
    const { test, slot, other } = lazy;
    const values = this.#valuesOf(slot);
    const others = other === undefined ? undefined : this.#valuesOf(other);
    return {
      kind: 'lazy',
      lazy: { atom: id, before: trigger ?? -1, test: () => testValues(test, values, others) },
    };
  }

  #valuesOf(slot: FieldSlot): FieldValues {
    const leaves = this.#leaves;
    const state = this.#state;
    return {
      get count() {
        return slot.current(state).length;
      },
      text: (index) => leaves.texts[slot.leaves[index] ?? 0],
      lower: (index) => leaves.lower(slot.leaves[index] ?? 0),
    };
  }
}

type CompiledExpression =
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'and' | 'or'; readonly items: readonly CompiledExpression[] }
  | { readonly kind: 'not'; readonly item: CompiledExpression };

function compile(
  expression: Expression,
  table: AtomTable,
): { readonly expression: CompiledExpression; readonly trigger: Trigger | undefined } {
  switch (expression.kind) {
    case 'test': {
      const atom = table.atomOf(expression.field, expression.test);
      const { trigger, frequency } = atom;
      return {
        expression: { kind: 'atom', atom },
        trigger: trigger === undefined ? undefined : { atoms: [trigger], frequency },
      };
    }
    case 'not':
      return { expression: { kind: 'not', item: compile(expression.item, table).expression }, trigger: undefined };
    default: {
      const items = expression.items.map((item) => compile(item, table));
      const triggers = items.map(({ trigger }) => trigger);
      return {
        expression: { kind: expression.kind, items: items.map((item) => item.expression) },
        trigger: expression.kind === 'and' ? rarest(triggers) : anyOf(triggers),
      };
    }
  }
}

/** Of parts that must all hold, the one that is least often true suffices. */
function rarest(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  return triggers.reduce((best, each) => {
    return best === undefined || (each !== undefined && each.frequency < best.frequency) ? each : best;
  }, undefined);
}

/** Of parts of which one must hold, all are needed. */
function anyOf(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  const known = triggers.filter((each) => each !== undefined);
  if (known.length < triggers.length) return undefined;
  return {
    atoms: known.flatMap(({ atoms }) => atoms),
    frequency: known.reduce((sum, { frequency }) => sum + frequency, 0),
  };
}

/** What must be computed comes after what is known. */
function cheapestFirst(steps: readonly Step[]): readonly Step[] {
  const cost = (step: Step): number => {
    switch (step.kind) {
      case 'atom':
        return 0;
      case 'lazy':
        return 100;
      case 'not':
        return cost(step.item) + 1;
      default:
        return step.items.reduce((sum, item) => sum + cost(item), 1);
    }
  };
  return [...steps].sort((a, b) => cost(a) - cost(b));
}
