/**
 * Texts that every match of an expression holds, so that most expressions need not be run at all.
 *
 * @param expression as `translatePattern` gives it
 * @returns those found, the longest first, folded as by `foldCase`; none where nothing is sure
 */
export function requiredTexts(expression: string): readonly string[] {
  const runs: string[] = [];
  if (!collectRuns({ text: expression, at: 0 }, runs)) return [];
  return [...new Set(runs)].sort((a, b) => b.length - a.length);
}

/** Lower case as expressions that ignore it compare letters: `ſ` is an `s`, the Kelvin sign a `k`. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ſ', 's');
}

interface Reader {
  readonly text: string;
  at: number;
}

/** Reads one sequence, to its closing parenthesis or the end. @returns false where it has alternatives */
function collectRuns(reader: Reader, runs: string[]): boolean {
  let run = '';
  let isOne = true;
  const end = () => {
    if (run !== '') runs.push(run);
    run = '';
  };
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    if (reader.text[reader.at] === '|') {
      reader.at += 1;
      isOne = false;
      continue;
    }
    const inner: string[] = [];
    const literal = readAtom(reader, inner);
    const least = readQuantifier(reader);
    if (least === 0) {
      end();
      continue;
    }
    if (literal !== undefined) run += literal;
    else {
      end();
      runs.push(...inner);
    }
    if (least !== undefined) end();
  }
  end();
  return isOne;
}

/** @returns the character that it stands for; undefined for what is no single ASCII character */
function readAtom(reader: Reader, inner: string[]): string | undefined {
  const character = reader.text[reader.at] ?? '';
  reader.at += 1;
  if (character === '(') return readGroup(reader, inner);
  if (character === '[') return skipClass(reader);
  if (character === '\\') return readEscape(reader);
  if ('^$.*+?'.includes(character) || character > '\x7e' || character < ' ') return undefined;
  return character.toLowerCase();
}

function readGroup(reader: Reader, inner: string[]): undefined {
  const prefix = /^\?(?:P<\w+>|[a-z-]*[:)])/.exec(reader.text.slice(reader.at, reader.at + 64));
  if (prefix) reader.at += prefix[0].length;
  if (prefix?.[0].endsWith(')')) return undefined;
  const found: string[] = [];
  if (collectRuns(reader, found)) inner.push(...found);
  reader.at += 1;
  return undefined;
}

function skipClass(reader: Reader): undefined {
  while (reader.at < reader.text.length && reader.text[reader.at] !== ']') {
    const posix = /^\[:\^?[a-z]+:\]/.exec(reader.text.slice(reader.at, reader.at + 16));
    reader.at += posix ? posix[0].length : reader.text[reader.at] === '\\' ? 2 : 1;
    // `\p{Greek}` and `\x{41}` hold no bracket, so that stepping over their braces one by one is right.
  }
  reader.at += 1;
  return undefined;
}

function readEscape(reader: Reader): string | undefined {
  const braced = /^[xpP]\{[^}]*\}|^Q/.exec(reader.text.slice(reader.at, reader.at + 64));
  if (braced?.[0] === 'Q') {
    // A quoted stretch may hold anything: nothing is told of what follows.
    reader.at = reader.text.length;
    return undefined;
  }
  const character = reader.text[reader.at] ?? '';
  reader.at += braced ? braced[0].length : /[pP]/.test(character) ? 2 : 1;
  return braced || /[A-Za-z0-9]/.test(character) ? undefined : character;
}

/** @returns how often the atom must be there at least; undefined where nothing says so */
function readQuantifier(reader: Reader): number | undefined {
  const match = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.text.slice(reader.at, reader.at + 16));
  if (!match) return undefined;
  reader.at += match[0].length;
  if (match[1] !== undefined) return Number(match[1]);
  return match[0].startsWith('+') ? 1 : 0;
}
