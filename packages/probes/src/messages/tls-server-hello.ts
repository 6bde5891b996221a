// What the room of TLS does not tell: compression and extensions of a server hello (RFC 5246 §7.4.1.3).

const RECORD_HEADER_BYTES = 5;
const HANDSHAKE = 22;
const ALERT = 21;
const SERVER_HELLO = 2;
const SERVER_HELLO_DONE = 14;

export interface ServerHello {
  /** As in the hello itself: of TLS 1.3 it is that of 1.2. */
  readonly version: number;
  readonly cipher: number;
  readonly compression: number;
  readonly extensions: ReadonlySet<number>;
}

/** Handshake bytes of all whole records so far. @returns undefined when an alert or something else came */
function handshakeBytes(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 3);
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3) return parts.length === 0 ? undefined : Buffer.concat(parts);
    const end = at + RECORD_HEADER_BYTES + length;
    if (end > bytes.length) break;
    parts.push(bytes.subarray(at + RECORD_HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** @returns undefined when the answer holds no server hello */
export function readServerHello(bytes: Buffer): ServerHello | undefined {
  const handshake = handshakeBytes(bytes);
  if (handshake === undefined || handshake[0] !== SERVER_HELLO || handshake.length < 4) return undefined;
  const body = handshake.subarray(4, 4 + handshake.readUIntBE(1, 3));
  const sessionBytes = body[34] ?? 0;
  const at = 35 + sessionBytes;
  if (body.length < at + 3) return undefined;
  const hello = { version: body.readUInt16BE(0), cipher: body.readUInt16BE(at), compression: body[at + 2] ?? 0 };
  return { ...hello, extensions: extensionsOf(body.subarray(at + 3)) };
}

function extensionsOf(bytes: Buffer): Set<number> {
  const types = new Set<number>();
  for (let at = 2; at + 4 <= bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) types.add(bytes.readUInt16BE(at));
  return types;
}

/** Whether the server has said all that it says by itself: the end of its flight, an alert, or the encrypted part of TLS 1.3. */
export function isFlightOver(bytes: Buffer): boolean {
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const type = bytes[at];
    if (type === ALERT || (type !== HANDSHAKE && type !== undefined)) return true;
    at += RECORD_HEADER_BYTES + bytes.readUInt16BE(at + 3);
  }
  const handshake = handshakeBytes(bytes) ?? Buffer.alloc(0);
  for (let at = 0; at + 4 <= handshake.length; at += 4 + handshake.readUIntBE(at + 1, 3)) {
    if (handshake[at] === SERVER_HELLO_DONE) return true;
  }
  return false;
}
