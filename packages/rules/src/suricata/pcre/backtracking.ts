import { firstBytes, startsAtStart } from './first-bytes.ts';
import { isWordByte, type PcreNode } from './syntax.ts';

/**
 * Steps that one search may take. Suricata gives PCRE 3,500 calls of its match function by default; a step here is smaller,
 * an attempt at one node.
 */
const MAXIMUM_STEPS = 200_000;
/** Continuations that may be open: each is a few frames of the machine's stack. */
const MAXIMUM_DEPTH = 500;

type Continue = (at: number) => boolean;
type Step = (at: number, next: Continue) => boolean;

/** A match: where it begins and ends, and what its groups took. */
export interface PcreMatch {
  readonly start: number;
  readonly end: number;
  group(number: number): string | undefined;
}

class OutOfBudget extends Error {}

/**
 * Matches what JavaScript's own expressions cannot say exactly, or would need unbounded time for, by plain backtracking
 * with PCRE's meaning: a reference to a group that took no part fails, groups keep what they took in an earlier iteration.
 * A search that exceeds its budget finds nothing, as PCRE's match limit makes it in Suricata.
 */
export class BacktrackingMatcher {
  readonly #step: Step;
  #text = '';
  #steps = 0;
  #depth = 0;
  /** Start and end of each group, −1 where it took no part. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #firstBytes: Uint8Array | undefined;
  readonly #startsAtStart: boolean;

  /** @param groups number of capturing groups */
  constructor(node: PcreNode, groups: number) {
    this.#starts = new Int32Array(groups + 1).fill(-1);
    this.#ends = new Int32Array(groups + 1).fill(-1);
    this.#step = this.#compile(node);
    this.#firstBytes = firstBytes(node);
    this.#startsAtStart = startsAtStart(node);
  }

