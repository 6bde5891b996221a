import { crc } from '../alaris/message.ts';
import { bytes, le16, le32 } from './bytes.ts';

/** Builders for messages on the serial interfaces of devices. */

/** `!COMMAND^argument|CRC` and a carriage return. */
export function alarisMessage(text: string): Uint8Array {
  return bytes(`!${text}|${crc(bytes(text)).toString(16).toUpperCase().padStart(4, '0')}\r`);
}

/** @param start ESC for a command, SOH for a response */
export function medibusMessage(start: 0x1b | 0x01, code: number, text = ''): Uint8Array {
  const body = bytes(start, code, text);
  const sum = body.reduce((total, byte) => total + byte, 0) & 0xff;
  return bytes(body, sum.toString(16).toUpperCase().padStart(2, '0'), 0x0d);
}

export interface DatexContent {
  readonly mainType: number;
  /** Types of the parts. */
  readonly parts: readonly number[];
  readonly level: number;
  readonly plug?: number;
  readonly content: Uint8Array;
}

/** A record of the S/5 interface between its flags, escaped. */
export function datexFrame({ mainType, parts, level, plug = 0, content }: DatexContent): Uint8Array {
  const descriptions = parts.map((type, index) => bytes(le16(index * 10), type));
  const list = bytes(...descriptions, 0, 0, 0xff, new Uint8Array(24)).subarray(0, 24);
  const length = 40 + content.length;
  const record = bytes(le16(length), 1, level, le16(plug), le32(1_700_000_000), le32(0), le16(mainType), list, content);
  const sum = record.reduce((total, byte) => total + byte, 0) & 0xff;
  const escaped = [...record, sum].flatMap((byte) => (byte === 0x7e || byte === 0x7d ? [0x7d, byte & 0xdf] : [byte]));
  return bytes(0x7e, Uint8Array.from(escaped), 0x7e);
}
