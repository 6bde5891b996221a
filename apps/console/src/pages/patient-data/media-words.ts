import type { MediaAction, MediaUse, Medium, MediumKind } from '@sphinx/schema';
import { formatQuantity } from '../../components/format.ts';

const KINDS: Readonly<Record<MediumKind, string>> = {
  'usb-storage': 'USB storage',
  phone: 'Phone or camera',
  disc: 'Disc',
  'memory-card': 'Memory card',
  other: 'Removable medium',
};

const ACTIONS: Readonly<Record<MediaAction, string>> = {
  attached: 'Put in',
  mounted: 'Mounted',
  removed: 'Taken out',
  blocked: 'Kept out by a policy',
  written: 'Written',
  read: 'Read',
  deleted: 'Deleted',
  run: 'Program run from it',
  exported: 'Patient data exported',
};

/** Files by the ends of their names. */
const FILE_KINDS: Readonly<Record<string, readonly [singular: string, plural: string]>> = {
  dicom: ['DICOM file', 'DICOM files'],
  record: ['medical record', 'medical records'],
  table: ['table', 'tables'],
  document: ['document', 'documents'],
  picture: ['picture', 'pictures'],
  video: ['video', 'videos'],
  archive: ['archive', 'archives'],
  database: ['database', 'databases'],
  mail: ['mailbox', 'mailboxes'],
  key: ['key', 'keys'],
  program: ['program', 'programs'],
  other: ['other file', 'other files'],
};

/** "USB storage, SanDisk Ultra". */
export function mediumWords({ kind, maker, product }: Medium): string {
  const name = [maker, product].filter((word) => word !== '').join(' ');
  return name === '' ? KINDS[kind] : `${KINDS[kind]}, ${name}`;
}

/** "12 DICOM files, 3 tables", the most first; empty where no file is told. */
export function fileKindWords(kinds: Readonly<Record<string, number>>): string {
  return Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => formatQuantity(count, ...(FILE_KINDS[kind] ?? [kind, kind])))
    .join(', ');
}

export function actionWords({ action, drive, patients }: MediaUse): string {
  const words = drive === '' ? ACTIONS[action] : `${ACTIONS[action]}, drive ${drive}`;
  return patients === 0 ? words : `${words}, ${formatQuantity(patients, 'patient')}`;
}
