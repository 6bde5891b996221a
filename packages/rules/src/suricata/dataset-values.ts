import { addressBound } from './address-set.ts';
import { RuleError } from './rule-error.ts';
import type { DatasetType } from './rule-resources.ts';

/** How the file of a set is written (Suricata user guide, "Datasets", "Dataset with JSON"). */
export interface DatasetForm {
  readonly format: 'csv' | 'json' | 'ndjson';
  /** Member of each entry that holds its value; dots lead into nested objects. */
  readonly valueKey: string;
  /** Member that holds the list of entries; empty where the document is the list. */
  readonly arrayKey: string;
  /** The value is left out of what is told of a match. */
  readonly removesKey: boolean;
}

/**
 * Reads the entries of a set.
 *
 * @param take gets the key of each entry, as `datasetKey` makes it, and what the file says beside it
 * @throws RuleError when the file has not its form
 */
export function readDataset(
  content: string,
  type: DatasetType,
  form: DatasetForm,
  take: (key: string, context: unknown) => void,
): void {
  if (form.format === 'csv') {
    for (const line of content.split('\n')) {
      const text = (line.split(',')[0] ?? '').trim();
      if (text === '') continue;
      take(type === 'string' ? Buffer.from(text, 'base64').toString('latin1') : keyOfText(text, type), undefined);
    }
    return;
  }
  for (const entry of entriesOf(content, form)) {
    const value = memberAt(entry, form.valueKey);
    if (value === undefined) continue;
    if (typeof value !== 'string') throw new RuleError(`dataset: ${form.valueKey} is no text in its file`);
    const key = type === 'string' ? Buffer.from(value, 'utf8').toString('latin1') : keyOfText(value, type);
    take(key, form.removesKey ? withoutMember(entry, form.valueKey) : entry);
  }
}

function entriesOf(content: string, { format, arrayKey }: DatasetForm): readonly unknown[] {
  try {
    if (format === 'ndjson') {
      return content.split('\n').flatMap((line): unknown[] => (line.trim() === '' ? [] : [JSON.parse(line)]));
    }
    const list = arrayKey === '' ? (JSON.parse(content) as unknown) : memberAt(JSON.parse(content), arrayKey);
    if (Array.isArray(list)) return list;
  } catch (error) {
    throw new RuleError(`dataset: its file is no ${format}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new RuleError(`dataset: its file holds no list${arrayKey === '' ? '' : ` in ${arrayKey}`}`);
}

function memberAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = new Map<string, unknown>(Object.entries(at)).get(name);
  }
  return at;
}

function withoutMember(entry: unknown, path: string): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const [first, ...rest] = path.split('.');
  return Object.fromEntries(
    Object.entries(entry).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
      if (name !== first) return [[name, value]];
      return rest.length === 0 ? [] : [[name, withoutMember(value, rest.join('.'))]];
    }),
  );
}

function keyOfText(text: string, type: DatasetType): string {
  return type === 'ip' || type === 'ipv4' ? addressKey(text) : text.toLowerCase();
}

/** @returns the same key for every way to write an address; an IPv4 address in IPv6 form is the IPv4 address */
export function addressKey(ip: string): string {
  const bound = addressBound(ip);
  if (bound === undefined) return ip.toLowerCase();
  if (typeof bound === 'number') return String(bound);
  const mapped = /^0{20}f{4}([0-9a-f]{8})$/.exec(bound)?.[1];
  return mapped === undefined ? bound : String(Number.parseInt(mapped, 16));
}
