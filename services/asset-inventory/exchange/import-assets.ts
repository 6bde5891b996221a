import { isIP } from 'node:net';
import { SphinxError } from '@sphinx/platform';
import type { Asset } from '@sphinx/schema';
import Papa from 'papaparse';
import { z } from 'zod';
import type { IdentificationKnowledge } from '../classification/load-knowledge.ts';
import type { AssetChange } from '../manual-changes.ts';
import { type Column, columnOf, EXCHANGED_FACTS } from './columns.ts';

export const AssetImport = z.object({
  format: z.enum(['csv', 'json']),
  content: z.string().min(1).max(15_000_000),
});

/** What one row of an import would do. */
export const ImportRow = z
  .object({
    row: z.int().meta({ description: 'From 1, headings not counted' }),
    action: z.enum(['update', 'create', 'unchanged', 'skip']),
    assetId: z.string().nullable(),
    name: z.string(),
    changes: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string() })),
    message: z.string().meta({ description: 'Why a row is skipped; empty otherwise' }),
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.infer<typeof ImportRow>;

/** A row with what it takes to carry it out. */
export interface PlannedRow extends ImportRow {
  readonly change: AssetChange;
  readonly address: { mac?: string; ip?: string };
}

const MAXIMUM_ROWS = 100_000;

type Row = Partial<Record<Column, string>>;

/**
 * Says what an import would change, without changing anything. Rows find their asset by id, MAC address, IP address,
 * serial number or host name, in this order.
 *
 * @throws SphinxError SPX_INVALID_INPUT when the content cannot be read at all
 */
export function planImport(
  { format, content }: z.infer<typeof AssetImport>,
  assets: readonly Asset[],
  knowledge: IdentificationKnowledge,
): PlannedRow[] {
  const rows = format === 'csv' ? readCsv(content) : readJson(content);
  if (rows.length > MAXIMUM_ROWS) {
    throw new SphinxError('SPX_TOO_LARGE', `Import at most ${MAXIMUM_ROWS.toLocaleString('en')} rows at once.`);
  }
  const find = finder(assets);
  return rows.map((row, index) => planRow(row, index + 1, find, knowledge));
}

