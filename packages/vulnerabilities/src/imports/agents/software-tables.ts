import type { ImportContent, TextFormat } from '../format.ts';
import { readCsv } from '../source/csv-rows.ts';
import { columnsOf, readSoftwareRows, type SoftwareRow } from './software-rows.ts';

/* Tables of software as text: values with separators, and columns that PowerShell and winget print. */

export const SOFTWARE_CSV: TextFormat = {
  kind: 'text',
  id: 'software-csv',
  title: 'CSV of Intune, Configuration Manager, PowerShell, wmic or a spreadsheet',
  isIt: (head) => headingsOf(head) !== undefined,
  read: readSoftwareCsv,
};

/** Lines before the headings: `#TYPE …` of PowerShell, a title of a report, `sep=,`. */
const MOST_LINES_BEFORE = 10;

function headingsOf(text: string) {
  let count = 0;
  for (const row of readCsv(withoutTitle(text.slice(0, 16_384)))) {
    const columns = row.cells.length > 1 ? columnsOf(row.cells) : undefined;
    if (columns !== undefined) return row;
    count += 1;
    if (count >= MOST_LINES_BEFORE) break;
  }
  return undefined;
}

function withoutTitle(text: string): string {
  // Kept as an empty line, so that numbers of lines stay right.
  return text.replace(/^\ufeff/, '').replace(/^(?:#TYPE|sep=)[^\r\n]*/i, '');
}

function readSoftwareCsv(text: string): ImportContent {
  const headings = headingsOf(text);
  const rows = function* (): Generator<SoftwareRow> {
    for (const { line, cells } of readCsv(withoutTitle(text))) {
      if (headings !== undefined && line > headings.line) yield { where: `line ${line}`, cells };
    }
  };
  return readSoftwareRows(headings?.cells ?? [], rows(), { tool: toolOf(headings?.cells ?? []), method: 'agent' });
}

function toolOf(headings: readonly string[]): string {
  const text = headings.join(' ').toLowerCase();
  if (/applicationkey|applicationshortversion|primary user upn|managed by/.test(text)) return 'Microsoft Intune';
  if (/netbios|resourceid|arpdisplayname|displayname0|product code/.test(text))
    return 'Microsoft Configuration Manager';
  if (/providername|displayversion|hotfixid/.test(text)) return 'PowerShell';
  return /^node\b/.test(text) ? 'wmic' : 'table';
}

export const SOFTWARE_COLUMNS: TextFormat = {
  kind: 'text',
  id: 'software-columns',
  title: 'table of Get-Package, Get-ItemProperty, Get-HotFix or winget list',
  isIt: (head) => findTable(head) !== undefined,
  read: readColumns,
};

interface PrintedTable {
  readonly headings: readonly string[];
  /** Where each column begins. */
  readonly starts: readonly number[];
  /** Of the first row, from 0. */
  readonly firstRow: number;
}

/** Headings over a line of hyphens; one line under all of them (winget), or one under each (PowerShell). */
function findTable(text: string): PrintedTable | undefined {
  const lines = text.split('\n').slice(0, 60);
  for (const [index, line] of lines.entries()) {
    if (!/^-{2,}(?: +-{2,})*\s*$/.test(line)) continue;
    // winget shows how it goes on with carriage returns before the headings.
    const heading = (lines[index - 1] ?? '').trimEnd().split('\r').at(-1) ?? '';
    const starts = [...heading.matchAll(/(?:^|(?<=\s))\S+(?: \S+)*/g)].map((match) => match.index);
    const headings = starts.map((start, column) => heading.slice(start, starts[column + 1]).trim());
    if (columnsOf(headings) !== undefined) return { headings, starts, firstRow: index + 1 };
  }
  return undefined;
}

function readColumns(text: string): ImportContent {
  const table = findTable(text);
  const rows = function* (): Generator<SoftwareRow> {
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.replace(/\r$/, '');
      if (
        table === undefined ||
        index < table.firstRow ||
        line.trim() === '' ||
        /^\d+ (?:upgrades?|package)/.test(line)
      )
        continue;
      yield { where: `line ${index + 1}`, cells: cut(line, table) };
    }
  };
  const isWinget = table?.headings.includes('Id') === true;
  return readSoftwareRows(table?.headings ?? [], rows(), { tool: isWinget ? 'winget' : 'PowerShell', method: 'agent' });
}

/** Wide characters move what follows: a column begins after spaces, near where its heading does. */
function cut(line: string, { starts }: PrintedTable): string[] {
  return starts.map((start, column) => {
    const end = starts[column + 1];
    return line.slice(start, end).trim();
  });
}

export const REGISTRY_EXPORT: TextFormat = {
  kind: 'text',
  id: 'registry-export',
  title: 'export of the Windows registry (.reg)',
  isIt: (head) => /^\ufeff?(?:Windows Registry Editor Version|REGEDIT4)/.test(head),
  read: readRegistry,
};

/** Values of keys under `…\Uninstall\`; other keys are left alone. */
function readRegistry(text: string): ImportContent {
  const rows: { where: string; values: Map<string, string> }[] = [];
  let current: { where: string; values: Map<string, string> } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      current = /\\uninstall\\[^\\\]]+\]$/i.test(line) ? { where: `line ${index + 1}`, values: new Map() } : undefined;
      if (current !== undefined) rows.push(current);
      continue;
    }
    const value = /^"([A-Za-z]{1,40})"=(?:"(.*)"|dword:([0-9a-f]{8}))$/i.exec(line);
    if (current !== undefined && value !== null) {
      current.values.set(value[1] ?? '', (value[2] ?? value[3] ?? '').replace(/\\(["\\])/g, '$1'));
    }
  }
  const programs = rows
    // Parts of Windows and of other programs have no name of their own, or say that they are parts.
    .filter(
      ({ values }) => values.has('DisplayName') && Number.parseInt(values.get('SystemComponent') ?? '0', 16) !== 1,
    )
    .map(({ where, values }) => ({
      where,
      cells: ['DisplayName', 'DisplayVersion', 'Publisher'].map((name) => values.get(name) ?? ''),
    }));
  return readSoftwareRows(['DisplayName', 'DisplayVersion', 'Publisher'], programs, {
    tool: 'Windows registry',
    method: 'agent',
  });
}
