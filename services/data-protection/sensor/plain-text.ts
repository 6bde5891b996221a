import { isUtf8 } from 'node:buffer';

/** Bytes at the begin that decide whether this is text. */
const SAMPLE_BYTES = 512;
/** Part of them that may be no text: what frames text (MLLP, lengths, headers) is short. */
const BINARY_SHARE = 0.3;
const ESCAPED = /(?:%[0-9A-Fa-f]{2})+/g;

/** @returns the bytes as text, escapes of forms and URLs undone; empty where they are none */
export function plainText(bytes: Uint8Array): string {
  if (isBinary(bytes)) return '';
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1');
  return text.includes('%') ? text.replace(ESCAPED, unescaped) : text;
}

function isBinary(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, SAMPLE_BYTES);
  let binary = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) binary += 1;
    else if (byte === 0x7f) binary += 1;
  }
  return binary > length * BINARY_SHARE;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return Buffer.from(text.replaceAll('%', ''), 'hex').toString('latin1');
  }
}
