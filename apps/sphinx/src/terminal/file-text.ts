import type { FileCategory, Severity, TelemetryRow } from '@sphinx/schema';
import { printable, renderTable } from './table.ts';

/** A file as the API lists it. */
export type SeenFile = TelemetryRow<'file_activity'>;

/** A file as the API describes it alone. */
export interface FileDetail extends SeenFile {
  readonly typeTitle: string;
  readonly namedTypes: readonly string[];
  readonly matches: readonly {
    readonly rule: string;
    readonly title: string;
    readonly severity: Severity;
    readonly rationale: string;
    readonly references: readonly string[];
  }[];
  readonly kept: { readonly bytes: number; readonly keptAt: number; readonly until: number } | null;
}

export interface FileTypeCount {
  readonly type: string;
  readonly title: string;
  readonly category: FileCategory;
  readonly files: number;
  readonly bytes: number;
  readonly matched: number;
  readonly mismatched: number;
  readonly unscanned: number;
}

/** Files as a table, one a line. */
export function fileTable(files: readonly SeenFile[]): string {
  return renderTable(files, [
    { title: 'Seen', value: ({ time }) => timeText(time) },
    { title: 'File', value: nameText },
    { title: 'Type', value: ({ type, is_mismatch }) => (is_mismatch ? `${type} (not as named)` : type) },
    { title: 'Bytes', value: ({ size }) => size.toLocaleString('en'), align: 'right' },
    { title: 'From', value: ({ src_ip }) => src_ip },
    { title: 'To', value: ({ dst_ip }) => dst_ip },
    { title: 'Over', value: ({ app_name }) => app_name },
    { title: 'Scan', value: scanText },
    { title: 'Id', value: ({ file_id }) => file_id },
  ]);
}

/** How many files of which type, as a table. */
export function fileTypeTable(types: readonly FileTypeCount[]): string {
  const number = (value: number) => (value === 0 ? '' : value.toLocaleString('en'));
  return renderTable(types, [
    { title: 'Type', value: ({ type }) => type },
    { title: 'What it is', value: ({ title }) => title },
    { title: 'Files', value: ({ files }) => number(files), align: 'right' },
    { title: 'Bytes', value: ({ bytes }) => bytes.toLocaleString('en'), align: 'right' },
    { title: 'Matched', value: ({ matched }) => number(matched), align: 'right' },
    { title: 'Not as named', value: ({ mismatched }) => number(mismatched), align: 'right' },
    { title: 'Not scanned', value: ({ unscanned }) => number(unscanned), align: 'right' },
  ]);
}

/** All that is known of one file, in lines. */
export function fileText(file: FileDetail): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Id', file.file_id],
    ['Name', nameText(file)],
    ['By its content', `${file.typeTitle} (${file.type}, ${file.media_type})${file.is_clinical ? ', clinical' : ''}`],
    ['By its name', file.namedTypes.join(' or ')],
    ['Declared as', file.declared_type],
    ['', file.is_mismatch ? 'Content and name or declaration do not fit together.' : ''],
    ['From', `${file.src_ip} port ${file.src_port}`],
    ['To', `${file.dst_ip} port ${file.dst_port}`],
    ['Over', `${file.app_name}, ${file.activity}, flow ${file.flow_id}`],
    ['Seen', `${timeText(file.time)}, packet ${file.packet_number.toLocaleString('en')} of ${file.source_id}`],
    ['Size', `${file.size.toLocaleString('en')} bytes${file.is_whole ? '' : ', not the whole file'}`],
    ['SHA-256', file.sha256],
    ['SHA-1', file.sha1],
    ['MD5', file.md5],
    ['Scan', file.verdict],
    ['Content', keptText(file)],
  ];
  const known = lines.filter(([, value]) => value !== '');
  return [
    ...known.map(([title, value]) => `${title.padEnd(16)}${printable(value)}`),
    ...file.matches.flatMap(({ rule, title, severity, rationale, references }) => [
      '',
      `${severity}: ${printable(title)} (YARA rule ${printable(rule)})`,
      ...[rationale, ...references].filter((text) => text !== '').map((text) => `  ${printable(text)}`),
    ]),
  ].join('\n');
}

function keptText({ kept }: FileDetail): string {
  return kept === null ? 'not kept' : `${kept.bytes.toLocaleString('en')} bytes kept until ${timeText(kept.until)}`;
}

/** What files there were, in a few lines; empty where there were none. @param matched those that a rule matched */
export function filesSummary(types: readonly FileTypeCount[], matched: readonly SeenFile[]): string {
  if (types.length === 0) return '';
  const total = types.reduce((sum, { files }) => sum + files, 0);
  const [one, ...more] = types.slice(0, MOST_TYPES).map(({ type, files }) => `${files} ${type}`);
  const rest = types.length > MOST_TYPES ? ', …' : '';
  const scan = matched.length === 0 ? 'No YARA rule matched.' : `${matched.length} matched a YARA rule:`;
  return [
    `${total} files: ${[one, ...more].join(', ')}${rest}. ${scan}`,
    ...matched.slice(0, MOST_MATCHES).map((file) => `  ${matchLine(file)}`),
    ...(matched.length > MOST_MATCHES ? [`  and ${matched.length - MOST_MATCHES} more`] : []),
  ].join('\n');
}

const MOST_TYPES = 6;
const MOST_MATCHES = 20;

function matchLine(file: SeenFile): string {
  const ends = `${file.src_ip} to ${file.dst_ip} over ${file.app_name}`;
  return printable(`${scanText(file)}: ${nameText(file)} (${file.type}), ${ends}, SHA-256 ${file.sha256}`);
}

/** Name as far as policy lets it be stored. */
export function nameText({ name }: Pick<SeenFile, 'name'>): string {
  return name === '' ? '(no name)' : name === '*' ? '(name not stored)' : name;
}

/** Names of the rules that matched, else what scanning came to. */
export function scanText({ verdict, rules }: Pick<SeenFile, 'verdict' | 'rules'>): string {
  return verdict === 'matched' ? (JSON.parse(rules) as string[]).join(' ') : verdict;
}

/** In UTC, to the second. */
function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
