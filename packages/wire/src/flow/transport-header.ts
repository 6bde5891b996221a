// Hot path, guarded by bench/analyze.ts.

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/** Ports and, for TCP, sequence and flags. Reused for every packet. */
export class TransportHeader {
  sourcePort = 0;
  destinationPort = 0;
  flags = 0;
  sequence = 0;
  windowSize = 0;
  headerOffset = 0;
  payloadOffset = 0;
}

/** RFC 9293 §3.1. @returns false when the header is not whole or tells a wrong length */
export function parseTcp(header: TransportHeader, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 20) return false;
  const length = ((bytes[offset + 12] ?? 0) >>> 4) * 4;
  if (length < 20 || end - offset < length) return false;
  header.sourcePort = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  header.destinationPort = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  header.sequence =
    (((bytes[offset + 4] ?? 0) << 24) |
      ((bytes[offset + 5] ?? 0) << 16) |
      ((bytes[offset + 6] ?? 0) << 8) |
      (bytes[offset + 7] ?? 0)) >>>
    0;
  header.flags = bytes[offset + 13] ?? 0;
  header.windowSize = ((bytes[offset + 14] ?? 0) << 8) | (bytes[offset + 15] ?? 0);
  header.headerOffset = offset;
  header.payloadOffset = offset + length;
  return true;
}

/** RFC 768. @returns false when the header is not whole */
export function parseUdp(header: TransportHeader, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 8) return false;
  header.sourcePort = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  header.destinationPort = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  header.flags = 0;
  header.headerOffset = offset;
  header.payloadOffset = offset + 8;
  return true;
}

/** The ports of SCTP (RFC 9260 §3.1), where the payload is its chunks. @returns false when the header is not whole */
export function parseSctp(header: TransportHeader, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 12) return false;
  header.sourcePort = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  header.destinationPort = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  header.flags = 0;
  header.headerOffset = offset;
  header.payloadOffset = offset + 12;
  return true;
}

/** Different fingerprints that are remembered; a network shows some hundreds. */
const MAXIMUM_FINGERPRINTS = 4096;
/** As many option kinds as fit into a number, of this many bits each, are looked up. */
const MAXIMUM_KEY_KINDS = 10;
const KIND_VALUES = 32;

/**
 * What a SYN tells about the operating system: window, options in their order, segment size, window scale. For example
 * `64240:2,4,8,1,3:1460:7`. Each text is made once: most hosts look like many others.
 */
export class SynFingerprints {
  /** By kinds of options, then by the other numbers. */
  readonly #known = new Map<number, Map<number, string>>();
  #count = 0;

  of(header: TransportHeader, bytes: Uint8Array): string {
    let kinds = 1;
    let isKey = true;
    let segmentSize = 0;
    let scale = 0;
    let count = 0;
    for (let position = header.headerOffset + 20; position < header.payloadOffset; count++) {
      const kind = bytes[position] ?? 0;
      if (kind >= KIND_VALUES || count >= MAXIMUM_KEY_KINDS) isKey = false;
      kinds = kinds * KIND_VALUES + kind;
      if (kind === 0) break;
      const length = kind === 1 ? 1 : (bytes[position + 1] ?? 0);
      if (length === 0) break;
      if (kind === 2) segmentSize = ((bytes[position + 2] ?? 0) << 8) | (bytes[position + 3] ?? 0);
      if (kind === 3) scale = bytes[position + 2] ?? 0;
      position += length;
    }
    if (!isKey) return fingerprint(header, bytes, segmentSize, scale);
    const numbers = (header.windowSize * 0x10000 + segmentSize) * 0x100 + scale;
    return (
      this.#known.get(kinds)?.get(numbers) ??
      this.#remember(kinds, numbers, fingerprint(header, bytes, segmentSize, scale))
    );
  }

  #remember(kinds: number, numbers: number, text: string): string {
    if (this.#count >= MAXIMUM_FINGERPRINTS) {
      this.#known.clear();
      this.#count = 0;
    }
    const others = this.#known.get(kinds) ?? new Map<number, string>();
    this.#known.set(kinds, others.set(numbers, text));
    this.#count += 1;
    return text;
  }
}

function fingerprint(header: TransportHeader, bytes: Uint8Array, segmentSize: number, scale: number): string {
  const kinds: number[] = [];
  for (let position = header.headerOffset + 20; position < header.payloadOffset; ) {
    const kind = bytes[position] ?? 0;
    kinds.push(kind);
    const length = kind === 1 ? 1 : (bytes[position + 1] ?? 0);
    if (kind === 0 || length === 0) break;
    position += length;
  }
  return `${header.windowSize}:${kinds.join()}:${segmentSize}:${scale}`;
}
