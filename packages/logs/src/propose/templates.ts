import { cutLine, type Piece, type PieceKind } from './pieces.ts';

/*
 * Lines of the same statement of a program put together: what is the same in all of them is its text, what differs or is a value by how
 * it is written is a variable. The idea is that of log template miners (Spell, Drain): lines are compared piece by piece.
 */

/** One place of a template. */
export interface Slot {
  readonly kind: PieceKind;
  /** Of the pattern language; empty for text. */
  readonly type: string;
  /** Text of the first line, or of all where it is no variable. */
  readonly text: string;
  readonly isVariable: boolean;
  /** What the lines have here. */
  readonly values: readonly string[];
}

/** What lines have in common. */
export interface Template {
  readonly slots: readonly Slot[];
  /** Places of its lines among all. */
  readonly lines: readonly number[];
}

/** Words that say whose name is next, in English and German. */
const USER_WORD = /^(?:user|username|usr|account|login|operator|benutzer|nutzer|konto)$/i;
/** Accounts as hospitals and systems name them: k.wolf, WARD\\wolf, root. */
export const ACCOUNT =
  /^(?:[a-z]{1,2}[._][a-z][a-z-]+\d{0,2}|[A-Z][A-Z0-9-]+\\[\w.-]+|root|admin|administrator|system|guest)$/;
/** What stands behind such a word and is no name. */
const NO_NAME =
  /^(?:unknown|not|is|was|has|had|are|logged|login|logout|logon|logoff|auth\w*|failed|name|id|does|did|account|accounts|session|with|and|or|from|by|group|agent|in|on|at|to|for|of|created|deleted|locked|disabled|enabled|interface|data|error|failure|successful\w*|attempt|service)$/i;
/** Of the words of two lines at least so many are the same, in hundredths. */
const SAME_WORDS_PERCENT = 50;
/** A word with digits in it that is the same in so many lines is text. */
const LINES_FOR_TEXT = 3;
/** A shorter word does not tell a log from others. */
const SHORTEST_TELLING = 4;
const TEXT_KINDS: ReadonlySet<PieceKind> = new Set(['blank', 'mark', 'unit']);
const WORD_KINDS: ReadonlySet<PieceKind> = new Set(['word', 'mixed']);

interface Group {
  readonly first: readonly Piece[];
  readonly members: { readonly index: number; readonly pieces: readonly Piece[] }[];
}

/** @returns templates in the order of their first lines */
export function findTemplates(lines: readonly string[]): readonly Template[] {
  const groups: Group[] = [];
  lines.forEach((line, index) => {
    const pieces = cutLine(line);
    const group = groups.find(({ first }) => isSameStatement(first, pieces));
    if (group === undefined) groups.push({ first: pieces, members: [{ index, pieces }] });
    else group.members.push({ index, pieces });
  });
  return groups.map(({ first, members }) => ({
    slots: first.map((_, place) =>
      toSlot(
        members.map(({ pieces }) => pieces[place] as Piece),
        first,
        place,
      ),
    ),
    lines: members.map(({ index }) => index),
  }));
}

function isSameStatement(a: readonly Piece[], b: readonly Piece[]): boolean {
  if (a.length !== b.length) return false;
  let words = 0;
  let same = 0;
  for (const [place, piece] of a.entries()) {
    const other = b[place] as Piece;
    if (!isAlike(piece, other)) return false;
    if (piece.kind !== 'word' || isName(a, place)) continue;
    words++;
    if (piece.text === other.text) same++;
  }
  return same * 100 >= words * SAME_WORDS_PERCENT;
}

/** @returns whether two pieces may stand at the same place of a statement */
export function isAlike(a: Piece, b: Piece): boolean {
  if (a.kind === 'blank' || b.kind === 'blank') return a.kind === b.kind;
  if (TEXT_KINDS.has(a.kind) || TEXT_KINDS.has(b.kind)) return a.kind === b.kind && a.text === b.text;
  if (a.kind === 'time' || b.kind === 'time') return a.type === b.type;
  if (a.kind === 'patient' || b.kind === 'patient') return a.kind === b.kind;
  if (a.kind === 'quoted' || b.kind === 'quoted' || a.kind === 'rest' || b.kind === 'rest') return a.kind === b.kind;
  return true;
}

