import type { SmbContent, SmbDetail } from '../../../smb/detail.ts';
import { dialectName } from '../../../smb/transactions.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';
import { pipeCallMembers } from './dcerpc.ts';
import { commandName, dosErrorName, ioctlName, statusName } from './smb-names.ts';

const DISPOSITIONS = [
  'FILE_SUPERSEDE',
  'FILE_OPEN',
  'FILE_CREATE',
  'FILE_OPEN_IF',
  'FILE_OVERWRITE',
  'FILE_OVERWRITE_IF',
];
const SHARE_TYPES = ['UNKNOWN', 'FILE', 'PIPE', 'PRINT'];
const PIPE = 2;

/** A request with its answer; names of files and of who logs in are content. */
export function smbBody(detail: SmbDetail, withContent: boolean): EveBody {
  const { id, version, command, dialect, status, dosError, sessionId, treeId, content } = detail;
  const members = {
    id,
    dialect: typeof dialect === 'number' ? dialectName(dialect) : (dialect ?? 'unknown'),
    command: commandName(version, command),
    ...(status === undefined ? {} : { status: statusName(status), status_code: `0x${status.toString(16)}` }),
    ...(dosError === undefined ? {} : dosErrorMembers(dosError)),
    session_id: Number(sessionId),
    tree_id: treeId,
    ...(content === undefined ? {} : contentMembers(content, version, withContent)),
  };
  return { type: 'smb', members };
}

function dosErrorMembers([errorClass, code]: readonly [number, number]): EveMembers {
  return {
    status: dosErrorName(errorClass, code),
    status_code: `0x${code.toString(16).padStart(4, '0')}`,
  };
}

function contentMembers(content: SmbContent, version: 1 | 2, withContent: boolean): EveMembers {
  switch (content.kind) {
    case 'negotiate': {
      const { serverGuid } = content;
      return {
        client_dialects: content.dialects,
        ...(serverGuid === undefined ? {} : { server_guid: guidText(serverGuid) }),
      };
    }
    case 'session':
      return sessionMembers(content, withContent);
    case 'tree': {
      const [request, response] = content.services;
      return {
        ...(content.shareType === PIPE ? { named_pipe: content.path } : { share: content.path }),
        ...(version === 1
          ? { service: present({ request, response }) }
          : { share_type: SHARE_TYPES[content.shareType] ?? 'UNKNOWN' }),
      };
    }
    case 'create':
      return createMembers(content, withContent);
    case 'file':
      return {
        ...(withContent ? { filename: content.name } : {}),
        share: content.share,
        fuid: guidText(content.handle),
      };
    case 'rename':
      return {
        set_info: { class: 'FILE_INFO', info_level: 'SMB2_FILE_RENAME_INFO' },
        ...(withContent ? { rename: { from: content.from, to: content.to } } : {}),
        fuid: guidText(content.handle),
      };
    case 'delete':
      return {
        set_info: { class: 'FILE_INFO', info_level: 'SMB2_FILE_DISPOSITION_INFO' },
        access: 'delete on close',
        ...(withContent ? { filename: content.name } : {}),
        fuid: guidText(content.handle),
      };
    case 'control':
      return { function: ioctlName(content.code) };
    case 'call':
      return { dcerpc: pipeCallMembers(content.call) };
    default:
      return content satisfies never;
  }
}

function sessionMembers({ login, ends }: Extract<SmbContent, { kind: 'session' }>, withContent: boolean): EveMembers {
  const endMembers = (sentBy: 'client' | 'server') => {
    const end = ends.find((each) => each.sentBy === sentBy);
    return end === undefined ? undefined : { native_os: end.system, native_lm: end.manager };
  };
  const names = login === undefined || !withContent ? {} : { domain: login.domain, user: login.user, host: login.host };
  return present({
    ntlmssp: login === undefined ? undefined : { ...names, ...present({ version: login.version }) },
    request: endMembers('client'),
    response: endMembers('server'),
  });
}

function createMembers(content: Extract<SmbContent, { kind: 'create' }>, withContent: boolean): EveMembers {
  const [created, accessed, modified, changed] = content.times;
  const name = content.name === '' ? '<share_root>' : content.name;
  const named = content.isDirectory && content.name !== '' ? { directory: name } : { filename: name };
  return {
    ...(withContent ? named : {}),
    disposition: DISPOSITIONS[content.disposition] ?? 'UNKNOWN',
    access: content.deletesOnClose ? 'delete on close' : 'normal',
    created,
    accessed,
    modified,
    changed,
    size: content.size,
    fuid: guidText(content.handle),
  };
}

/** A handle of 16 bytes as numbers of 4, 2, 2, 2, 2 and 4 bytes, the way EVE has it; one of two bytes as a number. */
function guidText(bytes: Uint8Array): string {
  const hex = (start: number, end: number) => Buffer.from(bytes.slice(start, end).reverse()).toString('hex');
  if (bytes.length === 2) return hex(0, 2);
  return `${hex(0, 4)}-${hex(4, 6)}-${hex(6, 8)}-${hex(8, 10)}-${hex(10, 12)}${hex(12, 16)}`;
}
