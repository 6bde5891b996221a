import { type JsonRecord, recordOf, recordsOf, textOf } from '../../reading/json-fields.ts';
import type { ImportContent, JsonFormat } from '../format.ts';
import { EMPTY_REPORT, listedItems } from '../report.ts';
import { columnsOf, readSoftwareRows } from './software-rows.ts';

/* Lists of software as JSON: rows that PowerShell writes with ConvertTo-Json, and `winget export`. */

export const SOFTWARE_ROWS: JsonFormat = {
  kind: 'json',
  id: 'software-json',
  title: 'JSON rows of PowerShell (ConvertTo-Json) or another program',
  isIt: (value) => columnsOf(headingsOf(rowsOf(value))) !== undefined,
  read: readRows,
};

/** PowerShell writes one row alone, without a list around it. */
function rowsOf(value: unknown): readonly JsonRecord[] {
  const rows = recordsOf(value, 1_000_000);
  return rows.length === 0 && !Array.isArray(value) ? [recordOf(value)] : rows;
}

function headingsOf(rows: readonly JsonRecord[]): string[] {
  return [...new Set(rows.slice(0, 100).flatMap((row) => Object.keys(row).slice(0, 200)))];
}

function readRows(value: unknown): ImportContent {
  const rows = rowsOf(value);
  const headings = headingsOf(rows);
  const cells = rows.map((row, index) => ({
    where: `/${index}`,
    cells: headings.map((heading) => (typeof row[heading] === 'number' ? String(row[heading]) : textOf(row[heading]))),
  }));
  const isPowerShell =
    headings.includes('ProviderName') || headings.includes('PSPath') || headings.includes('DisplayVersion');
  return readSoftwareRows(headings, cells, { tool: isPowerShell ? 'PowerShell' : 'table', method: 'agent' });
}

export const WINGET_EXPORT: JsonFormat = {
  kind: 'json',
  id: 'winget-export',
  title: 'winget export',
  isIt: (value) => /winget-packages\.schema/.test(textOf(recordOf(value).$schema)),
  read: readWingetExport,
};

function readWingetExport(value: unknown): ImportContent {
  const { Sources: sources, WinGetVersion: version } = recordOf(value);
  const packages = recordsOf(sources).flatMap((source) => recordsOf(source.Packages));
  const taken = Date.parse(textOf(recordOf(value).CreationDate));
  const items = listedItems(
    packages.map(({ PackageIdentifier: identifier, Version }) => {
      // `Mozilla.Firefox.ESR`: the publisher, then the program.
      const [vendor = '', ...name] = textOf(identifier).split('.');
      return { vendor, name: name.join(' ') || vendor, version: textOf(Version) };
    }),
  );
  return {
    tool: ['winget', textOf(version)].join(' ').trim(),
    reports: [
      {
        ...EMPTY_REPORT,
        takenAtMs: Number.isNaN(taken) ? undefined : taken,
        // Programs that no source of winget knows are not in it.
        software: { method: 'agent', isComplete: false, items },
      },
    ],
    problems: [],
  };
}
