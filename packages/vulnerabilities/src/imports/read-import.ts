import { readJson } from '../reading/json-document.ts';
import { type Problem, type Reading, read, refuse } from '../reading/reading.ts';
import { OSQUERY, OSQUERY_LOG } from './agents/osquery.ts';
import { SOFTWARE_ROWS, WINGET_EXPORT } from './agents/software-json.ts';
import { REGISTRY_EXPORT, SOFTWARE_COLUMNS, SOFTWARE_CSV } from './agents/software-tables.ts';
import { WAZUH, WAZUH_LINES } from './agents/wazuh.ts';
import { BILLS } from './bills.ts';
import type { ImportContent, ImportFormat } from './format.ts';
import { MDS2 } from './forms/mds2.ts';
import { APK_DATABASE, APK_LIST, DPKG_LIST, DPKG_STATUS, RPM_LIST } from './packages/package-lists.ts';
import { GREENBONE } from './scanners/greenbone.ts';
import { GRYPE } from './scanners/grype.ts';
import { NESSUS } from './scanners/nessus.ts';
import { NMAP } from './scanners/nmap.ts';
import { QUALYS_CSV } from './scanners/qualys-csv.ts';
import { QUALYS_XML } from './scanners/qualys-xml.ts';
import { TRIVY } from './scanners/trivy.ts';
import { isArchive } from './source/archive.ts';
import { type Chunks, encodingOf, peek, textOfBytes, wholeOf } from './source/bytes.ts';
import { Unreadable } from './source/unreadable.ts';
import { rootOf } from './source/xml-root.ts';

/** Every form that is imported, the ones that say most plainly what they are first. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [
  NMAP,
  GREENBONE,
  NESSUS,
  QUALYS_XML,
  QUALYS_CSV,
  TRIVY,
  GRYPE,
  ...BILLS,
  WAZUH,
  WAZUH_LINES,
  OSQUERY,
  OSQUERY_LOG,
  WINGET_EXPORT,
  MDS2,
  DPKG_STATUS,
  APK_DATABASE,
  DPKG_LIST,
  RPM_LIST,
  APK_LIST,
  REGISTRY_EXPORT,
  SOFTWARE_COLUMNS,
  SOFTWARE_ROWS,
  SOFTWARE_CSV,
];

/** What a file says, and in which form. */
export interface ImportedFile extends ImportContent {
  readonly format: { readonly id: string; readonly title: string };
}

/**
 * Reads what another program says about software, weaknesses or security of devices. The form is told by the content. Documents
 * in XML are read as they come; everything else is held whole, up to 256 MB.
 *
 * @param formatId one of `IMPORT_FORMATS` where a person knows better
 * @returns reports with the rows that were left out, or why nothing could be read; never throws because of the content
 */
export async function readImport(chunks: Chunks, formatId?: string): Promise<Reading<ImportedFile>> {
  try {
    const { head, chunks: whole } = await peek(chunks);
    if (head.length === 0) return refuse('', 'is empty');
    const candidates = formatId === undefined ? IMPORT_FORMATS : IMPORT_FORMATS.filter(({ id }) => id === formatId);
    if (candidates.length === 0) return refuse('', `there is no format ${formatId}. Known: ${knownIds()}`);
    const { format, content } = await readAs(candidates, head, whole);
    if (isEmpty(content)) return refuseEmpty(format.title, content.problems);
    return read({ ...content, format: { id: format.id, title: format.title } });
  } catch (error) {
    if (error instanceof Unreadable) return { isRead: false, problems: error.problems };
    throw error;
  }
}

interface ReadFormat {
  readonly format: ImportFormat;
  readonly content: ImportContent;
}

async function readAs(formats: readonly ImportFormat[], head: Uint8Array, chunks: Chunks): Promise<ReadFormat> {
  if (isArchive(head)) {
    const format = formats.find(({ kind }) => kind === 'workbook');
    if (format?.kind === 'workbook') return { format, content: await format.read(await wholeOf(chunks)) };
    throw notKnown(formats);
  }
  const text = textOfBytes(head);
  const root = rootOf(text);
  if (root !== undefined) {
    const format = formats.find((one) => one.kind === 'xml' && one.roots.includes(root));
    if (format?.kind === 'xml') return { format, content: await format.read(chunks) };
    throw notKnown(formats, `its root element is ${root}`);
  }
  const bytes = await wholeOf(chunks);
  return (/^\s*[[{]/.test(text) ? readAsJson(formats, bytes) : undefined) ?? readAsText(formats, bytes);
}

/** @returns undefined where the text is no JSON, or of no known form */
function readAsJson(formats: readonly ImportFormat[], bytes: Uint8Array): ReadFormat | undefined {
  const isWide = encodingOf(bytes) !== 'utf-8';
  const json = readJson(isWide ? textOfBytes(bytes) : bytes);
  if (!json.isRead) return undefined;
  const format = formats.find((one) => one.kind === 'json' && one.isIt(json.value));
  return format?.kind === 'json' ? { format, content: format.read(json.value, bytes) } : undefined;
}

const HEAD_TEXT = 64 * 1024;

function readAsText(formats: readonly ImportFormat[], bytes: Uint8Array): ReadFormat {
  const text = textOfBytes(bytes)
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '');
  const head = text.slice(0, HEAD_TEXT);
  const format = formats.find((one) => one.kind === 'text' && one.isIt(head));
  if (format?.kind !== 'text') {
    const json = /^\s*[[{]/.test(head) ? readJson(text) : undefined;
    throw json?.isRead === false
      ? new Unreadable(json.problems[0]?.where ?? '', json.problems[0]?.what ?? 'is not JSON')
      : notKnown(formats);
  }
  return { format, content: format.read(text) };
}

function notKnown(formats: readonly ImportFormat[], found = ''): Unreadable {
  const [only, ...more] = formats;
  const wanted = only !== undefined && more.length === 0 ? only.title : `any known format (${knownIds()})`;
  return new Unreadable('', `is not ${wanted}${found === '' ? '' : `: ${found}`}`);
}

function knownIds(): string {
  return IMPORT_FORMATS.map(({ id }) => id).join(', ');
}

function isEmpty({ reports }: ImportContent): boolean {
  return reports.every(
    ({ evidence, software, weaknesses, form }) =>
      evidence.length === 0 && (software?.items.length ?? 0) === 0 && weaknesses === undefined && form === undefined,
  );
}

function refuseEmpty(title: string, problems: readonly Problem[]): Reading<never> {
  if (problems.length > 0) return { isRead: false, problems };
  return refuse('', `looks like ${title}, but says nothing about any device or software`);
}
