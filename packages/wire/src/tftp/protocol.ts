import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import { baseName } from '../files/file-name.ts';
import { maskTarget } from '../http/target.ts';
import type { Protocol, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { TftpTransfer } from './transfer.ts';

const READ = 1;
const WRITE = 2;
const MODE = /^(?:netascii|octet|mail)$/i;
const MAXIMUM_REQUEST = 512;

/** A request; the transfer itself goes on from another port of the server (RFC 1350 §4). */
export interface TftpRecord extends ProtocolRecord {
  readonly protocol: 'tftp';
  readonly activity: 'read-request' | 'write-request';
  /** Name of the file; parts that may name a person or an order are masked. */
  readonly file: string;
  readonly mode: string;
  /** Names of options (RFC 2347). */
  readonly options: readonly string[];
}

/** RFC 1350 §5: operation, then name and mode, and pairs of options, each ended by zero. */
export function parseTftp(bytes: Uint8Array): TftpRecord | undefined {
  const operation = word16(bytes, 0);
  if ((operation !== READ && operation !== WRITE) || bytes.length > MAXIMUM_REQUEST || bytes.at(-1) !== 0)
    return undefined;
  const [file = '', mode = '', ...options] = latin1(bytes, 2, bytes.length - 1).split('\0');
  if (!/^[ -~]{1,255}$/.test(file) || !MODE.test(mode)) return undefined;
  return {
    protocol: 'tftp',
    activity: operation === READ ? 'read-request' : 'write-request',
    file: maskTarget(file).path,
    mode: mode.toLowerCase(),
    options: options
      .filter((_, index) => index % 2 === 0)
      .map((name) => cleanText(name, 32))
      .slice(0, 8),
  };
}

const room = defineDatagramRoom<TftpRecord>({
  id: 'tftp',
  title: 'TFTP',
  standards: ['RFC 1350 §4, §5', 'RFC 2347 (options)'],
  usualPorts: [69],
  firstBytes: [0],
  parse: parseTftp,
  evidence: ({ activity }) => draft('tftp.client', activity, 'client'),
});

/** By flow, as long as it lives. */
const transfers = new WeakMap<object, TftpTransfer>();

export const tftp: Protocol<TftpRecord> = {
  ...room,
  flowEnded: (context) => transfers.get(context)?.end(),
  parseDatagram: (payload, direction, context) => {
    const record = parseTftp(payload);
    if (record === undefined) {
      const transfer = transfers.get(context) ?? TftpTransfer.expected(context);
      if (transfer !== undefined) transfers.set(context, transfer);
      transfer?.datagram(payload, direction);
      return;
    }
    const [file = ''] = latin1(payload, 2, MAXIMUM_REQUEST).split('\0');
    context.inspect?.(
      direction,
      transactionView('tftp', { 'tftp.file': file, 'tftp.mode': record.mode }, { 'tftp.opcode': word16(payload, 0) }),
    );
    context.emit(record, direction);
    // The transfer goes on from another port of the server (§4), or from this one.
    const transfer = { name: baseName(file) };
    context.expect?.({ end: 'client', port: context.clientPort, room: 'tftp', transfer });
    transfers.set(context, new TftpTransfer(context, transfer.name));
  },
};
