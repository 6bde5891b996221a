import { cleanText } from '../bytes/text.ts';
import type { SmbAccess } from './types.ts';

export interface Tree {
  readonly share: string;
  readonly kind: SmbAccess['kind'];
}

/** A share that is connected to, or a file or pipe that is opened in one. */
export interface AccessRequest {
  readonly isConnect: boolean;
  readonly tree: Tree | undefined;
  readonly name: string;
  readonly access: SmbAccess['access'];
}

/** @param status undefined where no answer was seen */
export function accessRecord(request: AccessRequest, status: number | undefined, durationMs?: number): SmbAccess {
  const { isConnect, tree, name, access } = request;
  const isPipe = !isConnect && tree?.kind === 'pipe';
  const [, extension = ''] = /[^\\]\.([A-Za-z][A-Za-z0-9]{0,5})$/.exec(name) ?? [];
  return {
    protocol: 'smb',
    activity: isConnect ? 'tree-connect' : isPipe ? 'pipe-open' : 'file-open',
    share: tree?.share ?? (isConnect ? shareOf(name) : ''),
    kind: tree?.kind ?? '',
    pipe: isPipe ? (/^\\?([\w.-]{1,64})$/.exec(name)?.[1]?.toLowerCase() ?? '') : '',
    extension: isConnect || isPipe ? '' : extension.toLowerCase(),
    access,
    outcome: status === undefined ? 'unanswered' : status === 0 ? 'success' : 'failure',
    status: status ?? 0,
    durationMs,
  };
}

/** Last part of `\\server\share`. */
export function shareOf(path: string): string {
  return cleanText(path.slice(path.lastIndexOf('\\') + 1), 80);
}
