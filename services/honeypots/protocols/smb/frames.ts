const HEADER_BYTES = 4;
const MESSAGE = 0;
/** Session request of NetBIOS (RFC 1002 §4.3.2), which port 139 wants. */
const SESSION_REQUEST = 0x81;
const MAXIMUM_NAMES = 256;

/** What a connection over TCP carries of SMB. */
export interface Frames {
  /** Messages of SMB in their order; undefined where a session of NetBIOS is asked for. */
  readonly messages: readonly (Buffer | undefined)[];
  /** Bytes of a message that has not come whole. */
  readonly rest: Buffer;
  /** What follows is no SMB, or longer than it may be. */
  readonly isFaulty: boolean;
}

/** @param maximumMessage bytes of the longest message ([MS-SMB2] 2.1) */
export function splitFrames(bytes: Buffer, maximumMessage: number): Frames {
  const messages: (Buffer | undefined)[] = [];
  let rest = bytes;
  while (rest.length >= HEADER_BYTES) {
    const length = rest.readUIntBE(1, 3);
    const isRequest = rest[0] === SESSION_REQUEST && length < MAXIMUM_NAMES;
    if (!isRequest && (rest[0] !== MESSAGE || length > maximumMessage)) return { messages, rest, isFaulty: true };
    if (rest.length < HEADER_BYTES + length) break;
    messages.push(isRequest ? undefined : rest.subarray(HEADER_BYTES, HEADER_BYTES + length));
    rest = rest.subarray(HEADER_BYTES + length);
  }
  return { messages, rest, isFaulty: false };
}
