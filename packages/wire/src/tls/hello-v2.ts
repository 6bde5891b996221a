import { word16 } from '../bytes/match.ts';

/** Length with its first bit set, type, version, three lengths (RFC 5246 appendix E.2). */
const HEADER_BYTES = 11;
const LENGTH_BYTES = 2;
const IS_SHORT_HEADER = 0x80;
const CLIENT_HELLO = 1;
const SSL_2 = 0x0002;
const RANDOM_BYTES = 32;
const SHORTEST_CHALLENGE = 16;
const SPECIFICATION_BYTES = 3;

/**
 * The hello of SSL 2, with which old clients offer later versions too (RFC 5246 appendix E.2).
 *
 * @returns bytes of the record with its header; 0 while too few are there; undefined where none begins
 */
export function helloV2Length(bytes: Uint8Array): number | undefined {
  const first = bytes[0] ?? IS_SHORT_HEADER;
  if ((first & 0xfe) !== IS_SHORT_HEADER) return undefined;
  if (bytes.length >= 3 && bytes[2] !== CLIENT_HELLO) return undefined;
  if (bytes.length < HEADER_BYTES) return 0;
  const version = word16(bytes, 3);
  const [specifications, session, challenge] = [word16(bytes, 5), word16(bytes, 7), word16(bytes, 9)];
  const length = word16(bytes, 0) & 0x7fff;
  const isSound =
    (version === SSL_2 || (version >= 0x0300 && version <= 0x0304)) &&
    specifications > 0 &&
    specifications % SPECIFICATION_BYTES === 0 &&
    (session === 0 || session === 16) &&
    challenge >= SHORTEST_CHALLENGE &&
    challenge <= RANDOM_BYTES &&
    HEADER_BYTES - LENGTH_BYTES + specifications + session + challenge === length;
  return isSound ? LENGTH_BYTES + length : undefined;
}

/** @param record whole. @returns what the same hello is in the form of later versions (RFC 5246 §7.4.1.2) */
export function helloOfV2(record: Uint8Array): Uint8Array {
  const [specifications, session] = [word16(record, 5), word16(record, 7)];
  const suites: number[] = [];
  for (let at = HEADER_BYTES; at < HEADER_BYTES + specifications; at += SPECIFICATION_BYTES) {
    // Those of SSL 2 itself have no number of two bytes.
    if (record[at] === 0) suites.push(record[at + 1] ?? 0, record[at + 2] ?? 0);
  }
  const challenge = record.subarray(HEADER_BYTES + specifications + session);
  const random = new Uint8Array(RANDOM_BYTES);
  random.set(challenge, RANDOM_BYTES - challenge.length);
  const head = [record[3] ?? 0, record[4] ?? 0];
  return Uint8Array.from([...head, ...random, 0, suites.length >> 8, suites.length & 0xff, ...suites, 1, 0]);
}
