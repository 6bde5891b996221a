import { latin1 } from '../bytes/text.ts';

export const ESC = 0x1b;
export const SOH = 0x01;
const CHECKSUM_CHARACTERS = 2;
const SHORTEST = 4;

/** Commands (MEDIBUS for Dräger intensive care devices, chapter "Commands"). */
const COMMANDS: ReadonlyMap<number, string> = new Map([
  [0x15, 'corrupt'],
  [0x24, 'measured data'],
  [0x25, 'low alarm limits'],
  [0x26, 'high alarm limits'],
  [0x27, 'alarms'],
  [0x28, 'date and time'],
  [0x29, 'device settings'],
  [0x2a, 'text messages'],
  [0x2b, 'measured data'],
  [0x2c, 'low alarm limits'],
  [0x2d, 'high alarm limits'],
  [0x2e, 'alarms'],
  [0x30, 'no operation'],
  [0x49, 'time changed'],
  [0x4a, 'configure response'],
  [0x51, 'initialise communication'],
  [0x52, 'device identification'],
  [0x53, 'realtime configuration'],
  [0x54, 'configure realtime transmission'],
  [0x55, 'stop communication'],
]);

/** Negative answer: what was received was corrupt. */
export const CORRUPT = 0x15;
export const IDENTIFICATION = 0x52;

export interface MedibusMessage {
  readonly isResponse: boolean;
  readonly code: number;
  readonly text: string;
}

/** @returns undefined where command or checksum are not those of a message: the sum of all bytes before it, two digits */
export function parseMedibus(bytes: Uint8Array): MedibusMessage | undefined {
  const [first = 0, code = 0] = bytes;
  if (bytes.length < SHORTEST || (first !== ESC && first !== SOH) || !COMMANDS.has(code)) return undefined;
  const end = bytes.length - CHECKSUM_CHARACTERS;
  let sum = 0;
  for (let at = 0; at < end; at++) sum += bytes[at] ?? 0;
  const expected = (sum & 0xff).toString(16).toUpperCase().padStart(CHECKSUM_CHARACTERS, '0');
  if (latin1(bytes, end, bytes.length) !== expected) return undefined;
  return { isResponse: first === SOH, code, text: latin1(bytes, 2, end) };
}

export function commandName(code: number): string {
  return COMMANDS.get(code) ?? '';
}

/** Number, name in quotation marks, version of software and of MEDIBUS. */
const IDENTITY = /^([0-9A-F]{4})'([^']{1,32})'\s?(\d\d\.\d\d)?/;

export function readIdentity(text: string): { deviceId: string; model: string; version: string } {
  const [, deviceId = '', model = '', version = ''] = IDENTITY.exec(text) ?? [];
  return { deviceId, model: model.trim(), version };
}
