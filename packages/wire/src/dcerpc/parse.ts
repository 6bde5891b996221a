import { hasBytes } from '../bytes/match.ts';

/** Common header of connection-oriented PDUs (C706 §12.6.3.1). */
export const HEADER_BYTES = 16;
/** Header of connectionless PDUs (§12.5.2.1). */
export const DATAGRAM_HEADER_BYTES = 80;
const IS_LITTLE_ENDIAN = 0x10;
const MAXIMUM_CONTEXTS = 16;

export const TYPES: Readonly<Record<number, string>> = {
  0: 'request',
  2: 'response',
  3: 'fault',
  11: 'bind',
  12: 'bind-acknowledgement',
  13: 'bind-refusal',
  14: 'alter-context',
  15: 'alter-context-response',
  16: 'authentication',
  17: 'shutdown',
  18: 'cancel',
  19: 'orphaned',
};

/** One PDU. */
export interface RpcPdu {
  readonly type: string;
  readonly callId: number;
  readonly contextId: number;
  /** −1 where there is none. */
  readonly operation: number;
  /** Interfaces that a bind names, by context id; a request over datagrams has one. */
  readonly interfaces: ReadonlyMap<number, string>;
  /** Status of a fault, reason of a refusal; 0 otherwise. */
  readonly status: number;
  /** Only the first fragment of a call tells something. */
  readonly isFirst: boolean;
  readonly hasAuthentication: boolean;
}

/** @returns readers of numbers, little or big endian as the representation says (§14.1); 0 where the PDU is too short */
export function pduFormat(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = ((bytes[4] ?? 0) & IS_LITTLE_ENDIAN) !== 0;
  const u16 = (offset: number) => (offset + 2 <= bytes.length ? view.getUint16(offset, isLittle) : 0);
  const u32 = (offset: number) => (offset + 4 <= bytes.length ? view.getUint32(offset, isLittle) : 0);
  return { isLittle, u16, u32 };
}

/** @param bytes at least a header */
export function parsePdu(bytes: Uint8Array): RpcPdu {
  const { isLittle, u16, u32 } = pduFormat(bytes);
  const type = TYPES[bytes[2] ?? 255] ?? '';
  const isRequest = type === 'request';
  const isBind = type === 'bind' || type === 'alter-context';
  return {
    type,
    callId: u32(12),
    contextId: isRequest || type === 'response' || type === 'fault' ? u16(20) : -1,
    operation: isRequest ? u16(22) : -1,
    interfaces: isBind ? readContexts(bytes, isLittle) : new Map(),
    status: type === 'fault' ? u32(24) : type === 'bind-refusal' ? u16(16) : 0,
    isFirst: ((bytes[3] ?? 0) & 1) !== 0,
    hasAuthentication: u16(10) > 0,
  };
}

/** §12.6.4.3: sizes, group, count; of each context its id, number of transfer syntaxes, interface and version. */
function readContexts(bytes: Uint8Array, isLittle: boolean): ReadonlyMap<number, string> {
  const interfaces = new Map<number, string>();
  const count = Math.min(bytes[24] ?? 0, MAXIMUM_CONTEXTS);
  let offset = 28;
  for (let index = 0; index < count && offset + 24 <= bytes.length; index++) {
    const id = isLittle
      ? (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8)
      : ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
    interfaces.set(id, uuidAt(bytes, offset + 4, isLittle));
    offset += 24 + (bytes[offset + 2] ?? 0) * 20;
  }
  return interfaces;
}

/** Connectionless: version 4, then type, flags, representation, object, interface, activity (§12.5.2). */
export function parseDatagramPdu(bytes: Uint8Array): RpcPdu | undefined {
  const [version, code = 255] = bytes;
  const type = DATAGRAM_TYPES[code];
  if (version !== 4 || type === undefined || bytes.length < DATAGRAM_HEADER_BYTES) return undefined;
  const isLittle = ((bytes[4] ?? 0) & IS_LITTLE_ENDIAN) !== 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    type,
    callId: view.getUint32(56, isLittle),
    contextId: 0,
    operation: view.getUint16(68, isLittle),
    interfaces: new Map([[0, uuidAt(bytes, 24, isLittle)]]),
    status:
      type === 'fault' && bytes.length >= DATAGRAM_HEADER_BYTES + 4
        ? view.getUint32(DATAGRAM_HEADER_BYTES, isLittle)
        : 0,
    isFirst: true,
    hasAuthentication: (bytes[79] ?? 0) !== 0,
  };
}

/** §12.5.2.8. */
const DATAGRAM_TYPES: Readonly<Record<number, string>> = {
  0: 'request',
  1: 'ping',
  2: 'response',
  3: 'fault',
  4: 'working',
  5: 'no-call',
  6: 'reject',
  7: 'acknowledgement',
  8: 'cancel',
  9: 'fragment-acknowledgement',
  10: 'cancel-acknowledgement',
};

/** @returns whether the header of a connection-oriented PDU is sound: version 5, a known type, length of the fragment */
export function fragmentLength(header: Uint8Array): number | undefined {
  const isVersion = hasBytes(header, [5]) && (header[1] ?? 255) <= 1;
  const isRepresentation = ((header[4] ?? 255) & 0xef) === 0 && hasBytes(header, [0, 0, 0], 5);
  const isLittle = ((header[4] ?? 0) & IS_LITTLE_ENDIAN) !== 0;
  const [low = 0, high = 0] = isLittle ? header.subarray(8, 10) : [header[9], header[8]];
  const length = low | (high << 8);
  return isVersion && isRepresentation && (header[2] ?? 255) in TYPES && length >= HEADER_BYTES ? length : undefined;
}

/** @returns a UUID as text, its first three parts in the byte order of the PDU (C706 appendix A) */
export function uuidAt(bytes: Uint8Array, offset: number, isLittle: boolean): string {
  const hex = (start: number, length: number, isSwapped: boolean) => {
    const part = Buffer.from(bytes.subarray(offset + start, offset + start + length));
    return (isSwapped ? part.reverse() : part).toString('hex');
  };
  const [a, b, c] = [hex(0, 4, isLittle), hex(4, 2, isLittle), hex(6, 2, isLittle)];
  return `${a}-${b}-${c}-${hex(8, 2, false)}-${hex(10, 6, false)}`;
}
