import type { DatexRecord } from './types.ts';

const ESCAPE = 0x7d;
const ESCAPED_BIT = 0x20;
/** Length, number, level, plug, time, reserved, main type, eight descriptions of parts. */
const HEADER_BYTES = 40;
const MAIN_TYPE = 14;
const FIRST_PART = 16;
const PART_BYTES = 3;
const MAXIMUM_PARTS = 8;
const END_OF_PARTS = 0xff;
/** Part of a request for transmission. */
const REQUEST = 0;
const HIGHEST_LEVEL = 15;

const CONTENTS: ReadonlyMap<number, DatexRecord['content']> = new Map([
  [0, 'physiological data'],
  [1, 'waveforms'],
  [4, 'alarms'],
  [5, 'network'],
  [8, 'fluids'],
]);
/** Parts of physiological data. */
const VALUES = ['', 'display values', '10 s trend', '60 s trend', 'auxiliary information'];

export type Described = Pick<DatexRecord, 'activity' | 'content' | 'parts' | 'level' | 'plug' | 'bytes'>;

/**
 * One frame: a record with its checksum, the sum of its bytes (S/5 computer interface, "Asynchronous interface").
 *
 * @param frame what stands between two flags, with its escapes; a flag at its beginning is passed over
 * @returns undefined where length, checksum or header are not those of a record
 */
export function parseDatex(frame: Uint8Array): Described | undefined {
  const bytes = withoutEscapes(frame);
  const end = bytes.length - 1;
  if (end < HEADER_BYTES) return undefined;
  const length = word(bytes, 0);
  const [level = 0, mainType] = [bytes[3], word(bytes, MAIN_TYPE)];
  const content = CONTENTS.get(mainType);
  let sum = 0;
  for (let at = 0; at < end; at++) sum += bytes[at] ?? 0;
  if (length !== end || (sum & 0xff) !== bytes[end] || level > HIGHEST_LEVEL || content === undefined) return undefined;
  const types = partsOf(bytes);
  const isRequest = types[0] === REQUEST && (mainType === 0 || mainType === 1 || mainType === 4);
  return {
    activity: isRequest ? 'request' : 'data',
    content,
    parts: isRequest ? [] : types.map((type) => (mainType === 0 ? (VALUES[type] ?? String(type)) : String(type))),
    level,
    plug: word(bytes, 4),
    bytes: length,
  };
}

function partsOf(bytes: Uint8Array): readonly number[] {
  const types: number[] = [];
  for (let part = 0; part < MAXIMUM_PARTS; part++) {
    const type = bytes[FIRST_PART + part * PART_BYTES + 2] ?? END_OF_PARTS;
    if (type === END_OF_PARTS) break;
    // Where the list is not ended, the rest is empty.
    if (part > 0 && type === 0 && word(bytes, FIRST_PART + part * PART_BYTES) === 0) break;
    types.push(type);
  }
  return types;
}

function word(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}

function withoutEscapes(frame: Uint8Array): Uint8Array {
  const start = frame[0] === 0x7e ? 1 : 0;
  if (!frame.includes(ESCAPE)) return frame.subarray(start);
  const bytes = new Uint8Array(frame.length);
  let length = 0;
  for (let at = start; at < frame.length; at++) {
    const isEscape = frame[at] === ESCAPE;
    if (isEscape) at += 1;
    bytes[length++] = (frame[at] ?? 0) | (isEscape ? ESCAPED_BIT : 0);
  }
  return bytes.subarray(0, length);
}
