import type { Shown } from './shown.ts';

const RECORD_HEADER = 5;
const HANDSHAKE = 22;
/** ClientHello and ServerHello (RFC 8446 §4.1): later messages may carry the certificate of a person. */
const HELLOS = new Set([1, 2]);
const HANDSHAKE_HEADER = 4;

/** Heads of records, and the two hellos; no certificate and nothing that is encrypted. */
export function revealTls(bytes: Uint8Array, shown: Shown): void {
  for (let at = 0; at + RECORD_HEADER <= bytes.length; ) {
    const type = bytes[at] ?? 0;
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    if (type < 20 || type > 24 || bytes[at + 1] !== 3) return;
    const end = at + RECORD_HEADER + length;
    shown.show(at, at + RECORD_HEADER);
    if (type === HANDSHAKE) revealHandshake(bytes, at + RECORD_HEADER, Math.min(end, bytes.length), shown);
    at = end;
  }
}

function revealHandshake(bytes: Uint8Array, start: number, end: number, shown: Shown): void {
  for (let at = start; at + HANDSHAKE_HEADER <= end; ) {
    const length = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const next = at + HANDSHAKE_HEADER + length;
    // What does not fit into its record is encrypted or in pieces.
    if (next > end || !HELLOS.has(bytes[at] ?? 0)) return;
    shown.show(at, next);
    at = next;
  }
}
