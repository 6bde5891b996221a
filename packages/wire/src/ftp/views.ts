import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import type { FtpDataPort } from './types.ts';

const MODES = { active: 1, passive: 2 } as const;
/** What rules call the commands of a data connection. */
const TRANSFERS: Readonly<Record<string, number>> = { RETR: 1, STOR: 2 };

/** What rules see of an FTP command (RFC 959 §4.1). @param dataPort that it announces, or that its reply did */
export function commandView(line: string, dataPort: FtpDataPort | undefined): TransactionView {
  const blank = line.indexOf(' ');
  return transactionView(
    'ftp',
    {
      'ftp.command': blank < 0 ? line : line.slice(0, blank),
      'ftp.command_data': blank < 0 ? '' : line.slice(blank + 1),
    },
    portNumbers(dataPort),
  );
}

/** What rules see of an FTP reply (RFC 959 §4.2). @param isReceived it is the last to a command */
export function replyView(line: string, dataPort: FtpDataPort | undefined, isReceived: boolean): TransactionView {
  const [, code = '', text = ''] = /^(\d{3})?[ -]?(.*)$/.exec(line) ?? [];
  const numbers = { ...portNumbers(dataPort), 'ftp.reply_received': isReceived ? 1 : undefined };
  return transactionView('ftp', { 'ftp.completion_code': code, 'ftp.reply': text }, numbers);
}

/** What rules see of a data connection when it begins. */
export function dataView(command: string): TransactionView {
  return transactionView('ftp-data', {}, { 'ftp-data.command': TRANSFERS[command] });
}

function portNumbers(dataPort: FtpDataPort | undefined) {
  if (dataPort === undefined) return {};
  return { 'ftp.mode': MODES[dataPort.mode], 'ftp.dynamic_port': dataPort.port };
}
