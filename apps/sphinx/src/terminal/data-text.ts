import type { Medium, Severity } from '@sphinx/schema';
import { printable, renderTable } from './table.ts';

/** Kinds and counts of what a text holds. */
export interface DataCounts {
  readonly identifiers: Readonly<Record<string, number>>;
  readonly records: Readonly<Record<string, number>>;
  readonly terms: number;
}

/** A transfer as the API lists it. */
export interface DataTransfer {
  readonly id: string;
  readonly senderIp: string;
  readonly receiverIp: string;
  readonly receiverName: string;
  readonly cloudService: string | null;
  readonly protocol: string;
  readonly bytes: number;
  readonly counts: DataCounts;
  readonly lastSeen: number;
  readonly rule: string | null;
  readonly severity: Severity | null;
}

export interface DataReceiver {
  readonly receiver: string;
  readonly title: string;
  readonly place: string;
  readonly transfers: number;
  readonly forbidden: number;
  readonly persons: number;
  readonly bytes: number;
  readonly senders: number;
}

export interface DataKind {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly country: string | null;
}

/** A removable medium on one device, as the API lists it. */
export interface RemovableMedium {
  readonly host: string;
  readonly medium: Medium;
  readonly users: readonly string[];
  readonly attached: number;
  readonly filesWritten: number;
  readonly bytesWritten: number;
  readonly patients: number;
  readonly lastSeen: number;
}

/** "nl-bsn 2, hl7v2 1, 7 words of medicine"; empty where there is nothing. */
export function countsText({ identifiers, records, terms }: DataCounts): string {
  const counted = [...Object.entries(records), ...Object.entries(identifiers)].map(([id, count]) => `${id} ${count}`);
  return [...counted, ...(terms === 0 ? [] : [`${terms} ${terms === 1 ? 'word' : 'words'} of medicine`])].join(', ');
}

/** Transfers as a table, one a line. */
export function transferTable(transfers: readonly DataTransfer[]): string {
  return renderTable(transfers, [
    { title: 'Seen', value: ({ lastSeen }) => new Date(lastSeen).toISOString().slice(0, 16).replace('T', ' ') },
    { title: 'Judgement', value: ({ rule, severity }) => (rule === null ? 'noted' : `${severity ?? ''}: ${rule}`) },
    { title: 'What', value: ({ counts }) => countsText(counts) },
    { title: 'From', value: ({ senderIp }) => senderIp },
    { title: 'To', value: (each) => printable(each.cloudService ?? (each.receiverName || each.receiverIp)) },
    { title: 'Over', value: ({ protocol }) => protocol },
    { title: 'Bytes', value: ({ bytes }) => bytes.toLocaleString('en'), align: 'right' },
  ]);
}

/** Receivers as a table, those first that get what is forbidden. */
export function receiverTable(receivers: readonly DataReceiver[]): string {
  const number = (value: number) => value.toLocaleString('en');
  return renderTable(receivers, [
    { title: 'Receiver', value: ({ title }) => printable(title) },
    { title: 'Where', value: ({ place }) => place },
    { title: 'Forbidden', value: ({ forbidden }) => number(forbidden), align: 'right' },
    { title: 'Transfers', value: ({ transfers }) => number(transfers), align: 'right' },
    { title: 'Persons', value: ({ persons }) => number(persons), align: 'right' },
    { title: 'Bytes', value: ({ bytes }) => number(bytes), align: 'right' },
    { title: 'Senders', value: ({ senders }) => number(senders), align: 'right' },
  ]);
}

/** Removable media as a table, those used last first. */
export function mediaTable(media: readonly RemovableMedium[]): string {
  const number = (value: number) => value.toLocaleString('en');
  return renderTable(media, [
    { title: 'Last', value: ({ lastSeen }) => new Date(lastSeen).toISOString().slice(0, 16).replace('T', ' ') },
    { title: 'Device', value: ({ host }) => printable(host) },
    { title: 'Medium', value: ({ medium }) => printable(mediumText(medium)) },
    { title: 'Serial number', value: ({ medium }) => printable(medium.serial) },
    { title: 'Used by', value: ({ users }) => printable(users.join(', ')) },
    { title: 'Put in', value: ({ attached }) => number(attached), align: 'right' },
    { title: 'Files written', value: ({ filesWritten }) => number(filesWritten), align: 'right' },
    { title: 'Bytes', value: ({ bytesWritten }) => number(bytesWritten), align: 'right' },
    { title: 'Patients', value: ({ patients }) => number(patients), align: 'right' },
  ]);
}

function mediumText({ kind, maker, product }: Medium): string {
  return [kind, maker, product].filter((word) => word !== '').join(' ');
}

/** What is recognised, as a table. */
export function kindTable(kinds: readonly DataKind[]): string {
  return renderTable(kinds, [
    { title: 'Id', value: ({ id }) => id },
    { title: 'What', value: ({ title }) => title },
    { title: 'Kind', value: ({ kind }) => kind },
    { title: 'Country', value: ({ country }) => country ?? '' },
  ]);
}

/** Files with what was found in each. */
export function scanTable(files: readonly { readonly path: string; readonly counts: DataCounts }[]): string {
  return renderTable(files, [
    { title: 'File', value: ({ path }) => printable(path) },
    { title: 'Found', value: ({ counts }) => countsText(counts) || 'nothing' },
  ]);
}
