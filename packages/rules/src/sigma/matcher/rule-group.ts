import type { Expression, SigmaRule } from '../language/rule.ts';
import { translateValue } from '../pipelines/pipeline.ts';
import { type Atom, AtomTable, WHOLE_EVENT } from './atoms.ts';
import { type EventLeaves, normaliseName } from './event-leaves.ts';
import type { FieldSlot } from './field-slot.ts';
import { type FieldValues, testValues } from './lazy-test.ts';
import { MatchState } from './match-state.ts';

/* Hot path: all rules of one log source as one structure. Guarded by bench/sigma.ts. */

type Node =
  | { readonly op: 'hit'; readonly atom: number }
  | { readonly op: 'ask'; readonly atom: number; readonly before: number; readonly test: () => boolean }
  | { readonly op: 'and' | 'or'; readonly items: readonly Node[] }
  | { readonly op: 'not'; readonly item: Node };

/** Atoms of which one at least is true when an expression is; undefined where it may be true without any. */
interface Trigger {
  readonly atoms: readonly number[];
  readonly frequency: number;
}

/** Where the values of an event's field go. */
export interface FeedTarget {
  readonly slot: FieldSlot;
  /** Value in lower case → what Sigma calls it. */
  readonly translation: ReadonlyMap<string, string> | undefined;
}

export class RuleGroup {
  readonly rules: readonly SigmaRule[];
  readonly #nodes: readonly Node[];
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
    this.#nodes = compiled.map(({ expression }) => this.#link(expression));
  }

  /** @returns names (normalised) of the fields that its rules look at */
  get fieldNames(): readonly string[] {
    return [...this.#slots.keys()];
  }

  /** Bytes of its tables. */
  get bytes(): number {
    return [...this.#slots.values()].reduce((sum, { automaton }) => sum + (automaton?.bytes ?? 0), 0);
  }

  slot(field: string): FieldSlot | undefined {
    return this.#slots.get(normaliseName(field));
  }

  /**
   * Matches the present event.
   *
   * @param targets where the values of a field go, by its name in the event
   * @param found is told each rule that matches
   */
  match(targets: (name: string) => readonly FeedTarget[], found: (rule: SigmaRule) => void): void {
    const state = this.#state;
    const leaves = this.#leaves;
    state.begin();
    const count = leaves.count;
    for (let leaf = 0; leaf < count; leaf++) {
      for (const target of targets(leaves.names[leaf] ?? '')) this.#feed(target, leaf);
      this.#wholeEvent?.feed(leaf, leaves, state);
    }
    for (const rule of state.candidates) this.#judge(rule, found);
    for (const rule of this.#always) this.#judge(rule, found);
  }

  #feed({ slot, translation }: FeedTarget, leaf: number): void {
    slot.feed(leaf, this.#leaves, this.#state);
    if (translation === undefined) return;
    const translated = translateValue(translation, this.#leaves.lower(leaf));
    if (translated === undefined) return;
    slot.feed(this.#leaves.push(this.#leaves.names[leaf] ?? '', translated), this.#leaves, this.#state);
  }

  #judge(rule: number, found: (rule: SigmaRule) => void): void {
    const node = this.#nodes[rule];
    const definition = this.rules[rule];
    if (node !== undefined && definition !== undefined && this.#holds(node)) found(definition);
  }

  #holds(node: Node): boolean {
    switch (node.op) {
      case 'hit':
        return this.#state.has(node.atom);
      case 'ask':
        return (node.before < 0 || this.#state.has(node.before)) && this.#state.ask(node.atom, node.test);
      case 'not':
        return !this.#holds(node.item);
      case 'and':
        for (const item of node.items) if (!this.#holds(item)) return false;
        return true;
      case 'or':
        for (const item of node.items) if (this.#holds(item)) return true;
        return false;
    }
  }

  #link(expression: CompiledExpression): Node {
    switch (expression.kind) {
      case 'atom':
        return this.#linkAtom(expression.atom);
      case 'not':
        return { op: 'not', item: this.#link(expression.item) };
      default:
        return { op: expression.kind, items: cheapestFirst(expression.items.map((item) => this.#link(item))) };
    }
  }

  #linkAtom({ id, lazy, trigger }: Atom): Node {
    if (lazy === undefined) return { op: 'hit', atom: id };
    const { test, slot, other } = lazy;
    const values = this.#valuesOf(slot);
    const others = other === undefined ? undefined : this.#valuesOf(other);
    return { op: 'ask', atom: id, before: trigger ?? -1, test: () => testValues(test, values, others) };
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
function cheapestFirst(nodes: readonly Node[]): readonly Node[] {
  const cost = (node: Node): number => {
    if (node.op === 'hit') return 0;
    if (node.op === 'ask') return 100;
    if (node.op === 'not') return cost(node.item) + 1;
    return node.items.reduce((sum, item) => sum + cost(item), 1);
  };
  return [...nodes].sort((a, b) => cost(a) - cost(b));
}