  /** @param isAnchored only a match that begins at `from` */
  find(text: string, from: number, isAnchored: boolean): PcreMatch | undefined {
    this.#text = text;
    this.#steps = 0;
    if (this.#startsAtStart && from > 0) return undefined;
    const isOneTry = isAnchored || this.#startsAtStart;
    try {
      for (let start = from; start <= text.length; start++) {
        if (this.#firstBytes !== undefined && this.#firstBytes[text.charCodeAt(start)] !== 1) {
          if (isOneTry) return undefined;
          continue;
        }
        this.#starts.fill(-1);
        this.#ends.fill(-1);
        this.#depth = 0;
        let end = -1;
        const isFound = this.#step(start, (at) => {
          end = at;
          return true;
        });
        if (isFound) return this.#match(start, end);
        if (isOneTry) return undefined;
      }
    } catch (error) {
      // The machine's own stack is the last budget.
      if (!(error instanceof OutOfBudget || error instanceof RangeError)) throw error;
    }
    return undefined;
  }

  #match(start: number, end: number): PcreMatch {
    const [starts, ends, text] = [this.#starts.slice(), this.#ends.slice(), this.#text];
    const group = (number: number) => {
      const first = starts[number] ?? -1;
      return first < 0 ? undefined : text.slice(first, ends[number]);
    };
    return { start, end, group };
  }

  #spend(): void {
    this.#steps += 1;
    if (this.#steps > MAXIMUM_STEPS) throw new OutOfBudget();
  }

  #compile(node: PcreNode): Step {
    switch (node.kind) {
      case 'set':
        return (at, next) => {
          this.#spend();
          return at < this.#text.length && node.members[this.#text.charCodeAt(at)] === 1 && next(at + 1);
        };
      case 'sequence':
        return this.#sequence(node.items.map((item) => this.#compile(item)));
      case 'alternatives': {
        const steps = node.items.map((item) => this.#compile(item));
        return (at, next) => steps.some((step) => step(at, next));
      }
      case 'capture':
        return this.#capture(node.group, this.#compile(node.inner));
      case 'atomic':
        return this.#atomic(this.#compile(node.inner));
      case 'look':
        return this.#look(node);
      case 'repeat':
        return node.inner.kind === 'set' ? this.#repeatSet(node, node.inner.members) : this.#repeat(node);
      case 'reference':
        return this.#reference(node);
      case 'condition': {
        const [yes, no] = [this.#compile(node.yes), this.#compile(node.no)];
        return (at, next) => ((this.#starts[node.group] ?? -1) >= 0 ? yes(at, next) : no(at, next));
      }
      case 'assertion':
        return (at, next) => this.#holds(node.assertion, at) && next(at);
    }
  }

  #sequence(steps: readonly Step[]): Step {
    return steps.reduceRight<Step>(
      (rest, step) => (at, next) => step(at, (after) => rest(after, next)),
      (at, next) => next(at),
    );
  }

  #capture(group: number, inner: Step): Step {
    return (at, next) => {
      const [oldStart, oldEnd] = [this.#starts[group] ?? -1, this.#ends[group] ?? -1];
      const isFound = inner(at, (after) => {
        const [innerStart, innerEnd] = [this.#starts[group] ?? -1, this.#ends[group] ?? -1];
        this.#starts[group] = at;
        this.#ends[group] = after;
        if (next(after)) return true;
        this.#starts[group] = innerStart;
        this.#ends[group] = innerEnd;
        return false;
      });
      if (!isFound) {
        this.#starts[group] = oldStart;
        this.#ends[group] = oldEnd;
      }
      return isFound;
    };
  }

  #atomic(inner: Step): Step {
    return (at, next) => {
      let end = -1;
      const isFound = inner(at, (after) => {
        end = after;
        return true;
      });
      return isFound && next(end);
    };
  }

  #look({ inner, isBehind, isNegated }: Extract<PcreNode, { kind: 'look' }>): Step {
    const step = this.#compile(inner);
    const isThere: Continue = (at) => {
      if (!isBehind) return step(at, () => true);
      for (let start = at; start >= 0; start--) if (step(start, (end) => end === at)) return true;
      return false;
    };
    return (at, next) => {
      const [starts, ends] = [this.#starts.slice(), this.#ends.slice()];
      if (isThere(at) === isNegated) return false;
      if (isNegated) {
        this.#starts.set(starts);
        this.#ends.set(ends);
      }
      if (next(at)) return true;
      this.#starts.set(starts);
      this.#ends.set(ends);
      return false;
    };
  }

  /** Repetition of one byte needs no recursion. */
  #repeatSet({ minimum, maximum, mode }: Extract<PcreNode, { kind: 'repeat' }>, members: Uint8Array): Step {
    const fits = (at: number) => at < this.#text.length && members[this.#text.charCodeAt(at)] === 1;
    if (mode === 'lazy') {
      return (at, next) => {
        for (let count = 0; ; count++) {
          this.#spend();
          if (count >= minimum && next(at + count)) return true;
          if (count >= maximum || !fits(at + count)) return false;
        }
      };
    }
    return (at, next) => {
      let count = 0;
      while (count < maximum && fits(at + count)) count += 1;
      if (mode === 'possessive') return count >= minimum && next(at + count);
      for (; count >= minimum; count--) {
        this.#spend();
        if (next(at + count)) return true;
      }
      return false;
    };
  }

  #repeat(node: Extract<PcreNode, { kind: 'repeat' }>): Step {
    const { minimum, maximum, mode } = node;
    const inner = this.#compile(node.inner);
    const iterate = (at: number, count: number, next: Continue): boolean => {
      this.#spend();
      if (this.#depth > MAXIMUM_DEPTH) throw new OutOfBudget();
      const again = () => {
        if (count >= maximum) return false;
        this.#depth += 1;
        // An iteration that took nothing would go on for ever.
        const isFound = inner(at, (after) => (after > at || count < minimum) && iterate(after, count + 1, next));
        this.#depth -= 1;
        return isFound;
      };
      if (count < minimum) return again();
      return mode === 'lazy' ? next(at) || again() : again() || next(at);
    };
    const step: Step = (at, next) => iterate(at, 0, next);
    return mode === 'possessive' ? this.#atomic(step) : step;
  }

  #reference({ group, isCaseless }: Extract<PcreNode, { kind: 'reference' }>): Step {
    return (at, next) => {
      this.#spend();
      const start = this.#starts[group] ?? -1;
      if (start < 0) return false;
      const taken = this.#text.slice(start, this.#ends[group]);
      const here = this.#text.slice(at, at + taken.length);
      const isSame = isCaseless ? lower(here) === lower(taken) : here === taken;
      return isSame && next(at + taken.length);
    };
  }

  #holds(assertion: Extract<PcreNode, { kind: 'assertion' }>['assertion'], at: number): boolean {
    const { length } = this.#text;
    const isNewline = (index: number) => this.#text.charCodeAt(index) === 0x0a;
    switch (assertion) {
      case 'start':
        return at === 0;
      case 'line-start':
        return at === 0 || isNewline(at - 1);
      case 'end':
        return at === length;
      case 'end-or-newline':
        return at === length || (at === length - 1 && isNewline(at));
      case 'line-end':
        return at === length || isNewline(at);
      default: {
        const before = at > 0 && isWordByte(this.#text.charCodeAt(at - 1));
        const after = at < length && isWordByte(this.#text.charCodeAt(at));
        return (before !== after) === (assertion === 'word');
      }
    }
  }
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
