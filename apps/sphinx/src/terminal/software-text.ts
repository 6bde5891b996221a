import { printable, renderTable } from './table.ts';

/* How imports of software and what they list are printed. */

interface ReportView {
  readonly subject: string;
  readonly assetId: string | null;
  readonly assets: number;
  readonly software: number | null;
  readonly added: number;
  readonly removed: number;
  readonly weaknesses: number | null;
  readonly answers: number | null;
  readonly evidence: number;
  readonly note: string;
}

/** An import as the API gives it. */
export interface ImportView {
  readonly id: string;
  readonly fileName: string;
  readonly formatTitle: string;
  readonly tool: string;
  readonly time: number;
  readonly by: string;
  readonly reports: readonly ReportView[];
  readonly totals: {
    readonly reports: number;
    readonly software: number;
    readonly weaknesses: number;
    readonly answers: number;
    readonly problems: number;
  };
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

/** Software of an asset or a model as the API gives it. */
export interface InstalledView {
  readonly name: string;
  readonly version: string;
  readonly vendor: string;
  readonly kind: string;
  readonly tool: string;
  readonly takenAt: number;
  readonly ofModel: string | null;
}

const PROBLEMS_SHOWN = 20;

/** @param isPreview nothing was changed */
export function importText(view: ImportView, isPreview: boolean): string {
  const { fileName, formatTitle, totals, reports, problems, id } = view;
  const notes = reports.filter(({ note }) => note !== '');
  const lines = [
    `${printable(fileName)}: ${formatTitle}, ${countsOf(totals)}`,
    '',
    renderTable(reports, REPORT_COLUMNS, 60),
    ...notes.slice(0, PROBLEMS_SHOWN).map(({ subject, note }) => `${printable(subject)}: ${note}`),
    ...problems.slice(0, PROBLEMS_SHOWN).map(({ where, what }) => `Left out: ${printable(`${where} ${what}`.trim())}`),
    ...(problems.length > PROBLEMS_SHOWN ? [`… and ${totals.problems - PROBLEMS_SHOWN} more rows left out.`] : []),
    '',
    isPreview ? 'Nothing was changed.' : `Taken in. Take it back with: sphinx software undo ${id}`,
  ];
  return lines.join('\n');
}

function countsOf({ reports, software, weaknesses, answers }: ImportView['totals']): string {
  const counts = [
    `${reports} ${reports === 1 ? 'report' : 'reports'}`,
    ...(software > 0 ? [`${software} items of software`] : []),
    ...(weaknesses > 0 ? [weaknesses === 1 ? '1 weakness' : `${weaknesses} weaknesses`] : []),
    ...(answers > 0 ? [`${answers} answers`] : []),
  ];
  return counts.join(', ');
}

const REPORT_COLUMNS = [
  { title: 'About', value: ({ subject }: ReportView) => subject },
  { title: 'Assets', value: ({ assets }: ReportView) => String(assets), align: 'right' as const },
  { title: 'Software', value: ({ software }: ReportView) => numberOf(software), align: 'right' as const },
  { title: 'New', value: ({ added }: ReportView) => String(added), align: 'right' as const },
  { title: 'Gone', value: ({ removed }: ReportView) => String(removed), align: 'right' as const },
  { title: 'Weaknesses', value: ({ weaknesses }: ReportView) => numberOf(weaknesses), align: 'right' as const },
  { title: 'Answers', value: ({ answers }: ReportView) => numberOf(answers), align: 'right' as const },
];

function numberOf(count: number | null): string {
  return count === null ? '–' : String(count);
}

export function importsText(imports: readonly ImportView[]): string {
  if (imports.length === 0) return 'Nothing was taken in yet. Try: sphinx software import FILE --dry-run';
  return renderTable(imports, IMPORT_COLUMNS, 50);
}

const IMPORT_COLUMNS = [
  { title: 'Id', value: ({ id }: ImportView) => id },
  { title: 'File', value: ({ fileName }: ImportView) => fileName },
  { title: 'Tool', value: ({ tool }: ImportView) => tool },
  { title: 'Taken in', value: ({ time }: ImportView) => dayOf(time) },
  { title: 'By', value: ({ by }: ImportView) => by },
  { title: 'Content', value: ({ totals }: ImportView) => countsOf(totals) },
];

export function installedText(items: readonly InstalledView[]): string {
  if (items.length === 0) return 'No import names software here. Bring a list: sphinx software import FILE --asset …';
  const withoutVersion = items.filter(({ version }) => version === '').length;
  const unknown = withoutVersion > 0 ? `, ${withoutVersion} without version` : '';
  return `${renderTable(items, ITEM_COLUMNS, 60)}\n\n${items.length} items${unknown}`;
}

const ITEM_COLUMNS = [
  { title: 'Name', value: ({ name }: InstalledView) => name },
  { title: 'Version', value: ({ version }: InstalledView) => version },
  { title: 'Vendor', value: ({ vendor }: InstalledView) => vendor },
  { title: 'Kind', value: ({ kind }: InstalledView) => kind },
  { title: 'As of', value: ({ takenAt }: InstalledView) => dayOf(takenAt) },
  { title: 'From', value: ({ tool, ofModel }: InstalledView) => (ofModel === null ? tool : `${tool}, of ${ofModel}`) },
];

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
