import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { z } from 'zod';

/** What the entries of a list are. */
export const ListType = z.enum(['string', 'md5', 'sha256', 'ip', 'reputation']).meta({
  description:
    '`reputation`: an address and its score from 0 to 127, the name of the list is the category that `iprep` names; ' +
    'others are read by `dataset` under the name of the file',
});
export type ListType = z.infer<typeof ListType>;

export const ListName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'Use letters, digits, dots, dashes and underscores, as rules name the list.');

/** Values that rules look up. */
export const ValueList = z
  .object({
    name: ListName,
    type: ListType,
    description: z.string(),
    entries: z.int(),
    updatedAt: z.number(),
    rules: z.array(z.string()).meta({ description: 'Rules that use it, at most 200 of them' }),
    usedBy: z.int().meta({ description: 'How many rules use it' }),
  })
  .meta({ id: 'ValueList' });
export type ValueList = z.infer<typeof ValueList>;

export const ListEntry = z
  .object({ value: z.string(), score: z.int().nullable().meta({ description: 'Of reputation lists only' }) })
  .meta({ id: 'ListEntry' });
export type ListEntry = z.infer<typeof ListEntry>;

const HEXADECIMAL = { md5: /^[0-9a-f]{32}$/, sha256: /^[0-9a-f]{64}$/ } as const;

/** What of a list was understood. */
export interface ParsedList {
  readonly entries: readonly ListEntry[];
  /** Lines that are no entry, with the number of the first line as 1. */
  readonly unreadable: readonly { readonly line: number; readonly reason: string }[];
}

/**
 * Reads lines as people and Suricata write them (Suricata user guide, "Datasets", "IP Reputation Format"): of what is
 * behind a comma only the score of reputation lists counts, `#` begins a comment. Each value counts once.
 *
 * @param isEncoded strings stand there as base64, as Suricata keeps them
 */
export function parseList(type: ListType, content: string, isEncoded = false): ParsedList {
  const entries = new Map<string, ListEntry>();
  const unreadable: { line: number; reason: string }[] = [];
  content.split('\n').forEach((raw, index) => {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) return;
    const entry = parseEntry(type, text, isEncoded);
    if (typeof entry === 'string') unreadable.push({ line: index + 1, reason: entry });
    else entries.set(entry.value, entry);
  });
  return { entries: [...entries.values()], unreadable };
}

/** @returns the entry, or why it is none */
function parseEntry(type: ListType, text: string, isEncoded: boolean): ListEntry | string {
  if (type === 'reputation') return parseScore(text);
  if (type === 'string') return isEncoded ? decodeText(text) : { value: text, score: null };
  const value = (text.split(',')[0] ?? '').trim().toLowerCase();
  if (type === 'ip') return isIP(value) === 0 ? `${value} is no address` : { value, score: null };
  return HEXADECIMAL[type].test(value) ? { value, score: null } : `${value.slice(0, 70)} is no ${type}`;
}

function decodeText(text: string): ListEntry | string {
  const bytes = Buffer.from(text, 'base64');
  return isUtf8(bytes) ? { value: bytes.toString('utf8'), score: null } : `${text.slice(0, 70)} is no text in base64`;
}

/** `address,score`, or `address,number of the category,score`: of the latter the list says which category it is. */
function parseScore(text: string): ListEntry | string {
  const parts = text.split(',').map((part) => part.trim());
  const [value = '', , third] = parts;
  const score = third ?? parts[1] ?? '';
  if (isIP(value) === 0) return `${value} is no address`;
  if (!/^\d+$/.test(score) || Number(score) > 127) return `${score} is no score from 0 to 127`;
  return { value: value.toLowerCase(), score: Number(score) };
}

/** @returns text of the file that rules load */
export function writeDataset(type: ListType, entries: readonly ListEntry[]): string {
  const line = ({ value }: ListEntry) => (type === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value);
  return entries.map(line).join('\n');
}