function readCsv(content: string): Row[] {
  const parsed = Papa.parse<string[]>(content.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const [headings, ...lines] = parsed.data;
  const columns = (headings ?? []).map(columnOf);
  requireKnownColumns(columns, headings ?? []);
  return lines.map((line) => {
    const row: Row = {};
    for (const [index, column] of columns.entries()) {
      const cell = line[index]?.trim().replace(/^'(?=[=+\-@\t\r])/, '') ?? '';
      if (column !== undefined && cell !== '') row[column] = cell;
    }
    return row;
  });
}

function readJson(content: string): Row[] {
  const cell = z.union([
    z.string(),
    z.number().transform(String),
    z.null().transform(() => ''),
    z.array(z.string()).transform((list) => list.join(' ')),
  ]);
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The content is not JSON.', { cause });
  }
  const parsed = z.array(z.record(z.string(), z.unknown())).safeParse(value);
  if (!parsed.success)
    throw new SphinxError('SPX_INVALID_INPUT', 'JSON to import is a list of objects, one per asset.');
  const headings = [...new Set(parsed.data.flatMap((item) => Object.keys(item)))];
  requireKnownColumns(headings.map(columnOf), headings);
  return parsed.data.map((item) => {
    const row: Row = {};
    for (const [heading, raw] of Object.entries(item)) {
      const column = columnOf(heading);
      const text = cell.safeParse(raw).data?.trim() ?? '';
      if (column !== undefined && text !== '') row[column] = text;
    }
    return row;
  });
}

function requireKnownColumns(columns: readonly (Column | undefined)[], headings: readonly string[]): void {
  const identifying: readonly Column[] = ['id', 'macs', 'ips', 'serial', 'hostnames'];
  if (columns.some((column) => column !== undefined && identifying.includes(column))) return;
  throw new SphinxError(
    'SPX_INVALID_INPUT',
    `No column says which asset a row is about. Name one id, mac, ip, serial or hostname; found: ${headings.slice(0, 20).join(', ')}.`,
  );
}

function finder(assets: readonly Asset[]): (row: Row) => Asset | 'several' | undefined {
  const index = new Map<string, Asset | 'several'>();
  const add = (kind: string, value: string | undefined, asset: Asset) => {
    if (value === undefined || value === '') return;
    const key = `${kind}|${value.toLowerCase()}`;
    index.set(key, index.has(key) && index.get(key) !== asset ? 'several' : asset);
  };
  for (const asset of assets.filter(({ isSample }) => !isSample)) {
    add('id', asset.id, asset);
    for (const mac of asset.macs) add('macs', mac, asset);
    for (const ip of asset.ips) add('ips', ip, asset);
    for (const hostname of asset.hostnames) add('hostnames', hostname, asset);
    add('serial', asset.facts.serial?.value, asset);
  }
  return (row) => {
    for (const column of ['id', 'macs', 'ips', 'serial', 'hostnames'] as const) {
      for (const value of wordsOf(row[column], column)) {
        const found = index.get(`${column}|${value}`);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
}

function planRow(
  row: Row,
  number: number,
  find: (row: Row) => Asset | 'several' | undefined,
  knowledge: IdentificationKnowledge,
): PlannedRow {
  const found = find(row);
  const address = addressOf(row);
  const name = row.name ?? row.hostnames ?? row.ips ?? row.macs ?? row.serial ?? `row ${number}`;
  const base = { row: number, assetId: null, name, changes: [], message: '', change: {}, address };
  if (found === 'several')
    return { ...base, action: 'skip', message: 'Several assets fit this row. Add a MAC address.' };
  const isUnknown = found === undefined && address.mac === undefined && address.ip === undefined;
  if (isUnknown) return { ...base, action: 'skip', message: 'No asset fits, and a new one needs a MAC or IP address.' };
  const { change, changes, problem } = changesOf(row, found, knowledge);
  if (problem !== undefined) return { ...base, assetId: found?.id ?? null, action: 'skip', message: problem };
  if (found === undefined) return { ...base, action: 'create', change, changes };
  const action = changes.length === 0 ? 'unchanged' : 'update';
  return { ...base, assetId: found.id, name: found.name, action, change, changes };
}

function changesOf(row: Row, asset: Asset | undefined, { kinds, zones }: IdentificationKnowledge) {
  const changes: ImportRow['changes'] = [];
  const facts: Record<string, string> = {};
  for (const name of EXCHANGED_FACTS) {
    const to = name === 'kind' ? kindIdOf(row.kind, kinds) : row[name];
    const from = asset?.facts[name]?.value ?? null;
    if (to === undefined || to === from) continue;
    if (name === 'kind' && !kinds.has(to)) return { change: {}, changes, problem: `There is no kind "${to}".` };
    if (name === 'zone' && !zones.has(to)) return { change: {}, changes, problem: `There is no zone "${to}".` };
    facts[name] = to;
    changes.push({ field: name, from, to });
  }
  const change: AssetChange = Object.keys(facts).length === 0 ? {} : { facts };
  if (row.name === undefined || row.name === asset?.name) return { change, changes };
  changes.unshift({ field: 'name', from: asset?.name ?? null, to: row.name });
  return { change: { ...change, name: row.name }, changes };
}

function kindIdOf(text: string | undefined, kinds: IdentificationKnowledge['kinds']): string | undefined {
  if (text === undefined || kinds.has(text)) return text;
  const wanted = text.toLowerCase();
  return [...kinds.values()].find(({ title }) => title.toLowerCase() === wanted)?.id ?? text;
}

function addressOf(row: Row): { mac?: string; ip?: string } {
  const [mac] = wordsOf(row.macs, 'macs');
  const [ip] = wordsOf(row.ips, 'ips');
  return {
    ...(mac !== undefined && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? { mac } : {}),
    ...(ip !== undefined && isIP(ip) !== 0 ? { ip } : {}),
  };
}

function wordsOf(text: string | undefined, column: Column): string[] {
  const words = (text ?? '').toLowerCase().split(column === 'serial' ? /\n/ : /[\s,;]+/);
  return words.filter(Boolean).map((word) => (column === 'macs' ? normaliseMac(word) : word));
}

/** 00-12-21-0A-0B-0C, 0012.210a.0b0c and 0012210a0b0c are the same address. */
function normaliseMac(text: string): string {
  const digits = text.replace(/[^0-9a-f]/g, '');
  return digits.length === 12 ? (digits.match(/../g)?.join(':') ?? text) : text;
}
