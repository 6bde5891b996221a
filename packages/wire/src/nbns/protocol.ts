import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { Direction, ProtocolRecord } from '../protocol.ts';

const ENCODED_NAME_BYTES = 32;
/** The sixteenth byte tells what the name is for. */
const NAME_BYTES = 15;
const LETTER_A = 0x41;
const LETTER_P = 0x50;
const NODE_STATUS = 0x21;
const CLASS_AND_TIME_BYTES = 6;
const GROUP_FLAG = 0x8000;
const GROUP_SUFFIXES = new Set([0x1b, 0x1c, 0x1d, 0x1e]);

export interface NbnsRecord extends ProtocolRecord {
  readonly protocol: 'nbns';
  readonly activity: 'query' | 'registration' | 'response';
  readonly name: string;
  readonly suffix: number;
  /** Whoever said so: an answer to a question that went to everybody begins a conversation of its own. */
  readonly by: 'client' | 'server';
  /** All names of whoever answers with its status; left out elsewhere. */
  readonly names?: readonly NodeName[];
}

/** A name that a device has, or a group that it is in. */
export interface NodeName {
  readonly name: string;
  readonly isGroup: boolean;
}

/** NetBIOS name service (RFC 1002 §4.2). @returns undefined for what is none */
export function parseNbns(bytes: Uint8Array, direction: Direction = 'to-client'): NbnsRecord | undefined {
  const cursor = new ByteCursor(bytes);
  cursor.skip(2);
  const flags = cursor.uint16();
  const questions = cursor.uint16();
  const answers = cursor.uint16();
  cursor.skip(4);
  if (questions + answers === 0 || cursor.uint8() !== ENCODED_NAME_BYTES) return undefined;
  const encoded = cursor.slice(ENCODED_NAME_BYTES);
  if (cursor.isBroken || encoded.some((byte) => byte < LETTER_A || byte > LETTER_P)) return undefined;
  const operation = (flags >>> 11) & 15;
  const activity = (flags & 0x8000) !== 0 ? 'response' : operation === 5 ? 'registration' : 'query';
  const record = { activity, name: nameOf(encoded), suffix: decodedAt(encoded, NAME_BYTES) } as const;
  const by = direction === 'to-server' ? 'client' : 'server';
  const names = activity === 'response' && answers > 0 ? nodeNames(cursor) : undefined;
  return { protocol: 'nbns', ...record, by, ...(names === undefined ? {} : { names }) };
}

/**
 * Reads the names of a node status response (RFC 1002 §4.2.18), which stands behind the name that was asked for.
 *
 * @returns undefined for another kind of answer
 */
function nodeNames(cursor: ByteCursor): readonly NodeName[] | undefined {
  const END_OF_NAME = 0;
  if (cursor.uint8() !== END_OF_NAME || cursor.uint16() !== NODE_STATUS) return undefined;
  cursor.skip(CLASS_AND_TIME_BYTES + 2);
  const count = cursor.uint8();
  const names = new Map<string, NodeName>();
  for (let index = 0; index < count; index += 1) {
    const name = String.fromCharCode(...cursor.slice(NAME_BYTES));
    cursor.skip(1);
    const isGroup = (cursor.uint16() & GROUP_FLAG) !== 0;
    if (cursor.isBroken) break;
    // Master browsers are in a group of their own, whose name begins with control characters.
    if (/^[ -~]+$/.test(name) && !name.startsWith('*')) {
      const plain = cleanText(name, NAME_BYTES);
      names.set(`${isGroup} ${plain}`, { name: plain, isGroup });
    }
  }
  return [...names.values()];
}

function nameOf(encoded: Uint8Array): string {
  let name = '';
  for (let index = 0; index < NAME_BYTES; index++) name += String.fromCharCode(decodedAt(encoded, index));
  return cleanText(name, NAME_BYTES);
}

/** Half a byte to a letter (RFC 1001 §14.1). */
function decodedAt(encoded: Uint8Array, index: number): number {
  const high = (encoded[2 * index] ?? LETTER_A) - LETTER_A;
  return (high << 4) | ((encoded[2 * index + 1] ?? LETTER_A) - LETTER_A);
}

export const nbns = defineDatagramRoom<NbnsRecord>({
  id: 'nbns',
  title: 'NetBIOS name service',
  standards: ['RFC 1002 §4.2'],
  usualPorts: [137],
  isBoundToPorts: true,
  parse: parseNbns,
  evidence: ({ activity, name, suffix, by, names = [] }) => {
    if (names.length > 0) {
      return names.flatMap((each) => draft(each.isGroup ? 'nbns.group' : 'nbns.name', each.name, by));
    }
    // Only who registers or answers for a name has it; who asks is looking for somebody else.
    if (activity === 'query' || name.startsWith('*')) return [];
    return draft(GROUP_SUFFIXES.has(suffix) ? 'nbns.group' : 'nbns.name', name, by);
  },
});
