import type { SmbRecord } from '../../../smb/types.ts';
import { type EveBody, present } from '../eve-event.ts';
import { dcerpcBody } from './dcerpc.ts';

/** Dialects as the protocol writes them (MS-SMB2 §2.2.4, MS-CIFS §2.2.4.52). */
const DIALECTS: ReadonlyMap<string, string> = new Map([
  ['SMB 1', 'NT LM 0.12'],
  ['SMB 2.0.2', '2.02'],
  ['SMB 2.1', '2.10'],
  ['SMB 3.0', '3.00'],
  ['SMB 3.0.2', '3.02'],
  ['SMB 3.1.1', '3.11'],
]);
const COMMANDS = {
  'negotiate-response': 'NEGOTIATE_PROTOCOL',
  challenge: 'SESSION_SETUP',
  session: 'SESSION_SETUP',
  'tree-connect': 'TREE_CONNECT',
  'file-open': 'CREATE',
  'pipe-open': 'CREATE',
} as const;

/** Opening of a session and use of its shares; names of files are not read. */
export function smbBody(record: SmbRecord): EveBody | undefined {
  if (record.protocol === 'dce-rpc') return dcerpcBody(record);
  if (record.activity === 'negotiate-request') return undefined;
  const command = `SMB2_COMMAND_${COMMANDS[record.activity]}`;
  if ('dialect' in record) {
    const { dialect, nativeOs } = record;
    const members = {
      command,
      ...present({ dialect: DIALECTS.get(dialect), response: present({ native_os: nativeOs }) }),
    };
    return { type: 'smb', members };
  }
  const { share, kind, pipe, outcome, status } = record;
  const isPipeShare = kind === 'pipe' && record.activity === 'tree-connect';
  const members = {
    command,
    ...(outcome === 'unanswered' ? {} : { status_code: `0x${status.toString(16)}` }),
    ...present({
      status: outcome === 'success' ? 'STATUS_SUCCESS' : undefined,
      share,
      share_type: kind.toUpperCase(),
      named_pipe: isPipeShare ? share : pipe,
    }),
  };
  return { type: 'smb', members };
}
