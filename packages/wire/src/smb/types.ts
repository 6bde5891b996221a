import type { DcerpcRecord } from '../dcerpc/types.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** Opening of a session. */
export interface SmbSession extends ProtocolRecord {
  readonly protocol: 'smb';
  readonly activity: 'negotiate-request' | 'negotiate-response' | 'challenge' | 'session';
  /** Chosen by the server, or the lowest that the client offers. */
  readonly dialect: string;
  readonly signing: '' | 'required' | 'enabled' | 'disabled';
  readonly nativeOs: string;
  readonly computer: string;
  readonly domain: string;
  readonly isGuest: boolean;
}

/** Use of a share: a request with its answer. */
export interface SmbAccess extends ProtocolRecord {
  readonly protocol: 'smb';
  readonly activity: 'tree-connect' | 'file-open' | 'pipe-open';
  readonly share: string;
  readonly kind: 'disk' | 'pipe' | 'printer' | '';
  /** Of a named pipe; names of files are never taken: they may name a patient. */
  readonly pipe: string;
  /** Of a file, in lower case. */
  readonly extension: string;
  readonly access: 'read' | 'write' | 'delete' | '';
  readonly outcome: Outcome;
  /** NT status; 0 is success. */
  readonly status: number;
  readonly durationMs: number | undefined;
}

/** Calls over named pipes are DCE/RPC (MS-RPCE §2.1.1.2). */
export type SmbRecord = SmbSession | SmbAccess | DcerpcRecord;
