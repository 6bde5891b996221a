import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import { readBer } from './ber.ts';
import type { SnmpRecord } from './protocol.ts';

const CONTEXT_TAGS = 0xa0;

/** What rules see of an SNMP message: version, community and type of the message (RFC 1157 §4.1, RFC 3416 §3). */
export function snmpView(record: SnmpRecord, payload: Uint8Array): TransactionView {
  const version = record.version === '1' ? 1 : record.version === '2c' ? 2 : 3;
  const message = readBer(new ByteCursor(payload));
  if (version === 3 || message === undefined) return transactionView('snmp', {}, { 'snmp.version': version });
  readBer(message.content);
  const community = readBer(message.content)?.content;
  const type = readBer(message.content)?.tag;
  return transactionView(
    'snmp',
    { 'snmp.community': community === undefined ? '' : latin1(community.bytes, community.offset, community.end) },
    { 'snmp.version': version, 'snmp.pdu_type': type === undefined ? undefined : type - CONTEXT_TAGS },
  );
}
