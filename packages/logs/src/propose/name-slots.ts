import { ACCOUNT, isName, type Slot } from './templates.ts';

/*
 * Names for the variables of a template: the key before it, what it is by how it is written, else the word before it.
 */

const METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|PATCH|TRACE)$/;
/** Little words before a value, and what the value is then. */
const ROLES: Readonly<Record<string, string>> = {
  from: 'source',
  von: 'source',
  to: 'target',
  nach: 'target',
  by: 'user',
  via: 'via',
  on: 'place',
  at: 'place',
  in: 'place',
};
const TOWARDS = /^(?:to|towards|nach|an|dst|dest|destination|server|target|->|=>|→)$/i;
const NO_WORD = /^(?:the|a|an|is|was|of|for|with|and|or|der|die|das|mit|und|für|was|has|be|as|no)$/i;

const RESULT =
  /^(?:ok|success|successful|succeeded|fail|failed|failure|error|denied|granted|allowed|accepted|rejected|blocked|fehler|erfolg)$/i;
/** A logger of Java or .NET. */
const LOGGER = /^[A-Za-z][\w$]*(?:\.[\w$]+){2,}$/;

/** @returns a name for each place of a template; undefined where there is no variable. No name comes twice. */
export function nameSlots(slots: readonly Slot[]): readonly (string | undefined)[] {
  const used = new Set<string>();
  return slots.map((slot, place) => {
    if (!slot.isVariable) return undefined;
    const name = fieldName(nameOf(slot, place, slots, used));
    let free = name;
    for (let number = 2; used.has(free); number++) free = `${name}_${number}`;
    used.add(free);
    return free;
  });
}

/** @returns the name as patterns may have it */
function fieldName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_.@-]+/gu, '_').slice(0, 40);
  return /[\p{L}\p{N}]/u.test(plain) ? plain : 'value';
}

function nameOf(slot: Slot, place: number, slots: readonly Slot[], used: ReadonlySet<string>): string {
  const port = portOf(slot, place, slots, used);
  if (port !== undefined) return port;
  const key = keyBefore(place, slots);
  if (key !== undefined) return key;
  if (isName(slots, place)) return 'user';
  const word = wordBefore(place, slots);
  switch (slot.kind) {
    case 'time':
      return slot.type === 'TIME' ? 'clock' : slot.text.length <= 10 && slot.type === 'ISODATE' ? 'date' : 'time';
    case 'ip':
      return used.has('src_ip') || TOWARDS.test(word ?? '') ? 'dst_ip' : 'src_ip';
    case 'rest':
      return 'message';
    case 'patient':
      return 'patient';
    case 'level':
    case 'mac':
    case 'uuid':
    case 'url':
    case 'mail':
    case 'path':
      return slot.kind;
    case 'integer':
    case 'number':
    case 'hex':
      return word !== undefined && !NO_WORD.test(word) && ROLES[word.toLowerCase()] === undefined
        ? word.toLowerCase()
        : (unitOf(place, slots) ?? 'number');
    default:
      return nameOfWord(slot, place, slots, word);
  }
}

function nameOfWord(slot: Slot, place: number, slots: readonly Slot[], word: string | undefined): string {
  if (slot.values.every((value) => METHOD.test(value))) return 'method';
  if (slot.values.every((value) => LOGGER.test(value))) return 'logger';
  if (slot.values.length > 0 && slot.values.every((value) => RESULT.test(value))) return 'result';
  if (slot.values.some((value) => ACCOUNT.test(value))) return 'user';
  if (slots[place - 1]?.text === '[' && slots[place + 1]?.text === ']') return 'context';
  const role = word === undefined ? undefined : ROLES[word.toLowerCase()];
  if (role !== undefined) return role;
  if (word !== undefined && !NO_WORD.test(word)) return word.toLowerCase();
  return slot.kind === 'quoted' ? 'quoted' : 'word';
}

/** `12 seconds` */
function unitOf(place: number, slots: readonly Slot[]): string | undefined {
  const word = slots[place + 1]?.kind === 'blank' ? slots[place + 2] : undefined;
  return word?.kind === 'word' && !word.isVariable && !NO_WORD.test(word.text) ? word.text.toLowerCase() : undefined;
}

/** `10.1.2.3:443`, `10.1.2.3 port 443`: a port is of the address before it. */
function portOf(slot: Slot, place: number, slots: readonly Slot[], used: ReadonlySet<string>): string | undefined {
  if (slot.kind !== 'integer') return undefined;
  const mark = slots[place - 1]?.text;
  const isBehind = (mark === ':' || mark === '/') && slots[place - 2]?.kind === 'ip';
  const isNamed = /^port$/i.test(wordBefore(place, slots) ?? '') && used.has('src_ip');
  if (!isBehind && !isNamed) return undefined;
  return used.has('dst_ip') ? 'dst_port' : 'src_port';
}

/** The word of `word=value`, `word: value`. */
function keyBefore(place: number, slots: readonly Slot[]): string | undefined {
  const isBlank = slots[place - 1]?.kind === 'blank';
  const mark = slots[place - (isBlank ? 2 : 1)];
  const key = slots[place - (isBlank ? 3 : 2)];
  if (key === undefined || key.isVariable || (key.kind !== 'word' && key.kind !== 'mixed')) return undefined;
  const isKey = mark?.text === '=' ? !isBlank : mark?.text === ':';
  return isKey ? key.text : undefined;
}

/** The last word before a value, unless a mark that ends something stands between. */
function wordBefore(place: number, slots: readonly Slot[]): string | undefined {
  for (let at = place - 1; at >= Math.max(0, place - 3); at--) {
    const slot = slots[at];
    if (slot === undefined || slot.isVariable) return undefined;
    if (slot.kind === 'word' || slot.kind === 'mixed') return slot.text;
    if (slot.kind === 'mark' && /^(?:->|=>|→)$/.test(slot.text)) return slot.text;
    if (slot.kind === 'mark' && /[.;,)\]}]/.test(slot.text)) return undefined;
  }
  return undefined;
}
