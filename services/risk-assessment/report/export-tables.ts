import Papa from 'papaparse';
import { z } from 'zod';

/** Tables that can be had as CSV, one file each. */
export const EXPORT_TABLES = [
  'register',
  'register-history',
  'proposals',
  'services',
  'assets',
  'threats',
  'controls',
  'forecasts',
] as const;
export const ExportTable = z.enum(EXPORT_TABLES).meta({ id: 'RiskExportTable' });
export type ExportTable = z.infer<typeof ExportTable>;

/**
 * A cell that a spreadsheet would run as a formula, full-width characters among them (OWASP, CSV Injection): names come from the
 * network and titles from people.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** @param rows objects with the same keys @returns CSV (RFC 4180); lists are joined, objects written as JSON */
export function csvOf(rows: readonly object[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const data = rows.map((row) => fields.map((field) => cellOf((row as Record<string, unknown>)[field])));
  return `${Papa.unparse({ fields, data }, { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`;
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each))).join('; ');
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
