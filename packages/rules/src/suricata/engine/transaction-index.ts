import { findBuffer } from '../buffers.ts';
import type { Transform } from '../conditions.ts';
import type { TransactionView } from '../inspector.ts';
import type { Rule } from '../rule.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import { chooseFastPattern } from './prefilter.ts';

/** Rules whose fast pattern is in one buffer, after the same transformations. */
interface BufferGroup {
  readonly buffer: string;
  readonly transforms: readonly Transform[];
  readonly matcher: PatternMatcher;
}

const NONE: readonly number[] = [];

/** Rules on transactions: by the buffer of their fast pattern, else by protocol. */
export class TransactionIndex {
  readonly #groups = new Map<string, BufferGroup>();
  readonly #byBuffer = new Map<string, BufferGroup[]>();
  readonly #byRoom = new Map<string, number[]>();
  readonly #anyRoom: number[] = [];
  #hasJoins = false;

  add(rule: Rule, number: number): void {
    this.#hasJoins ||= rule.joinsDirections;
    // A pattern of the request would be found before the answer is there.
    const fast = rule.joinsDirections ? undefined : chooseFastPattern(rule.transactionBuffers);
    if (fast === undefined) this.#addByRoom(rule, number);
    else this.#groupOf(fast.list.buffer, fast.list.transforms).matcher.add(fast.pattern, number);
  }

  build(): void {
    for (const { matcher } of this.#groups.values()) matcher.build();
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
    const group = { buffer, transforms, matcher: new PatternMatcher() };
    this.#groups.set(key, group);
    const ofBuffer = this.#byBuffer.get(buffer);
    if (ofBuffer === undefined) this.#byBuffer.set(buffer, [group]);
    else ofBuffer.push(group);
    return group;
  }

  /** @param found takes the number of every rule that may match this side of a transaction */
  find(view: TransactionView, found: (rule: number) => void): void {
    for (const rule of this.#anyRoom) found(rule);
    for (const rule of this.#byRoom.get(view.protocol) ?? NONE) found(rule);
    for (const name in view.buffers) {
      const groups = this.#byBuffer.get(name);
      if (groups === undefined) continue;
      for (const group of groups) for (const value of view.buffers[name] ?? []) scan(group, value, found);
    }
  }
}

function scan({ transforms, matcher }: BufferGroup, value: Uint8Array, found: (rule: number) => void): void {
  let bytes: Buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  for (const transform of transforms) {
    const changed = transform.apply(bytes);
    if (changed === undefined) return;
    bytes = changed;
  }
  matcher.scan(bytes, 0, found);
}
