import type { LogFormat } from '@sphinx/logs';
import type { LogRow } from '../intake/log-row.ts';
import type { LogQuery, LogSearch } from './log-search.ts';
import { maskRow } from './mask.ts';

const PAGE = 1000;
/** Rows of one export: what a spreadsheet opens. */
export const MOST_EXPORTED = 500_000;

const CSV_COLUMNS = [
  ...['time', 'severity', 'kind', 'format', 'activity', 'status', 'device_host', 'device_ip', 'product', 'service'],
  ...['actor_user', 'target_user', 'src_ip', 'src_port', 'src_host', 'dst_ip', 'dst_port', 'dst_host', 'transport'],
  ...['app_name', 'rule_name', 'url', 'http_method', 'http_status', 'file_name', 'process_name', 'command_line'],
  ...['object', 'event_code', 'message', 'source_id', 'log_id', 'raw'],
] as const satisfies readonly (keyof LogRow)[];

/** @returns all events of a query, masked, page by page as they are read */
export function exportEvents(
  search: LogSearch,
  query: LogQuery,
  format: 'csv' | 'jsonl',
  formatOf: (id: string) => LogFormat | undefined,
): Response {
  const write = format === 'csv' ? csvLine : (row: LogRow) => `${JSON.stringify(row)}\n`;
  const encoder = new TextEncoder();
  let cursor: string | null | undefined;
  let count = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (format === 'csv') controller.enqueue(encoder.encode(`${CSV_COLUMNS.join(',')}\n`));
    },
    async pull(controller) {
      const page = await search.page(query, PAGE, cursor ?? undefined);
      const rows = page.items.map((row) => write(maskRow(row, formatOf(row.format))));
      count += rows.length;
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.join('')));
      cursor = page.nextCursor;
      if (cursor === null || count >= MOST_EXPORTED) controller.close();
    },
  });
  const [type, name] =
    format === 'csv' ? ['text/csv; charset=utf-8', 'logs.csv'] : ['application/x-ndjson', 'logs.jsonl'];
  return new Response(body, {
    headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  });
}

function csvLine(row: LogRow): string {
  return `${CSV_COLUMNS.map((column) => csvCell(column === 'time' ? new Date(row.time).toISOString() : row[column])).join(',')}\n`;
}

/** A spreadsheet takes what begins with these for a formula. */
function csvCell(value: unknown): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
