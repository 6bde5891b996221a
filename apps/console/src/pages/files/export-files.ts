import { downloadCsv } from '../../components/csv.ts';
import type { FileFilter } from './file-filter.ts';
import { rulesOf } from './file-words.ts';
import { readAllFiles } from './queries.ts';

/** A spreadsheet takes no more in comfort. */
const MOST = 50_000;
const HEADINGS = [
  ...['Seen', 'Name', 'Type', 'Media type', 'Kind', 'Not what its name says', 'Clinical', 'Size', 'Whole'],
  ...['From', 'From port', 'To', 'To port', 'Protocol', 'Way', 'Scan', 'Rules', 'Kept', 'MD5', 'SHA-1', 'SHA-256'],
  ...['Flow', 'File'],
];

/** Saves every file that fits the filter, in its order, with all three hashes. */
export async function downloadFiles(filter: FileFilter): Promise<void> {
  const files = await readAllFiles(filter, MOST);
  downloadCsv(
    'files.csv',
    HEADINGS,
    files.map((file) => [
      new Date(file.time).toISOString(),
      ...[file.name, file.type, file.media_type, file.category, String(file.is_mismatch), String(file.is_clinical)],
      ...[file.size, String(file.is_whole), file.src_ip, file.src_port, file.dst_ip, file.dst_port, file.app_name],
      ...[file.activity, file.verdict, rulesOf(file).join(' '), String(file.is_kept), file.md5, file.sha1, file.sha256],
      ...[file.flow_id, file.file_id],
    ]),
  );
}
