import { printable, renderTable } from './table.ts';

/* How documents of vendors are printed. */

/** A document of a vendor as the API gives it. */
export interface SubmissionView {
  readonly id: string;
  readonly fileName: string;
  readonly formatTitle: string;
  readonly maker: string;
  readonly model: string;
  readonly version: string;
  readonly state: string;
  readonly receivedAt: number;
  readonly by: string;
  readonly decidedBy: string | null;
  readonly decision: string;
  readonly totals: { readonly software: number; readonly claims: number; readonly answers: number };
  readonly claims: readonly {
    readonly weakness: string;
    readonly status: string;
    readonly versions: string;
    readonly note: string;
  }[];
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

interface Touched {
  readonly weakness: string;
  readonly devices: number;
}

/** What accepting a document would change, as the API gives it. */
export interface EffectView {
  readonly devices: number;
  readonly closes: readonly Touched[];
  readonly opens: readonly Touched[];
  readonly changes: readonly Touched[];
  readonly software: { readonly added: number; readonly removed: number } | null;
  readonly answers: number | null;
}

const MOST_LINES = 30;

export function submissionsText(items: readonly SubmissionView[]): string {
  if (items.length === 0) return 'No document waits for a decision.';
  return renderTable(
    items,
    [
      { title: 'Id', value: ({ id }) => id },
      { title: 'State', value: ({ state }) => state },
      { title: 'Model', value: ({ maker, model, version }) => `${maker} ${model} ${version}`.trim() },
      { title: 'Document', value: ({ fileName, formatTitle }) => `${fileName} (${formatTitle})` },
      { title: 'Sent', value: ({ receivedAt }) => new Date(receivedAt).toISOString().slice(0, 10) },
    ],
    60,
  );
}

export function submissionText(item: SubmissionView): string {
  const { fileName, formatTitle, maker, model, version, state, by, totals, claims, problems } = item;
  const about = `${maker} ${model} ${version === '' ? '(every version)' : version}`;
  return [
    `${fileName}: ${formatTitle}, ${totals.software} components, ${totals.claims} claims, ${totals.answers} answers`,
    `about ${about}, sent by ${by}, ${state}`,
    ...(item.decidedBy === null ? [] : [`decided by ${item.decidedBy}: ${item.decision}`]),
    ...claims
      .slice(0, MOST_LINES)
      .map(({ weakness, status, versions, note }) => `  ${weakness} ${status} ${versions || 'every version'}  ${note}`),
    ...problems.slice(0, MOST_LINES).map(({ where, what }) => `Left out: ${where} ${what}`),
  ]
    .map(printable)
    .join('\n');
}

export function effectText({ devices, closes, opens, changes, software, answers }: EffectView): string {
  const lines = (title: string, items: readonly Touched[]) =>
    items.length === 0
      ? []
      : [title, ...items.slice(0, MOST_LINES).map((each) => `  ${each.weakness} on ${each.devices} devices`)];
  return [
    `If it is accepted, it counts for ${devices} devices that are here.`,
    ...lines('Weaknesses that would no longer stand, since the vendor says so:', closes),
    ...lines('Weaknesses that would be found:', opens),
    ...lines('Weaknesses that would become clearer, or less clear:', changes),
    ...(software === null ? [] : [`Software: ${software.added} new, ${software.removed} gone`]),
    ...(answers === null ? [] : [`Answers that verification would judge by: ${answers}`]),
  ]
    .map(printable)
    .join('\n');
}
