import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const ENCODED_NAME_BYTES = 32;
/** The sixteenth byte tells what the name is for. */
const NAME_BYTES = 15;
const LETTER_A = 0x41;
const LETTER_P = 0x50;
const GROUP_SUFFIXES = new Set([0x1b, 0x1c, 0x1d, 0x1e]);

export interface NbnsRecord extends ProtocolRecord {
  readonly protocol: 'nbns';
  readonly activity: 'query' | 'registration' | 'response';
  readonly name: string;
  readonly suffix: number;
}

/** NetBIOS name service (RFC 1002 §4.2). @returns undefined for what is none */
export function parseNbns(bytes: Uint8Array): NbnsRecord | undefined {
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
  return { protocol: 'nbns', activity, name: nameOf(encoded), suffix: decodedAt(encoded, NAME_BYTES) };
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
  evidence: ({ activity, name, suffix }) => {
    // Only who registers or answers for a name has it; who asks is looking for somebody else.
    const owner = activity === 'registration' ? 'client' : activity === 'response' ? 'server' : undefined;
    if (owner === undefined || name.startsWith('*')) return [];
    return draft(GROUP_SUFFIXES.has(suffix) ? 'nbns.group' : 'nbns.name', name, owner);
  },
});