function toSlot(pieces: readonly Piece[], line: readonly Piece[], place: number): Slot {
  const [first] = pieces;
  const { kind, text } = first as Piece;
  const values = pieces.map((piece) => piece.text);
  if (TEXT_KINDS.has(kind)) return { kind, type: '', text, isVariable: false, values };
  const isSame = values.every((value) => value === text);
  const isText = pieces.every((piece) => WORD_KINDS.has(piece.kind)) && isSame && !isValue(line, place, values.length);
  if (isText) return { kind, type: '', text, isVariable: false, values };
  return { kind: joinedKind(pieces), type: joinedType(pieces), text, isVariable: true, values };
}

/** Whether a word that is the same in all lines is a value even so. */
function isValue(line: readonly Piece[], place: number, lines: number): boolean {
  const text = line[place]?.text ?? '';
  if (line[place - 1]?.text === '=' || isName(line, place)) return true;
  const isLong = text.length > 60 || (line[place]?.kind === 'mixed' && ACCOUNT.test(text));
  return isLong || (/\d/.test(text) && lines < LINES_FOR_TEXT);
}

/** @returns whether a word at this place is the name of an account */
export function isName(line: readonly { readonly kind: PieceKind; readonly text: string }[], place: number): boolean {
  const before = line.slice(Math.max(0, place - 4), place).filter(({ kind }) => kind !== 'blank');
  const isMarked = /^[=:]$/.test(before.at(-1)?.text ?? '');
  const word = isMarked ? before.at(-2) : before.at(-1);
  return USER_WORD.test(word?.text ?? '') && (isMarked || !NO_NAME.test(line[place]?.text ?? ''));
}

function joinedKind(pieces: readonly Piece[]): PieceKind {
  const kinds = new Set(pieces.map(({ kind }) => kind));
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined) return only;
  return [...kinds].every((kind) => kind === 'integer' || kind === 'number') ? 'number' : 'mixed';
}

function joinedType(pieces: readonly Piece[]): string {
  const types = new Set(pieces.map(({ type }) => type));
  const [only = 'NOTSPACE'] = types;
  if (types.size === 1) return only;
  return [...types].every((type) => type === 'INT' || type === 'NUMBER') ? 'NUMBER' : 'NOTSPACE';
}

/**
 * What the beginnings of all lines have in common, such as time, level and thread before a message.
 *
 * @returns its places, ending with the blank or mark before what differs; empty where they share nothing that is worth a name
 */
export function commonHead(lines: readonly string[]): readonly Slot[] {
  const all = lines.map(cutLine);
  const [first = []] = all;
  let place = 0;
  while (place < first.length && all.every((pieces) => isShared(first, pieces, place))) {
    if (!isOneWord(all, place)) break;
    place++;
  }
  // A message of its own begins behind a blank or mark.
  while (place > 0 && !TEXT_KINDS.has(first[place - 1]?.kind ?? 'blank')) place--;
  const slots = first.slice(0, place).map((_, index) =>
    toSlot(
      all.map((pieces) => pieces[index] as Piece),
      first,
      index,
    ),
  );
  return slots.some(isTelling) ? slots : [];
}

function isTelling({ isVariable, kind, text }: Slot): boolean {
  return isVariable || (WORD_KINDS.has(kind) && text.length >= SHORTEST_TELLING);
}

function isShared(first: readonly Piece[], other: readonly Piece[], place: number): boolean {
  const [a, b] = [first[place], other[place]];
  return a !== undefined && b !== undefined && a.kind !== 'rest' && isAlike(a, b) && isOfOneSort(a.kind, b.kind);
}

function isOfOneSort(a: PieceKind, b: PieceKind): boolean {
  const sort = (kind: PieceKind) =>
    kind === 'word' || kind === 'mixed' ? 'word' : kind === 'integer' || kind === 'number' ? 'number' : kind;
  return sort(a) === sort(b);
}

/** Words that differ belong to the head only where they are names: in brackets, before a mark, or written as no word is. */
function isOneWord(all: readonly (readonly Piece[])[], place: number): boolean {
  const pieces = all.map((line) => line[place] as Piece);
  if (!WORD_KINDS.has(pieces[0]?.kind ?? 'blank') || new Set(pieces.map(({ text }) => text)).size === 1) return true;
  const isMarked = all.every((line) => line[place + 1]?.kind === 'mark');
  return isMarked || pieces.every(({ kind }) => kind === 'mixed');
}
