import { findBuffer } from '../buffers.ts';
import type { Transform } from '../conditions.ts';
import type { TransactionView } from '../inspector.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { chooseFastPattern } from './fast-pattern.ts';
import type { DirectionNotes } from './flow-notes.ts';
import { HeaderClasses } from './header-classes.ts';
import type { MatchState } from './match-state.ts';
import { matchesEnds } from './matching.ts';
import { PatternMatcher, type PatternOfRule } from './pattern-matcher.ts';
import type { PatternPool } from './pattern-pool.ts';

/** Rules whose fast pattern is in one buffer, after the same transformations. */
interface BufferGroup {
  readonly buffer: string;
  readonly transforms: readonly Transform[];
  readonly patterns: PatternOfRule[];
  matcher: PatternMatcher | undefined;
}

interface NumberedRule {
  readonly rule: Rule;
  readonly number: number;
}

/** Classes of headers for which lists of rules are kept; others are looked at rule by rule. */
const MAXIMUM_LISTS = 10_000;
const NONE: readonly NumberedRule[] = [];

/** Rules on transactions: by the buffer of their fast pattern, else by protocol. */
export class TransactionIndex {
  readonly #pool: PatternPool;
  readonly #groups = new Map<string, BufferGroup>();
  readonly #byBuffer = new Map<string, BufferGroup[]>();
  readonly #byRoom = new Map<string, NumberedRule[]>();
  readonly #anyRoom: NumberedRule[] = [];
  #classes = new HeaderClasses([]);
  /** Rules without a pattern by room, then by the class of the header. */
  readonly #ofClass = new Map<string, Map<number, readonly number[]>>();
  #hasJoins = false;

  /** @param pool that patterns are added to; it is built before `build` */
  constructor(pool: PatternPool) {
    this.#pool = pool;
  }

  add(rule: Rule, number: number): void {
    this.#hasJoins ||= rule.joinsDirections;
    // A pattern of the request would be found before the answer is there.
    const fast = rule.joinsDirections ? undefined : chooseFastPattern(rule.transactionBuffers);
    if (fast === undefined) this.#addByRoom(rule, number);
    else {
      const { patterns } = this.#groupOf(fast.list.buffer, fast.list.transforms);
      patterns.push({ pattern: this.#pool.add(fast), rule: number });
    }
  }

  build(): void {
    const rules = [...this.#anyRoom, ...[...this.#byRoom.values()].flat()];
    this.#classes = new HeaderClasses(rules.map(({ rule }) => rule.header));
    for (const group of this.#groups.values()) {
      group.matcher = new PatternMatcher(this.#pool, group.patterns);
      group.patterns.length = 0;
    }
  }

  /** Some rule looks at request and answer together. */
  get hasJoins(): boolean {
    return this.#hasJoins;
  }

  #addByRoom(rule: Rule, number: number): void {
    const { header, transactionBuffers } = rule;
    const rooms = header.rooms ?? transactionBuffers.flatMap(({ buffer }) => findBuffer(buffer)?.protocols ?? []);
    if (rooms.length === 0) this.#anyRoom.push({ rule, number });
    for (const room of new Set(rooms)) {
      const rules = this.#byRoom.get(room);
      if (rules === undefined) this.#byRoom.set(room, [{ rule, number }]);
      else rules.push({ rule, number });
    }
  }

  #groupOf(buffer: string, transforms: readonly Transform[]): BufferGroup {
    const key = [buffer, ...transforms.map((transform) => transform.key)].join('|');
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = { buffer, transforms, patterns: [], matcher: undefined };
    this.#groups.set(key, group);
    const ofBuffer = this.#byBuffer.get(buffer);
    if (ofBuffer === undefined) this.#byBuffer.set(buffer, [group]);
    else ofBuffer.push(group);
    return group;
  }

  /** @returns rules without a pattern that this direction of a flow may concern: most look at other networks, or the other way */
  #withoutPattern(room: string, state: MatchState): readonly number[] {
    let lists = this.#ofClass.get(room);
    if (lists === undefined) {
      lists = new Map();
      this.#ofClass.set(room, lists);
    }
    const key = this.#classes.of(state);
    const known = key === undefined ? undefined : lists.get(key);
    if (known !== undefined) return known;
    const list: number[] = [];
    for (const rules of [this.#anyRoom, this.#byRoom.get(room) ?? NONE]) {
      for (const { rule, number } of rules) if (mayConcern(rule, state)) list.push(number);
    }
    if (key !== undefined && lists.size < MAXIMUM_LISTS) lists.set(key, list);
    return list;
  }

  /**
   * @param side of the flow whose transaction it is
   * @param found takes the number of every rule that may match this side of a transaction
   */
  find(view: TransactionView, state: MatchState, side: DirectionNotes, found: (rule: number) => void): void {
    if (side.viewRoom !== view.protocol) {
      side.viewRoom = view.protocol;
      side.viewRules = this.#withoutPattern(view.protocol, state);
    }
    for (const rule of side.viewRules) found(rule);
    for (const name in view.buffers) {
      const groups = this.#byBuffer.get(name);
      if (groups === undefined) continue;
      for (const value of view.buffers[name] ?? []) for (const group of groups) scan(group, value, state, found);
    }
  }
}

function mayConcern({ header, flow }: Rule, state: MatchState): boolean {
  return (flow.direction === undefined || flow.direction === state.direction) && matchesEnds(header, state);
}

function scan(
  { transforms, matcher }: BufferGroup,
  value: Uint8Array,
  state: MatchState,
  found: (rule: number) => void,
): void {
  if (transforms.length === 0) {
    matcher?.scan(value, 0, value.length, 0, found);
    return;
  }
  let subject: Subject | undefined = state.subjectOf(value);
  for (const transform of transforms) {
    subject = subject.transformed(transform);
    if (subject === undefined) return;
  }
  matcher?.scan(subject.bytes, 0, subject.length, 0, found);
}
