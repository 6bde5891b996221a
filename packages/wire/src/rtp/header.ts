import { word16, word32 } from '../bytes/match.ts';

/** Header without contributing sources and extension (RFC 3550 §5.1). */
export const HEADER_BYTES = 12;
const VERSION = 2;
/** Second bytes of RTCP that may share the port (RFC 5761 §4): payload types 64 to 95 with the marker bit. */
const FIRST_CONTROL = 192;
const LAST_CONTROL = 223;

/** @returns whether it has the form of a media packet: that proves little, since only two bits are fixed */
export function isMediaPacket(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return first >>> 6 === VERSION && bytes.length >= HEADER_BYTES && !isControl(second) && payloadOffset(bytes) > 0;
}

/** @returns whether it has the form of a control packet (RTCP) on the port of its media */
export function isControlPacket(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >>> 6 === VERSION && isControl(bytes[1] ?? 0);
}

function isControl(second: number): boolean {
  return second >= FIRST_CONTROL && second <= LAST_CONTROL;
}

export const payloadType = (bytes: Uint8Array): number => (bytes[1] ?? 0) & 0x7f;
export const sequenceNumber = (bytes: Uint8Array): number => word16(bytes, 2);
export const timestamp = (bytes: Uint8Array): number => word32(bytes, 4);
export const source = (bytes: Uint8Array): number => word32(bytes, 8);

/** @returns where the payload begins, behind contributing sources and extension; 0 where they do not fit */
export function payloadOffset(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0;
  let offset = HEADER_BYTES + (first & 15) * 4;
  if ((first & 0x10) !== 0) {
    if (bytes.length < offset + 4) return 0;
    offset += 4 + word16(bytes, offset + 2) * 4;
  }
  return offset <= bytes.length ? offset : 0;
}
