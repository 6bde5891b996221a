import type { TransactionDetail } from '../inspector.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** What a server says of itself, and that a login succeeded. */
export interface FtpServerRecord extends ProtocolRecord {
  readonly protocol: 'ftp';
  readonly activity: 'greeting' | 'login' | 'system';
  /** Greeting or answer to SYST. */
  readonly text: string;
  /** Of a login that succeeded; the name itself is not kept. */
  readonly isAnonymous: boolean;
}

/** A command with its reply. Arguments and words of replies are not in it: they name files and persons. */
export interface FtpCommandRecord extends ProtocolRecord {
  readonly protocol: 'ftp';
  readonly activity: 'command';
  /** In capitals; `other` for one that no standard names. */
  readonly command: string;
  /** Of the last reply; 0 without one (RFC 959 §4.2). */
  readonly replyCode: number;
  readonly outcome: Outcome;
  readonly durationMs: number | undefined;
}

export type FtpRecord = FtpServerRecord | FtpCommandRecord;

/** Who opens the data connection that was agreed on, and to which port. */
export interface FtpDataPort {
  readonly mode: 'active' | 'passive';
  readonly port: number;
}

/** A command with all its replies; replies without a command greet. */
export interface FtpDetail extends TransactionDetail {
  readonly protocol: 'ftp';
  /** In capitals. */
  readonly command: string | undefined;
  readonly argument: string;
  readonly replies: readonly { readonly code: string; readonly text: string }[];
  readonly dataPort: FtpDataPort | undefined;
  readonly isAnswered: boolean;
  /** Longer than what is read of a line. */
  readonly isCommandTruncated: boolean;
  readonly isReplyTruncated: boolean;
}

/** What a data connection is for. */
export interface FtpDataDetail extends TransactionDetail {
  readonly protocol: 'ftp-data';
  /** In capitals; empty where none was seen. */
  readonly command: string;
  /** As the client calls it; empty for a listing. */
  readonly fileName: string;
}
