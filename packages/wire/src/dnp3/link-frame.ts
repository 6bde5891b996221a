import { hasBytes, littleWord16 } from '../bytes/match.ts';

/** Start octets, length, control, destination, source, CRC (IEEE 1815 §9.2.4). */
export const HEADER_BYTES = 10;
const BLOCK_BYTES = 16;
const CRC_BYTES = 2;
/** x¹⁶+x¹³+x¹²+x¹¹+x¹⁰+x⁸+x⁶+x⁵+x²+1, reflected (§9.2.4.3.7). */
const CRC_POLYNOMIAL = 0xa6bc;

/** @returns bytes of the whole frame; undefined where no frame starts like this */
export function frameLength(header: Uint8Array): number | undefined {
  const length = header[2] ?? 0;
  if (!hasBytes(header, [0x05, 0x64]) || length < 5) return undefined;
  const data = length - 5;
  return HEADER_BYTES + data + Math.ceil(data / BLOCK_BYTES) * CRC_BYTES;
}

/** The frame's user data without the checksums behind every sixteen bytes. */
export function userData(frame: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let offset = HEADER_BYTES; offset < frame.length; offset += BLOCK_BYTES + CRC_BYTES) {
    const end = Math.min(offset + BLOCK_BYTES, frame.length - CRC_BYTES);
    if (end > offset) blocks.push(frame.subarray(offset, end));
  }
  return new Uint8Array(Buffer.concat(blocks));
}

/** @returns whether the checksum behind every block of user data is right */
export function userDataIsRight(frame: Uint8Array): boolean {
  for (let offset = HEADER_BYTES; offset < frame.length; offset += BLOCK_BYTES + CRC_BYTES) {
    const end = Math.min(offset + BLOCK_BYTES, frame.length - CRC_BYTES);
    if (end <= offset || checksum(frame.subarray(offset, end)) !== littleWord16(frame, end)) return false;
  }
  return true;
}

/** @returns checksum as it is sent, low byte first */
export function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ CRC_POLYNOMIAL : crc >>> 1;
  }
  return ~crc & 0xffff;
}
