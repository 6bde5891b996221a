import { RuleError } from './rule-error.ts';

/** One option of a rule as it is written: `content:"abc"` is `content` with the value `"abc"`. */
export interface RuleOption {
  readonly name: string;
  readonly value: string | undefined;
}

/** A rule cut into its parts; nothing is interpreted yet. */
export interface RuleText {
  readonly action: string;
  readonly protocol: string;
  readonly source: string;
  readonly sourcePorts: string;
  readonly arrow: '->' | '<>' | '=>';
  readonly destination: string;
  readonly destinationPorts: string;
  readonly options: readonly RuleOption[];
}

/** A rule of a file with the number of its first line, from 1. */
export interface RuleLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Cuts a rule file into rules: empty lines and comments are left out, a backslash at the end of a line joins the next one
 * to it.
 *
 * @param content text of a rule file as it is published
 */
export function splitRuleFile(content: string): RuleLine[] {
  const rules: RuleLine[] = [];
  let begun = '';
  let firstLine = 0;
  let lineNumber = 0;
  for (const raw of content.split('\n')) {
    lineNumber += 1;
    const line = raw.trim();
    if (begun === '') {
      if (line === '' || line.startsWith('#')) continue;
      firstLine = lineNumber;
    }
    if (line.endsWith('\\')) {
      begun += `${line.slice(0, -1)} `;
      continue;
    }
    rules.push({ line: firstLine, text: (begun + line).trim() });
    begun = '';
  }
  if (begun.trim() !== '') rules.push({ line: firstLine, text: begun.trim() });
  return rules;
}

/**
 * Cuts one rule into its parts (Suricata user guide, "Rules Format").
 *
 * @throws RuleError when the text has not the form of a rule
 */
export function parseRuleText(text: string): RuleText {
  const open = text.indexOf('(');
  if (open < 0) throw new RuleError('it has no options in parentheses');
  const close = text.lastIndexOf(')');
  if (close < open) throw new RuleError('the parenthesis of the options is not closed');
  if (text.slice(close + 1).trim() !== '') throw new RuleError('there is text behind the closing parenthesis');
  const words = splitHeader(text.slice(0, open));
  const options = splitOptions(text.slice(open + 1, close));
  const [action, protocol, source] = words;
  if (action === undefined || protocol === undefined) throw new RuleError('its header is incomplete');
  if (words.length === 2) return { ...ANY_HEADER, action, protocol, options };
  const [, , , sourcePorts, arrow, destination, destinationPorts] = words;
  if (
    words.length !== 7 ||
    source === undefined ||
    sourcePorts === undefined ||
    destination === undefined ||
    destinationPorts === undefined
  ) {
    throw new RuleError('its header is not: action protocol source port direction destination port');
  }
  if (arrow !== '->' && arrow !== '<>' && arrow !== '=>') throw new RuleError(`its direction '${arrow}' is unknown`);
  return { action, protocol, source, sourcePorts, arrow, destination, destinationPorts, options };
}

const ANY_HEADER = {
  source: 'any',
  sourcePorts: 'any',
  arrow: '->',
  destination: 'any',
  destinationPorts: 'any',
} as const;

/** Words of the header; a list in brackets is one word, whatever blanks it has. */
function splitHeader(header: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  for (const character of header) {
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (/\s/.test(character)) {
      if (depth > 0 || word === '') continue;
      words.push(word);
      word = '';
    } else word += character;
  }
  if (word !== '') words.push(word);
  return words;
}

/** Options end at a semicolon that is not escaped. Quotes do not protect a semicolon, as in Suricata. */
function splitOptions(text: string): RuleOption[] {
  const options: RuleOption[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === BACKSLASH) index += 1;
    else if (character === SEMICOLON) {
      pushOption(options, text.slice(start, index));
      start = index + 1;
    }
  }
  if (text.slice(start).trim() !== '') throw new RuleError('its last option does not end with a semicolon');
  return options;
}

const BACKSLASH = 0x5c;
const SEMICOLON = 0x3b;

function pushOption(options: RuleOption[], text: string): void {
  const trimmed = text.trim();
  if (trimmed === '') throw new RuleError('one of its options is empty');
  const colon = trimmed.indexOf(':');
  if (colon < 0) options.push({ name: trimmed, value: undefined });
  else options.push({ name: trimmed.slice(0, colon).trim(), value: trimmed.slice(colon + 1).trim() });
}

/** @returns the text without the longer one that it was cut from, which V8 would keep as long as the cut */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
