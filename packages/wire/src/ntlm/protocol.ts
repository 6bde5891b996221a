import { draft } from '../datagram-room.ts';
import type { Protocol } from '../protocol.ts';
import type { NtlmRecord } from './types.ts';

/** Travels inside of other protocols: their rooms recognise and read it, this one says what it tells of the two ends. */
export const ntlm: Protocol<NtlmRecord> = {
  id: 'ntlm',
  title: 'NTLM',
  standards: ['MS-NLMP §2.2.1 (messages), §2.2.2 (structures)', 'MS-NTHT §2.2 (over HTTP)'],
  transports: [],
  carriedBy: ['SMB', 'HTTP', 'DCE/RPC', 'LDAP'],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  evidence: ({ activity, computer, domain, version, isVersion1 }) => {
    const about = activity === 'challenge' ? 'server' : 'client';
    return [
      ...draft('ntlm.name', computer, about),
      ...draft('ntlm.domain', domain, about),
      ...draft('ntlm.os-version', version, about),
      ...draft('ntlm.version-1', isVersion1 ? 'true' : '', 'client'),
    ];
  },
};
