import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import { berObjectIdentifier, readBer } from './ber.ts';
import type { SnmpRecord } from './protocol.ts';

const CONTEXT_TAGS = 0xa0;
/** Its header is another (RFC 1157 §4.1.6). */
const TRAP_V1 = 0xa4;
const MAXIMUM_VARIABLES = 100;

/** What rules see of an SNMP message: version, community and type of the message (RFC 1157 §4.1, RFC 3416 §3). */
export function snmpView(record: SnmpRecord, payload: Uint8Array): TransactionView {
  const version = record.version === '1' ? 1 : record.version === '2c' ? 2 : 3;
  const message = readBer(new ByteCursor(payload));
  if (version === 3 || message === undefined) return transactionView('snmp', {}, { 'snmp.version': version });
  readBer(message.content);
  const community = readBer(message.content)?.content;
  const pdu = readBer(message.content);
  const type = pdu?.tag;
  return transactionView(
    'snmp',
    {
      'snmp.community': community === undefined ? '' : latin1(community.bytes, community.offset, community.end),
      'snmp.variables': pdu === undefined || type === TRAP_V1 ? [] : variablesOf(pdu.content),
    },
    { 'snmp.version': version, 'snmp.pdu_type': type === undefined ? undefined : type - CONTEXT_TAGS },
  );
}

/** Names of what a message asks for or tells (RFC 3416 §3); three numbers stand before them. */
function variablesOf(pdu: ByteCursor): readonly string[] {
  for (let index = 0; index < 3; index++) readBer(pdu);
  const bindings = readBer(pdu)?.content;
  const names: string[] = [];
  while (bindings !== undefined && bindings.remaining > 0 && names.length < MAXIMUM_VARIABLES) {
    const binding = readBer(bindings);
    const name = binding === undefined ? undefined : berObjectIdentifier(readBer(binding.content));
    if (name === undefined) break;
    names.push(name);
  }
  return names;
}
