import { printable, renderTable } from './table.ts';

export interface LogEvent {
  readonly log_id: string;
  readonly time: number;
  readonly severity: string;
  readonly format: string;
  readonly kind: string;
  readonly device_host: string;
  readonly device_ip: string;
  readonly service: string;
  readonly actor_user: string;
  readonly src_ip: string;
  readonly message: string;
  readonly raw: string;
}

export interface LogSource {
  readonly id: string;
  readonly format: string;
  readonly lastSeen: number;
  readonly events: number;
  readonly unparsed: number;
  readonly dropped: number;
  readonly truncated: number;
}

export interface LogFormatItem {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly reads: string;
  readonly isOwn: boolean;
}

/** One event on one line. */
export function eventLine(event: LogEvent): string {
  const host = event.device_host || event.device_ip || '-';
  const text = (event.message || event.raw).replace(/\s+/g, ' ');
  return printable(
    `${new Date(event.time).toISOString()} ${event.severity.padEnd(13)} ${host} ${event.service || event.format}: ${text}`,
  );
}

export function sourceTable(sources: readonly LogSource[]): string {
  return renderTable(sources, [
    { title: 'Source', value: ({ id }) => id },
    { title: 'Format', value: ({ format }) => format || '-' },
    { title: 'Events', value: ({ events }) => String(events), align: 'right' as const },
    { title: 'Unparsed', value: ({ unparsed }) => String(unparsed), align: 'right' as const },
    { title: 'Dropped', value: ({ dropped }) => String(dropped), align: 'right' as const },
    { title: 'Cut', value: ({ truncated }) => String(truncated), align: 'right' as const },
    { title: 'Last', value: ({ lastSeen }) => new Date(lastSeen).toISOString() },
  ]);
}

export interface LogRetention {
  readonly kind: string;
  readonly days: number;
  readonly isOwn: boolean;
}

export function retentionTable(kinds: readonly LogRetention[]): string {
  return renderTable(kinds, [
    { title: 'Kind', value: ({ kind }) => kind },
    { title: 'Days', value: ({ days }) => String(days), align: 'right' as const },
    { title: 'From', value: ({ isOwn }) => (isOwn ? 'its own number' : 'the settings') },
  ]);
}

export function formatTable(formats: readonly LogFormatItem[]): string {
  return renderTable(formats, [
    { title: 'Id', value: ({ id }) => id },
    { title: 'Format', value: ({ title, isOwn }) => (isOwn ? `${title} (own)` : title) },
    { title: 'Kind', value: ({ kind }) => kind },
    { title: 'Read as', value: ({ reads }) => reads },
  ]);
}

export interface LogFormatProposal {
  readonly definition: string;
  readonly id: string;
  readonly title: string;
  readonly reads: string;
  readonly header: 'rfc5424' | 'rfc3164' | 'none';
  readonly fields: readonly {
    readonly name: string;
    readonly fieldName: string;
    readonly kind: string;
    readonly column: string;
    readonly isPatient: boolean;
    readonly examples: readonly string[];
  }[];
  readonly lines: readonly {
    readonly line: string;
    readonly isRead: boolean;
    readonly format: string;
    readonly knownFormat: string;
  }[];
  readonly takesFrom: readonly string[];
}

/** What is proposed, in words and a table; the definition itself is not in it. */
export function proposalText({ reads, header, fields, lines, takesFrom }: LogFormatProposal): string {
  const kept = fields.filter(({ fieldName }) => fieldName !== '');
  const read = lines.filter(({ isRead }) => isRead).length;
  const known = [...new Set(lines.map(({ knownFormat }) => knownFormat))].filter((id) => id !== '');
  const text = [
    `${read} of ${lines.length} lines are read, as ${reads === 'lines' ? 'text' : reads}${header === 'none' ? '' : ` behind a header of syslog (${header})`}.`,
    ...(known.length === 0 ? [] : [`These formats read some of the lines already: ${known.join(', ')}.`]),
    ...(takesFrom.length === 0 ? [] : [`It would also take lines of: ${takesFrom.join(', ')}.`]),
    ...lines.flatMap(({ line, isRead, format }) =>
      isRead ? [] : [`Not read${format === '' ? '' : ` (stays with ${format})`}: ${printable(line.slice(0, 200))}`],
    ),
  ];
  if (kept.length === 0) return [...text, 'No field was found.'].join('\n');
  const table = renderTable(kept, [
    { title: 'Field', value: ({ fieldName, isPatient }) => (isPatient ? `${fieldName} (patient)` : fieldName) },
    { title: 'Is', value: ({ kind }) => kind },
    { title: 'Column', value: ({ column }) => column || '-' },
    { title: 'Examples', value: ({ examples }) => printable(examples.join(', ').slice(0, 80)) },
  ]);
  return [...text, '', table].join('\n');
}

export interface LogRuleSet {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly rules: number;
  readonly rejected: number;
  readonly firstRejected: string | null;
}

export function ruleSetTable(sets: readonly LogRuleSet[]): string {
  return renderTable(sets, [
    { title: 'Set', value: ({ title }) => title },
    { title: 'On', value: ({ isEnabled }) => (isEnabled ? 'yes' : 'no') },
    { title: 'Rules', value: ({ rules }) => String(rules), align: 'right' as const },
    { title: 'Rejected', value: ({ rejected }) => String(rejected), align: 'right' as const },
    { title: 'First reason', value: ({ firstRejected }) => firstRejected ?? '' },
  ]);
}
