import { findBuffer } from '../buffers.ts';
import type { Transform } from '../conditions.ts';
import type { TransactionView } from '../inspector.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { chooseFastPattern } from './fast-pattern.ts';
import type { MatchState } from './match-state.ts';
import { PatternMatcher, type PatternOfRule } from './pattern-matcher.ts';
import type { PatternPool } from './pattern-pool.ts';

/** Rules whose fast pattern is in one buffer, after the same transformations. */
interface BufferGroup {
  readonly buffer: string;
  readonly transforms: readonly Transform[];
  readonly patterns: PatternOfRule[];
  matcher: PatternMatcher | undefined;
}

const NONE: readonly number[] = [];

/** Rules on transactions: by the buffer of their fast pattern, else by protocol. */
export class TransactionIndex {
  readonly #pool: PatternPool;
  readonly #groups = new Map<string, BufferGroup>();
  readonly #byBuffer = new Map<string, BufferGroup[]>();
  readonly #byRoom = new Map<string, number[]>();
  readonly #anyRoom: number[] = [];
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
    for (const group of this.#groups.values()) {
      group.matcher = new PatternMatcher(this.#pool, group.patterns);
      group.patterns.length = 0;
    }
  }

  /** Some rule looks at request and answer together. */
  get hasJoins(): boolean {
    return this.#hasJoins;
  }

  #addByRoom({ header, transactionBuffers }: Rule, number: number): void {
    const rooms = header.rooms ?? transactionBuffers.flatMap(({ buffer }) => findBuffer(buffer)?.protocols ?? []);
    if (rooms.length === 0) this.#anyRoom.push(number);
    for (const room of new Set(rooms)) {
      const rules = this.#byRoom.get(room);
      if (rules === undefined) this.#byRoom.set(room, [number]);
      else rules.push(number);
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

  /** @param found takes the number of every rule that may match this side of a transaction */
  find(view: TransactionView, state: MatchState, found: (rule: number) => void): void {
    for (const rule of this.#anyRoom) found(rule);
    for (const rule of this.#byRoom.get(view.protocol) ?? NONE) found(rule);
    for (const name in view.buffers) {
      const groups = this.#byBuffer.get(name);
      if (groups === undefined) continue;
      for (const value of view.buffers[name] ?? []) for (const group of groups) scan(group, value, state, found);
    }
  }
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
