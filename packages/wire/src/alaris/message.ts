import { latin1 } from '../bytes/text.ts';

const MESSAGE = /^!([A-Z][A-Z_]{1,31})((?:\^[^|^\r]{0,64}){0,32})\|([0-9A-F]{4})$/;
const START = 0xffff;
const POLYNOMIAL = 0x1021;
/** Commands without arguments that change what the pump does. */
const DEEDS: ReadonlySet<string> = new Set(['INF_START', 'INF_STOP', 'INF_BOLUS_START', 'INF_BOLUS_STOP']);

/** `!COMMAND^argument^…|CRC` (Alaris Asena communications protocol). */
export interface AlarisMessage {
  readonly command: string;
  readonly values: readonly string[];
  /** Said by a controller, it changes what the pump does. */
  readonly isChange: boolean;
}

/** @returns undefined where form or checksum are not those of a message */
export function parseAlaris(bytes: Uint8Array): AlarisMessage | undefined {
  const text = latin1(bytes);
  const [, command, list = '', checksum = ''] = MESSAGE.exec(text) ?? [];
  const end = bytes.indexOf(0x7c);
  if (command === undefined || crc(bytes.subarray(1, end)) !== Number.parseInt(checksum, 16)) return undefined;
  const values = list === '' ? [] : list.slice(1).split('^');
  return { command, values, isChange: values.length > 0 || DEEDS.has(command) };
}

/** CRC-16 of the CCITT, begun with ones, over what stands between `!` and `|`. */
export function crc(bytes: Uint8Array): number {
  let value = START;
  for (const byte of bytes) {
    value ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ ((value & 0x8000) === 0 ? 0 : POLYNOMIAL)) & 0xffff;
  }
  return value;
}
