import type { Asset } from '@sphinx/schema';
import Papa from 'papaparse';
import { COLUMNS, type Column } from './columns.ts';

/**
 * @returns CSV (RFC 4180). Cells that a spreadsheet would run as a formula are quoted with an apostrophe (OWASP, CSV
 *   Injection): names come from the network, and whoever is on it chooses them.
 */
export function exportCsv(assets: readonly Asset[]): string {
  const rows = assets.map((asset) => COLUMNS.map((column) => cellOf(asset, column)));
  return `${Papa.unparse({ fields: [...COLUMNS], data: rows }, { escapeFormulae: true, newline: '\r\n' })}\r\n`;
}

/** @returns JSON with the same columns, addresses as lists */
export function exportJson(assets: readonly Asset[]): string {
  const items = assets.map((asset) =>
    Object.fromEntries(
      COLUMNS.map((column) => [column, column in LISTS ? asset[column as ListColumn] : cellOf(asset, column)]),
    ),
  );
  return `${JSON.stringify(items, null, 2)}\n`;
}

const LISTS = { macs: true, ips: true, hostnames: true } as const;
type ListColumn = keyof typeof LISTS;

function cellOf(asset: Asset, column: Column): string {
  switch (column) {
    case 'id':
    case 'name':
      return asset[column];
    case 'macs':
    case 'ips':
    case 'hostnames':
      return asset[column].join(' ');
    case 'firstSeen':
    case 'lastSeen':
      return new Date(asset[column]).toISOString();
    default:
      return asset.facts[column]?.value ?? '';
  }
}
