import type { TransactionDetail } from '../inspector.ts';
import type { MailRecord } from '../mail-session.ts';

export interface Pop3Record extends MailRecord {
  readonly protocol: 'pop3';
}

/** A command with its answer; an answer without a command greets. Arguments and words may name persons and mail. */
export interface Pop3Detail extends TransactionDetail {
  readonly protocol: 'pop3';
  readonly asked: { readonly command: string; readonly arguments: readonly string[] } | undefined;
  readonly isGood: boolean;
  /** Of its first line, what is behind the status. */
  readonly header: string;
  /** Of an answer of several lines, the first ones. */
  readonly lines: readonly string[];
}
