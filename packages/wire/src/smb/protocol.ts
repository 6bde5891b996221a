import { draft } from '../datagram-room.ts';
import type { Detection, DetectionSample, EvidenceDraft, Protocol } from '../protocol.ts';
import { SmbParser, type SmbRecord } from './parse.ts';

export const smb: Protocol<SmbRecord> = {
  id: 'smb',
  title: 'SMB 1, 2 and 3',
  standards: ['MS-CIFS §2.2', 'MS-SMB2 §2.2', 'MS-NLMP §2.2.1.2'],
  transports: ['tcp'],
  usualPorts: [445, 139],
  isEncrypted: false,
  isClinical: false,
  detect: detectSmb,
  createStreamParser: (context) => new SmbParser(context),
  evidence: smbEvidence,
};

/** A session message with the magic of SMB 1 or 2, or a NetBIOS session request before it (RFC 1002 §4.3.2). */
function detectSmb({ toServer, toClient, serverPort }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  if (bytes.length === 0) return 'undecided';
  const isSessionRequest = bytes[0] === 0x81 && serverPort === 139;
  if (isSessionRequest) return bytes.length >= 4 ? 'match' : 'undecided';
  if (bytes[0] !== 0) return 'reject';
  if (bytes.length < 8) return 'undecided';
  const magic = String.fromCharCode(bytes[5] ?? 0, bytes[6] ?? 0, bytes[7] ?? 0);
  return (bytes[4] === 0xff || bytes[4] === 0xfe || bytes[4] === 0xfd) && magic === 'SMB' ? 'match' : 'reject';
}

function smbEvidence(record: SmbRecord): readonly EvidenceDraft[] {
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
    default:
      return record.activity satisfies never;
  }
}
