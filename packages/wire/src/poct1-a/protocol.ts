import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type { Detection, DetectionSample, Protocol } from '../protocol.ts';
import { messageTypeAt, Poct1aParser } from './parse.ts';
import type { Poct1aRecord } from './types.ts';

/** Messages of the standard (POCT01-A2 appendix B); others follow within a conversation. */
const MESSAGES = /^(?:HEL|DST|OBS|ACK|REQ|DTV|EOT|ESC|EVS|OPL|PTL|KPA|END|PSD)\.[A-Z0-9]/;

function detectPoct1a({ toServer, toClient }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  if (bytes.length === 0) return 'undecided';
  const type = messageTypeAt(latin1(bytes));
  if (type === 'more') return 'undecided';
  return type !== undefined && MESSAGES.test(type) ? 'match' : 'reject';
}

export const poct1a: Protocol<Poct1aRecord> = {
  id: 'poct1-a',
  title: 'Point-of-care devices (POCT1-A)',
  standards: ['CLSI POCT01-A2 appendix B (device messaging layer)'],
  transports: ['tcp'],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  firstBytes: [0x3c, 0x20, 0x0a, 0x0d, 0x09, 0x0b, 0xef],
  detect: detectPoct1a,
  createStreamParser: (context) => new Poct1aParser(context),
  evidence: (record) => [
    ...draft('poct1-a.role', record.sender, record.sentBy),
    ...draft('poct1-a.vendor', record.vendor, record.sentBy),
    ...draft('poct1-a.model', record.model, record.sentBy),
    ...draft('poct1-a.serial', record.serial, record.sentBy),
    ...record.versions.flatMap((version) => draft('poct1-a.version', version, record.sentBy)),
    ...(record.hasPassword ? draft('poct1-a.clear-text-password', 'true', record.sentBy) : []),
  ],
};
