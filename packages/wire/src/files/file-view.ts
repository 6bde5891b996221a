import type { TransactionView } from '../inspector.ts';
import type { FileRecord } from './types.ts';

/**
 * What rules see of a file: its first bytes, name, type, size and hashes, named as Suricata names them.
 *
 * @param name as the sender calls it
 * @param head first bytes
 */
export function fileView(record: FileRecord, name: string, head: Uint8Array): TransactionView {
  return {
    protocol: record.protocol,
    buffers: {
      ...(head.length === 0 ? {} : { 'file.data': [head] }),
      ...fileFacts(record, name),
    },
    numbers: { filesize: [record.sizeBytes] },
  };
}

/** What is known of a file beside its bytes. */
export function fileFacts(record: FileRecord, name: string): TransactionView['buffers'] {
  const facts = {
    'file.name': name,
    'file.magic': record.typeDescription,
    'file.md5': record.md5,
    'file.sha1': record.sha1,
    'file.sha256': record.sha256,
  };
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, text]) => text !== '')
      .map(([key, text]) => [key, [new Uint8Array(Buffer.from(text, 'latin1'))]]),
  );
}
