import type { FileRecord } from '../../files/types.ts';
import { type EveMembers, present } from './eve-event.ts';
import { eveProtocol } from './names.ts';

/**
 * @returns a file that crossed the wire; its name as far as the sensor's policy lets a record carry it, hashes where every byte
 *   was seen. Nothing of what crosses is stored with the event.
 */
export function fileMembers(file: FileRecord): EveMembers {
  const { name, mediaType, md5, sha1, sha256, isWhole, lostBytes, sizeBytes, protocol } = file;
  return {
    app_proto: eveProtocol(protocol),
    fileinfo: {
      ...present({ filename: name, mimetype: mediaType }),
      gaps: lostBytes > 0,
      state: isWhole ? 'CLOSED' : 'TRUNCATED',
      ...(isWhole ? { md5, sha1, sha256 } : {}),
      stored: false,
      size: sizeBytes,
    },
  };
}

/**
 * @param members what EVE tells of the transaction that carried the file
 * @param isNamedByAddress it has no name but the last part of the address
 * @returns a file that HTTP sent without a name of its own, or that SMB opened, with its whole path, as far as that is told
 */
export function namedByAddress(fileinfo: EveMembers, members: EveMembers, isNamedByAddress: boolean): EveMembers {
  const url: unknown = Object(members.http).url;
  const [path = ''] = typeof url === 'string' ? url.split(/[?#]/, 1) : [];
  const name = String(fileinfo.filename ?? '');
  const opened: unknown = Object(members.smb).filename;
  const isOpened = typeof opened === 'string' && name !== '' && opened.endsWith(`\\${name}`);
  if (isOpened) return { ...fileinfo, filename: opened };
  const isByAddress = isNamedByAddress && path.startsWith('/') && path.slice(path.lastIndexOf('/') + 1) === name;
  return isByAddress ? { ...fileinfo, filename: path } : fileinfo;
}
