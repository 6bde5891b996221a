import { cleanText } from '../bytes/text.ts';
import type { AstmMessage } from './types.ts';

const MAXIMUM_RECORDS = 10_000;
const MAXIMUM_FIELD = 64;
/** ASTM E1394-97 §6 (LIS2-A2 §6). */
const KINDS: Readonly<Record<string, string>> = {
  H: 'header',
  P: 'patient',
  O: 'order',
  R: 'result',
  C: 'comment',
  Q: 'query',
  M: 'manufacturer',
  S: 'scientific',
  L: 'terminator',
};

type Header = Pick<
  AstmMessage,
  'sender' | 'receiver' | 'processingId' | 'version' | 'hasPassword' | 'records' | 'results' | 'termination'
>;

/** @returns what a message says of its sender and of its own kind; undefined where it has no header record */
export function readAstm(text: string): Header | undefined {
  const records = text.split(/\r\n|\r|\n/, MAXIMUM_RECORDS);
  const header = records.find((record) => /^H[^0-9A-Za-z]/.test(record));
  const delimiter = header?.[1];
  if (header === undefined || delimiter === undefined) return undefined;
  const component = header[3] ?? '^';
  const fields = header.split(delimiter);
  const field = (number: number) => cleanText((fields[number - 1] ?? '').replaceAll(component, ' '), MAXIMUM_FIELD);
  const own = records.filter((record) => record.length === 1 || record[1] === delimiter);
  const terminator = own.find((record) => record.startsWith('L'))?.split(delimiter)[2] ?? '';
  return {
    sender: field(5),
    receiver: field(10),
    processingId: field(12).slice(0, 1),
    version: field(13),
    hasPassword: field(4) !== '',
    records: [...new Set(own.flatMap((record) => KINDS[record[0] ?? ''] ?? []))],
    results: own.filter((record) => record.startsWith('R')).length,
    termination: /^[A-Z]$/.test(terminator) ? terminator : '',
  };
}
