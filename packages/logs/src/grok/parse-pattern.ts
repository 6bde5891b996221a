import { VALUE_SCANNERS } from './value-types.ts';

/** A pattern that cannot be meant so; the message says where and why. */
export class GrokError extends Error {
  override readonly name = 'GrokError';
}

/** A pattern as it is written. */
export type PatternNode =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly type: string; readonly field: string | undefined }
  | {
      readonly kind: 'group';
      readonly options: readonly (readonly PatternNode[])[];
      readonly isOptional: boolean;
      readonly field: string | undefined;
    };

/** Types that reach up to what follows them. */
export const REACHING_TYPES: ReadonlySet<string> = new Set(['TEXT', 'LASTTEXT', 'NOTSPACE', 'REST']);

const REFERENCE = /%\{([A-Z][A-Z0-9_]*)(?::([\p{L}\p{N}_.@-]{1,64}))?\}/uy;
const MAXIMUM_LENGTH = 10_000;
const MAXIMUM_DEPTH = 20;
/** Named patterns multiply: ten that name each other ten times would be a thousand million. */
const MAXIMUM_NODES = 5000;

/**
 * @param pattern text with `%{TYPE:field}`, `( … )?` for what may be missing and `( … | … )` for one of several
 * @param named patterns that may be used as types
 * @throws GrokError
 */
export function parsePattern(pattern: string, named: ReadonlyMap<string, string>): readonly PatternNode[] {
  return new PatternParser(named).parse(pattern, []);
}

class PatternParser {
  readonly #named: ReadonlyMap<string, string>;
  #nodes = 0;

  constructor(named: ReadonlyMap<string, string>) {
    this.#named = named;
  }

  parse(pattern: string, within: readonly string[]): readonly PatternNode[] {
    if (pattern.length > MAXIMUM_LENGTH) throw new GrokError(`A pattern has at most ${MAXIMUM_LENGTH} characters.`);
    const { options, at } = this.#options(pattern, 0, within, 0);
    if (at < pattern.length) throw new GrokError(`A bracket closes at character ${at + 1} that never opened.`);
    const [only = []] = options;
    if (options.length === 1) return only;
    return [{ kind: 'group', options, isOptional: false, field: undefined }];
  }

  /** Reads up to a closing bracket or the end. */
  #options(pattern: string, start: number, within: readonly string[], depth: number) {
    if (depth > MAXIMUM_DEPTH) throw new GrokError('Brackets are nested too deeply.');
    const options: PatternNode[][] = [[]];
    let literal = '';
    let at = start;
    const push = (node: PatternNode) => {
      if (++this.#nodes > MAXIMUM_NODES) throw new GrokError('The pattern is too large.');
      options.at(-1)?.push(node);
    };
    const endLiteral = () => {
      if (literal !== '') push({ kind: 'literal', text: literal });
      literal = '';
    };
    while (at < pattern.length && pattern[at] !== ')') {
      const character = pattern[at] ?? '';
      if (character === '\\') {
        if (at + 1 >= pattern.length) throw new GrokError('The pattern ends with a backslash.');
        literal += pattern[at + 1];
        at += 2;
      } else if (character === '(') {
        endLiteral();
        const inner = this.#options(pattern, at + 1, within, depth + 1);
        if (pattern[inner.at] !== ')') throw new GrokError(`The bracket at character ${at + 1} never closes.`);
        const isOptional = pattern[inner.at + 1] === '?';
        push({ kind: 'group', options: inner.options, isOptional, field: undefined });
        at = inner.at + (isOptional ? 2 : 1);
      } else if (character === '|') {
        endLiteral();
        options.push([]);
        at++;
      } else if (character === '%' && pattern[at + 1] === '{') {
        endLiteral();
        at = this.#reference(pattern, at, within, push);
      } else {
        literal += character;
        at++;
      }
    }
    endLiteral();
    return { options, at };
  }

  #reference(pattern: string, at: number, within: readonly string[], push: (node: PatternNode) => void): number {
    REFERENCE.lastIndex = at;
    const reference = REFERENCE.exec(pattern);
    const [whole, type = '', field] = reference ?? [];
    if (whole === undefined) {
      throw new GrokError(`"${pattern.slice(at, at + 20)}" at character ${at + 1} is no %{TYPE:field}.`);
    }
    const named = this.#named.get(type);
    if (named !== undefined) {
      if (within.includes(type)) throw new GrokError(`The pattern ${type} names itself.`);
      push({ kind: 'group', options: [[...this.parse(named, [...within, type])]], isOptional: false, field });
    } else if (VALUE_SCANNERS.has(type) || REACHING_TYPES.has(type)) push({ kind: 'value', type, field });
    else throw new GrokError(`There is no type or pattern ${type}.`);
    return at + whole.length;
  }
}
