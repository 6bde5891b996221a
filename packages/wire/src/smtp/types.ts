import type { TransactionDetail } from '../inspector.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** What a server says of itself, whether it offers TLS, and that a login went through without. */
export interface SmtpServerRecord extends ProtocolRecord {
  readonly protocol: 'smtp';
  readonly activity: 'greeting' | 'starttls-offered' | 'starttls-absent' | 'clear-text-login';
  readonly text: string;
}

/** A mail that was handed over, or tried to. Who writes to whom about what is not in it. */
export interface SmtpMailRecord extends ProtocolRecord {
  readonly protocol: 'smtp';
  readonly activity: 'mail';
  readonly recipients: number;
  /** As it crossed, header included. */
  readonly messageBytes: number;
  readonly attachments: number;
  readonly outcome: Outcome;
  /** Of the answer that decided; 0 without one (RFC 5321 §4.2). */
  readonly replyCode: number;
  /** From `MAIL` to that answer. */
  readonly durationMs: number | undefined;
}

export type SmtpRecord = SmtpServerRecord | SmtpMailRecord;

/** A mail with its envelope, and what its message says. */
export interface SmtpDetail extends TransactionDetail {
  readonly protocol: 'smtp';
  /** Name that the client gave with `HELO` or `EHLO`. */
  readonly greetedAs: string;
  /** As they stand in the commands, without parameters. */
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  /** Undefined where no message began. */
  readonly message: MailContent | undefined;
}

/** What a message says in its header, and beside it (RFC 5322 §3.6, RFC 2045). */
export interface MailContent {
  readonly state: 'header' | 'body' | 'whole' | 'broken';
  /** Fields in their order, folded ones joined; names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Names of attachments. */
  readonly attachments: readonly string[];
  /** Web addresses in its text, without scheme. */
  readonly urls: readonly string[];
  /** MD5 of everything behind the header, in hexadecimal digits; absent where it is not whole. */
  readonly bodyMd5: string | undefined;
}
