import { VALUE_SCANNERS } from '../grok/value-types.ts';

/*
 * A line of an unknown log cut into pieces: blanks, marks, words, and values that are recognised by how they are written.
 */

/** What a piece of a line is. */
export type PieceKind =
  | 'blank'
  | 'mark'
  | 'word'
  | 'mixed'
  | 'unit'
  | 'time'
  | 'ip'
  | 'mac'
  | 'uuid'
  | 'url'
  | 'mail'
  | 'path'
  | 'integer'
  | 'number'
  | 'hex'
  | 'level'
  | 'quoted'
  | 'patient'
  | 'rest';

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
  /** Of the pattern language: what takes such a value. */
  readonly type: string;
}

/** More pieces than this tell nothing; what is left is one piece. */
const MAXIMUM_PIECES = 160;
/** A longer word is data, whatever it says. */
const LONGEST_WORD = 60;

/** Most exact first. */
const TIME_TYPES = [
  ...['HTTPDATE', 'CTIME', 'SYSLOGDATE', 'DAYFIRSTDATE', 'ISODATE', 'NUMERICDATE', 'COMPACTDATE', 'TIME'],
] as const;
const URL = /[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/[^\s"'<>|[\]{}]+/y;
const CHUNK = /[^\s[\](){}<>"'=,;:|]+/y;
const MARKS = /[[\](){}<>"'=,;:|]/;
const IS_LETTER = /[\p{L}\p{N}_]/u;
const UNIT = /^([+-]?\d+(?:\.\d+)?)(ns|us|µs|ms|s|sec|min|h|d|b|kb|mb|gb|kib|mib|gib|bytes|%|ml|mg|mmhg|bpm|°c)$/iu;
/** Seconds or milliseconds since 1970 of the years 2014 to 2039. */
const EPOCH = /^(?:1[4-9]|2[01])\d{8}(?:\.\d{1,9}|\d{3})?$/;
const LEVEL =
  /^(?:emerg|emergency|alert|fatal|panic|crit|critical|error|err|warn|warning|notice|info|information|informational|debug|trace|severe)$/i;
/** Behind so many pieces a word such as "error" is prose. */
const LEVEL_WITHIN = 14;

const PATIENT = /^(?:patient|patientin|patienten|patientname|pat)$/i;
/** Words with a capital letter that may stand behind it, mostly headings. */
const NO_NAME = /^(?:ID|Id|Name|Record|Records|Data|Not|Was|Is|Has|Monitor|List|Akte|Daten)$/;

/** @returns whether a sign is one that patterns pass over as a blank */
function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

/** @returns the pieces of a line, in order; their texts together are the line. Never throws. */
export function cutLine(line: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < line.length) {
    if (pieces.length >= MAXIMUM_PIECES) {
      pieces.push({ kind: 'rest', text: line.slice(at), type: 'REST' });
      break;
    }
    for (const piece of nextPieces(line, at, pieces)) {
      pieces.push(piece);
      at += piece.text.length;
    }
  }
  return joinNames(pieces);
}

/** Names behind the word patient are data, of however many words: they must not become text of a pattern. */
function joinNames(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (let place = 0; place < pieces.length; place++) {
    const piece = pieces[place] as Piece;
    joined.push(piece);
    if (!PATIENT.test(piece.text)) continue;
    let start = place + 1;
    while (start < pieces.length && /^(?:[:=]|\s+)$/.test(pieces[start]?.text ?? '')) start++;
    const end = endOfName(pieces, start);
    if (start === place + 1 || end === start) continue;
    const text = pieces
      .slice(start, end)
      .map((part) => part.text)
      .join('');
    joined.push(...pieces.slice(place + 1, start), { kind: 'patient', text, type: 'TEXT' });
    place = end - 1;
  }
  return joined;
}

/** Words with a capital letter, with blanks, commas or carets between them. */
function endOfName(pieces: readonly Piece[], start: number): number {
  let end = start;
  for (let at = start; at < pieces.length; at++) {
    const { kind, text } = pieces[at] as Piece;
    if (/^\p{Lu}[\p{L}^'.-]*$/u.test(text) && kind !== 'level' && !NO_NAME.test(text)) end = at + 1;
    else if (kind !== 'blank' && text !== ',') break;
  }
  return end;
}

function nextPieces(line: string, at: number, before: readonly Piece[]): readonly Piece[] {
  if (isBlank(line[at])) {
    let end = at;
    while (isBlank(line[end])) end++;
    return [{ kind: 'blank', text: line.slice(at, end), type: '' }];
  }
  // A port or the length of a network.
  if (line[at] === '/' && before.at(-1)?.kind === 'ip') return [{ kind: 'mark', text: '/', type: '' }];
  const value = valueAt(line, at);
  if (value !== undefined) return [value];
  CHUNK.lastIndex = at;
  const chunk = CHUNK.exec(line)?.[0];
  if (chunk === undefined) return [{ kind: 'mark', text: line[at] ?? '', type: '' }];
  return cutChunk(chunk, line, at, before);
}

function valueAt(line: string, at: number): Piece | undefined {
  const take = (kind: PieceKind, type: string, shortest = 1): Piece | undefined => {
    const end = VALUE_SCANNERS.get(type)?.(line, at) ?? -1;
    // What goes on as a word is no such value.
    if (end < at + shortest || IS_LETTER.test(line[end] ?? '')) return undefined;
    return { kind, text: line.slice(at, end), type };
  };
  const mac = take('mac', 'MAC');
  if (mac !== undefined && !/^[:.-]\w/.test(line.slice(at + mac.text.length, at + mac.text.length + 2))) return mac;
  for (const type of TIME_TYPES) {
    const time = take('time', type, 6);
    if (time !== undefined && !/^:\w/.test(line.slice(at + time.text.length, at + time.text.length + 2))) return time;
  }
  const address = take('ip', 'IP', 3) ?? take('uuid', 'UUID');
  // A version or a name goes on where an address would end.
  if (
    address !== undefined &&
    !/^(?:-|\.\w)/.test(line.slice(at + address.text.length, at + address.text.length + 2))
  ) {
    return address;
  }
  if (line[at] === '"' || (line[at] === "'" && !IS_LETTER.test(line[at - 1] ?? ''))) {
    const quoted = take('quoted', 'QUOTED', 2);
    if (quoted !== undefined) return quoted;
  }
  URL.lastIndex = at;
  const url = URL.exec(line)?.[0].replace(/[.,;:)]+$/, '');
  return url === undefined ? undefined : { kind: 'url', text: url, type: 'NOTSPACE' };
}

function cutChunk(chunk: string, line: string, at: number, before: readonly Piece[]): readonly Piece[] {
  const behind = line[at + chunk.length];
  const isEnd = behind === undefined || isBlank(behind) || MARKS.test(behind);
  // A full stop ends a sentence; inside a word it belongs to it.
  const plain = isEnd ? chunk.replace(/[.!?…]+$/u, '') : chunk;
  if (plain === '' || !IS_LETTER.test(plain)) return [{ kind: 'mark', text: chunk, type: '' }];
  const unit = UNIT.exec(plain);
  const pieces: Piece[] =
    unit?.[1] === undefined || unit[2] === undefined
      ? [classify(plain, line, at, before)]
      : [
          { kind: 'number', text: unit[1], type: 'NUMBER' },
          { kind: 'unit', text: unit[2], type: '' },
        ];
  if (plain !== chunk) pieces.push({ kind: 'mark', text: chunk.slice(plain.length), type: '' });
  return pieces;
}

function classify(text: string, line: string, at: number, before: readonly Piece[]): Piece {
  if (EPOCH.test(text)) return { kind: 'time', text, type: 'NUMBER' };
  if (/^[+-]?\d+$/.test(text)) return { kind: 'integer', text, type: 'INT' };
  if (/^[+-]?\d+\.\d+$/.test(text)) return { kind: 'number', text, type: 'NUMBER' };
  if (/^0x[0-9A-Fa-f]+$/.test(text)) return { kind: 'hex', text, type: 'HEX' };
  if (isLevel(text, line[at + text.length], before)) return { kind: 'level', text, type: 'WORD' };
  if (/^[\w.+%-]+@[\w-][\w.-]*$/.test(text)) return { kind: 'mail', text, type: 'NOTSPACE' };
  if (/^(?:[A-Za-z]:\\|\/[^/\s]|\\\\[^\\\s])/.test(text)) return { kind: 'path', text, type: 'NOTSPACE' };
  const isWord = /^\p{L}+$/u.test(text) && text.length <= LONGEST_WORD;
  return { kind: isWord ? 'word' : 'mixed', text, type: 'NOTSPACE' };
}

function isLevel(text: string, behind: string | undefined, before: readonly Piece[]): boolean {
  if (before.length > LEVEL_WITHIN || !LEVEL.test(text)) return false;
  if (text === text.toUpperCase()) return true;
  const last = before.at(-1);
  const beforeBlank = last?.kind === 'blank' ? before.at(-2) : last;
  return (behind !== undefined && '])|:>'.includes(behind)) || beforeBlank?.kind === 'time';
}
