import { hasText, word32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import type { Detection, EvidenceDraft } from '../protocol.ts';
import { SmbReader } from './parse.ts';
import type { SmbRecord } from './types.ts';

const TRANSPORT_BYTES = 4;
/** Enough for a challenge, a path and the head of a call; the rest of reads and writes is skipped. */
const READ_BYTES = 8192;
/** Message, request, answers, refusal, retarget, keep alive of a NetBIOS session (RFC 1002 §4.3.1). */
const TYPES = [0x00, 0x81, 0x82, 0x83, 0x84, 0x85];
const SESSION_REQUEST = 0x81;
/** SMB 1, 2, and 3 where it is encrypted. */
const MAGICS = [0xff, 0xfe, 0xfd];
const SMB2 = 0xfe;
/** Magic, and what tells a header of SMB 2 from a text. */
const LEAST_BYTES = 6;

export const smb = defineFramedRoom<SmbRecord>({
  id: 'smb',
  title: 'SMB 1, 2 and 3',
  standards: ['MS-CIFS §2.2', 'MS-SMB2 §2.2', 'MS-NLMP §2.2.1.2', 'RFC 1002 §4.3.1'],
  transports: ['tcp'],
  usualPorts: [445, 139],
  firstBytes: [0, SESSION_REQUEST],
  headerBytes: TRANSPORT_BYTES,
  maximumBytes: TRANSPORT_BYTES + READ_BYTES,
  messageLength: (header) =>
    TYPES.includes(header[0] ?? -1) ? TRANSPORT_BYTES + (word32(header, 0) % 0x100_0000) : undefined,
  // A session message with the magic of SMB, or a NetBIOS session request before it (RFC 1002 §4.3.2).
  recognise: (message, { serverPort }) => {
    if (message[0] === SESSION_REQUEST) return serverPort === 139 ? 'match' : 'reject';
    if (message[0] !== 0) return 'undecided';
    if (message.length < 8) return message.length < word32(message, 0) % 0x100_0000 ? 'undecided' : 'reject';
    const magic = String.fromCharCode(message[5] ?? 0, message[6] ?? 0, message[7] ?? 0);
    return MAGICS.includes(message[4] ?? 0) && magic === 'SMB' ? 'match' : 'reject';
  },
  startsAt,
  createReader: () => new SmbReader(),
  evidence: smbEvidence,
});

/** A session message whose first bytes are the magic of SMB and, of SMB 2, the length of its header (MS-SMB2 §2.2.1). */
function startsAt(bytes: Uint8Array, offset: number): Detection {
  const first = offset + TRANSPORT_BYTES;
  if (bytes[offset] !== 0) return 'reject';
  if (bytes.length < first + LEAST_BYTES) return isMagic(bytes, first) ? 'undecided' : 'reject';
  const isLongEnough = word32(bytes, offset) >= LEAST_BYTES;
  const isHeader = bytes[first] !== SMB2 || (bytes[first + 4] === 64 && bytes[first + 5] === 0);
  return isMagic(bytes, first) && isLongEnough && isHeader ? 'match' : 'reject';
}

/** As much of it as is there. */
function isMagic(bytes: Uint8Array, offset: number): boolean {
  if (offset >= bytes.length) return true;
  return (
    MAGICS.includes(bytes[offset] ?? 0) &&
    hasText(bytes.subarray(offset + 1), 'SMB'.slice(0, bytes.length - offset - 1))
  );
}

function smbEvidence(record: SmbRecord): readonly EvidenceDraft[] {
  if (record.protocol !== 'smb') return [];
  switch (record.activity) {
    case 'negotiate-request':
      return draft('smb.client.dialect', record.dialect, 'client');
    case 'negotiate-response':
      return [...draft('smb.dialect', record.dialect, 'server'), ...draft('smb.signing', record.signing, 'server')];
    case 'challenge':
      return [
        ...draft('smb.name', record.computer, 'server'),
        ...draft('smb.domain', record.domain, 'server'),
        ...draft('smb.native-os', record.nativeOs, 'server'),
      ];
    case 'session':
      return [
        ...draft('smb.native-os', record.nativeOs, 'server'),
        ...(record.isGuest ? draft('smb.guest', 'true', 'server') : []),
      ];
    case 'tree-connect':
      return record.outcome === 'success' ? draft('smb.share', record.share, 'server') : [];
    case 'pipe-open':
      return record.outcome === 'success' ? draft('smb.pipe', record.pipe, 'server') : [];
    case 'file-open':
      return [];
    default:
      return record satisfies never;
  }
}
