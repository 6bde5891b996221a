const SIGNATURES: readonly (readonly [kind: string, at: number, signature: string])[] = [
  ['ELF program', 0, '\x7fELF'],
  ['Windows program', 0, 'MZ'],
  ['script', 0, '#!'],
  ['DICOM object', 128, 'DICM'],
  ['HL7 message', 0, 'MSH|'],
  ['PDF document', 0, '%PDF'],
  ['ZIP archive', 0, 'PK\x03\x04'],
  ['gzip archive', 0, '\x1f\x8b'],
  ['Office document', 0, '\xd0\xcf\x11\xe0'],
  ['PHP script', 0, '<?php'],
];
const HEAD_BYTES = 512;
const LINE_BREAKS_AND_TAB = new Set([9, 10, 13]);

/** @returns what the first bytes say it is */
export function sampleKind(content: Uint8Array): string {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, HEAD_BYTES));
  const text = head.toString('latin1');
  const found = SIGNATURES.find(([, at, signature]) => text.startsWith(signature, at))?.[0];
  if (found !== undefined) return found;
  return head.every((byte) => byte >= 32 || LINE_BREAKS_AND_TAB.has(byte)) ? 'text' : 'data';
}
