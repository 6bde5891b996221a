import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';

/** What rules see of an FTP command (RFC 959 §4.1). */
export function commandView(line: string): TransactionView {
  const blank = line.indexOf(' ');
  return transactionView('ftp', {
    'ftp.command': blank < 0 ? line : line.slice(0, blank),
    'ftp.command_data': blank < 0 ? '' : line.slice(blank + 1),
  });
}

/** What rules see of an FTP reply (RFC 959 §4.2). */
export function replyView(line: string): TransactionView {
  const [, code = '', text = ''] = /^(\d{3})?[ -]?(.*)$/.exec(line) ?? [];
  return transactionView('ftp', { 'ftp.completion_code': code, 'ftp.reply': text });
}
