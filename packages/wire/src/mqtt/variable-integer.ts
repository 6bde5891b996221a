import type { ByteCursor } from '../bytes/byte-cursor.ts';

/** MQTT 5 §1.5.5: seven bits a byte, the least significant first, four bytes at most. */
export function variableInteger(cursor: ByteCursor): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = cursor.uint8();
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) === 0) break;
  }
  return value;
}
