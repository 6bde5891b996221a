import { draft } from '../datagram-room.ts';
import type { Protocol } from '../protocol.ts';
import type { AtnaEvent } from './types.ts';

/** Travels in syslog: that room recognises and frames it, this one says what it tells. */
export const atna: Protocol<AtnaEvent> = {
  id: 'atna',
  title: 'Audit trail of care (IHE ATNA)',
  standards: [
    'DICOM PS3.15 §A.5 (audit messages), §A.6 (transmission)',
    'RFC 3881 §5, §6 (what they grew out of)',
    'IHE ITI TF-2 §3.20 (Record Audit Event)',
  ],
  transports: [],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  detect: () => 'reject',
  evidence: (record) => [
    ...draft('atna.event', record.event, 'client'),
    ...draft('atna.role', 'source', 'client'),
    ...draft('atna.role', 'repository', 'server'),
  ],
};
