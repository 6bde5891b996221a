// Reads what is typed into a shell: quotes, pipes, lists and redirections of the POSIX shell language (IEEE 1003.1, 2.2, 2.7,
// 2.9). Nothing is run by it.

const MAXIMUM_COMMANDS = 200;
const MAXIMUM_WORDS = 200;

export interface SimpleCommand {
  readonly words: readonly string[];
  readonly redirects: readonly { readonly kind: '>' | '>>' | '<'; readonly path: string; readonly isError: boolean }[];
  /** How it hangs together with the one before. */
  readonly joint: ';' | '&&' | '||' | '|';
}

interface Token {
  readonly kind: 'word' | 'operator';
  readonly text: string;
}

/** @param variable value of `$NAME` and `$?` @returns commands in order; an unfinished quote ends with the line */
export function readCommands(line: string, variable: (name: string) => string): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  let redirects: { kind: '>' | '>>' | '<'; path: string; isError: boolean }[] = [];
  let joint: SimpleCommand['joint'] = ';';
  const finish = (next: SimpleCommand['joint']) => {
    if ((words.length > 0 || redirects.length > 0) && commands.length < MAXIMUM_COMMANDS) {
      commands.push({ words, redirects, joint });
    }
    words = [];
    redirects = [];
    joint = next;
  };
  let pending: { kind: '>' | '>>' | '<'; isError: boolean } | undefined;
  for (const { kind, text } of tokensOf(line, variable)) {
    if (kind === 'word') {
      if (pending !== undefined) redirects.push({ ...pending, path: text });
      else if (words.length < MAXIMUM_WORDS) words.push(text);
      pending = undefined;
    } else if (text === '2>&1' || text === '>&2') pending = undefined;
    else if (/^\d?&?>>?$|^<$/.test(text)) {
      pending = { kind: text === '<' ? '<' : text.endsWith('>>') ? '>>' : '>', isError: text.startsWith('2') };
    } else finish(text === '&' || text === '\n' ? ';' : (text as SimpleCommand['joint']));
  }
  finish(';');
  return commands;
}

const OPERATOR = /^(?:2>&1|>&2|&&|\|\||2>>|2>|&>>|&>|>>|>|<|;|\||&|\n)/;

function* tokensOf(line: string, variable: (name: string) => string): IterableIterator<Token> {
  let word: string | undefined;
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at, at + 4);
    const operator =
      word === undefined || !/^2>/.test(rest) ? OPERATOR.exec(rest)?.[0] : OPERATOR.exec(rest.slice(1))?.[0];
    const character = line[at] ?? '';
    if (character === '#' && word === undefined) {
      const end = line.indexOf('\n', at);
      at = end < 0 ? line.length : end;
    } else if (operator !== undefined && OPERATOR.test(rest)) {
      const found = OPERATOR.exec(rest)?.[0] ?? '';
      if (word !== undefined) yield { kind: 'word', text: word };
      word = undefined;
      yield { kind: 'operator', text: found };
      at += found.length;
    } else if (character === ' ' || character === '\t' || character === '\r') {
      if (word !== undefined) yield { kind: 'word', text: word };
      word = undefined;
      at += 1;
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      word = (word ?? '') + line.slice(at + 1, end < 0 ? line.length : end);
      at = end < 0 ? line.length : end + 1;
    } else if (character === '"') {
      const [text, next] = doubleQuoted(line, at + 1, variable);
      word = (word ?? '') + text;
      at = next;
    } else if (character === '\\') {
      word = (word ?? '') + (line[at + 1] ?? '');
      at += 2;
    } else if (character === '$') {
      const [text, next] = expanded(line, at, variable);
      word = (word ?? '') + text;
      at = next;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  if (word !== undefined) yield { kind: 'word', text: word };
}

function doubleQuoted(line: string, from: number, variable: (name: string) => string): [text: string, next: number] {
  let text = '';
  let at = from;
  while (at < line.length && line[at] !== '"') {
    if (line[at] === '\\' && /[$`"\\]/.test(line[at + 1] ?? '')) {
      text += line[at + 1];
      at += 2;
    } else if (line[at] === '$') {
      const [value, next] = expanded(line, at, variable);
      text += value;
      at = next;
    } else {
      text += line[at];
      at += 1;
    }
  }
  return [text, at + 1];
}

function expanded(line: string, at: number, variable: (name: string) => string): [text: string, next: number] {
  const rest = line.slice(at, at + 100);
  const [whole, braced, plain] = /^\$(?:\{(\w{1,40})\}|(\w{1,40}|\?|\$|#))/.exec(rest) ?? [];
  if (whole === undefined) return ['$', at + 1];
  return [variable(braced ?? plain ?? ''), at + whole.length];
}
