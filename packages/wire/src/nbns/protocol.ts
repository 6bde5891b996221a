import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const ENCODED_NAME_BYTES = 32;
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
  const decoded: number[] = [];
  for (const [index, byte] of cursor.slice(ENCODED_NAME_BYTES).entries()) {
    if (byte < 0x41 || byte > 0x50) return undefined;
    if (index % 2 === 0) decoded.push((byte - 0x41) << 4);
    else decoded[decoded.length - 1] = (decoded.at(-1) ?? 0) | (byte - 0x41);
  }
  if (cursor.isBroken) return undefined;
  const operation = (flags >>> 11) & 15;
  const activity = (flags & 0x8000) !== 0 ? 'response' : operation === 5 ? 'registration' : 'query';
  const name = cleanText(Buffer.from(decoded.slice(0, 15)).toString('latin1'), 15);
  return { protocol: 'nbns', activity, name, suffix: decoded[15] ?? 0 };
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
