import { type ImportedFile, readImport } from './read-import.ts';

const CHUNK_BYTES = 97;

/** @returns content cut into small pieces, as they may come from a file */
export function inPieces(content: string | Uint8Array): Uint8Array[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) pieces.push(bytes.subarray(at, at + CHUNK_BYTES));
  return pieces;
}

export async function readExample(content: string | Uint8Array, formatId?: string): Promise<ImportedFile> {
  const reading = await readImport(inPieces(content), formatId);
  if (!reading.isRead) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}
