import { networkKeys } from '../formats/address-key.ts';
import { readLogTime } from '../time/log-time.ts';
import type { LogCondition, LogTest } from './condition.ts';
import { LogQueryError, parseQuery, type QueryNode, type QueryValue } from './parse-query.ts';

/** Kinds of columns of `log_activity` that a query may name. */
export type ColumnKinds = ReadonlyMap<string, 'integer' | 'boolean' | 'text'>;

/** What people call columns. */
export const QUERY_ALIASES: Readonly<Record<string, readonly string[]>> = {
  user: ['actor_user', 'target_user'],
  ip: ['src_ip', 'dst_ip', 'device_ip'],
  src: ['src_ip', 'src_host'],
  dst: ['dst_ip', 'dst_host'],
  port: ['src_port', 'dst_port'],
  host: ['device_host', 'src_host', 'dst_host'],
  sender: ['device_ip'],
  source: ['source_id'],
  program: ['service'],
  level: ['severity'],
  result: ['status'],
  code: ['event_code'],
  rule: ['rule_name'],
  process: ['process_name'],
  file: ['file_name'],
  protocol: ['transport', 'app_name'],
  text: ['raw'],
};

/** Columns that free words are looked for in. */
const TEXT_COLUMNS = ['raw', 'message'] as const;
const KEYS: Readonly<Record<string, string>> = { src_ip: 'src_ip_key', dst_ip: 'dst_ip_key' };
const NETWORK = /^[0-9A-Fa-f:.]+\/\d{1,3}$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * @param text in the language of searches
 * @param columns of the table; other names are fields of the log itself
 * @param nowMs for times, milliseconds since 1970
 * @returns a condition; undefined where everything fits
 * @throws LogQueryError that says what is wrong and where
 */
export function compileQuery(text: string, columns: ColumnKinds, nowMs: number): LogCondition | undefined {
  const node = parseQuery(text);
  return node === undefined ? undefined : toCondition(node, columns, nowMs);
}

function toCondition(node: QueryNode, columns: ColumnKinds, nowMs: number): LogCondition {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, items: node.items.map((item) => toCondition(item, columns, nowMs)) };
    case 'not':
      return { kind: 'not', item: toCondition(node.item, columns, nowMs) };
    case 'term':
      return node.field === undefined ? anywhere(node.value, node.at) : inField(node, node.field, columns, nowMs);
  }
}

function anywhere(value: QueryValue, at: number): LogCondition {
  if (value.kind !== 'text') throw new LogQueryError('A comparison needs a field before it', at);
  const parts = value.isExact ? [value.text] : wildcardParts(value.text);
  const isAll = parts.every((part) => part === '');
  return anyOf(
    TEXT_COLUMNS.map((column) => ({
      kind: 'test',
      column,
      test: isAll ? { operator: 'present' } : { operator: 'like', parts: ['', ...parts, ''] },
    })),
  );
}

function inField(
  { value, at }: { readonly value: QueryValue; readonly at: number },
  field: string,
  columns: ColumnKinds,
  nowMs: number,
): LogCondition {
  const names = QUERY_ALIASES[field.toLowerCase()] ?? [field];
  if (value.kind === 'text' && !value.isExact && NETWORK.test(value.text)) {
    const known = names.filter((name) => columns.has(name));
    if (known.length > 0) return inNetwork(value.text, known, at);
  }
  return anyOf(names.map((name) => inColumn(name, value, at, columns, nowMs)));
}

function inNetwork(network: string, names: readonly string[], at: number): LogCondition {
  const keys = networkKeys(network);
  if (keys === undefined) throw new LogQueryError(`${network} is no network`, at);
  const withKeys = names.flatMap((name) => KEYS[name] ?? []);
  if (withKeys.length === 0) throw new LogQueryError('Networks are looked for in src_ip, dst_ip or ip', at);
  return anyOf(
    withKeys.map((column) => ({
      kind: 'and',
      items: [
        { kind: 'test', column, test: { operator: 'present' } },
        { kind: 'test', column, test: { operator: 'at-least', value: keys.first } },
        { kind: 'test', column, test: { operator: 'at-most', value: keys.last } },
      ],
    })),
  );
}

function inColumn(name: string, value: QueryValue, at: number, columns: ColumnKinds, nowMs: number): LogCondition {
  const isColumn = columns.has(name);
  const test = (each: LogTest): LogCondition =>
    isColumn ? { kind: 'test', column: name, test: each } : { kind: 'test', column: 'fields', field: name, test: each };
  const isTime = name === 'time' || name === 'logged_time';
  const bound = (text: string): string | number => {
    if (isTime) return instantOf(text, at, nowMs);
    return NUMBER.test(text) ? Number(text) : text;
  };
  switch (value.kind) {
    case 'comparison':
      return test({ operator: value.comparison, value: bound(value.text) });
    case 'range': {
      const { least, most, isOpen } = value;
      const items: LogCondition[] = [];
      if (least !== '*') items.push(test({ operator: isOpen ? 'more' : 'at-least', value: bound(least) }));
      if (most !== '*') items.push(test({ operator: isOpen ? 'less' : 'at-most', value: bound(most) }));
      return items.length === 0 ? test({ operator: 'present' }) : { kind: 'and', items };
    }
    case 'text':
      if (isTime) return test({ operator: 'equals', value: instantOf(value.text, at, nowMs) });
      return textTest(value, test, isColumn);
  }
}

function textTest(
  { text, isExact }: { readonly text: string; readonly isExact: boolean },
  test: (each: LogTest) => LogCondition,
  isColumn: boolean,
): LogCondition {
  const parts = isExact ? [text] : wildcardParts(text);
  if (parts.length > 1 && parts.every((part) => part === '')) return test({ operator: 'present' });
  if (parts.length > 1) return test({ operator: 'like', parts });
  const [plain = ''] = parts;
  const equal = test({ operator: 'equals', value: plain });
  // A field that a log says several times is a list.
  return isColumn
    ? equal
    : { kind: 'or', items: [equal, test({ operator: 'like', parts: ['[', JSON.stringify(plain), ']'] })] };
}

/** Text between stars; `\*` is a star. */
function wildcardParts(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === '*') {
      part += '*';
      at++;
    } else if (text[at] === '*') {
      parts.push(part);
      part = '';
    } else part += text[at];
  }
  return [...parts, part];
}

function instantOf(text: string, at: number, nowMs: number): number {
  const ago = /^now(?:-(\d{1,9})([smhdw]))?$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1] ?? 0) * (UNITS[ago[2] ?? 's'] ?? 0);
  const time = readLogTime(text, { arrivedMs: nowMs });
  if (Number.isFinite(time)) return time;
  throw new LogQueryError(`"${text}" is no time: write 2026-11-30T08:00:00Z or now-2h`, at);
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function anyOf(items: readonly LogCondition[]): LogCondition {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'or', items };
}
