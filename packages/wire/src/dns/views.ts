import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import { readDnsMessage } from './message-record.ts';
import { type DnsRecord, typeCode } from './parse.ts';

/** What rules see of a DNS message: buffers `dns.*` as Suricata names them. */
export function dnsView(record: DnsRecord, operation: number, message: Uint8Array): TransactionView {
  const { protocol, name, type, activity, answers, responseCode } = record;
  const isQuery = activity === 'query';
  const view = transactionView(
    protocol,
    {
      [`${protocol}.${isQuery ? 'query' : 'response.rrname'}`]: isQuery
        ? name
        : [name, ...answers.map((each) => each.name)],
      [`${protocol}.queries.rrname`]: name,
      [`${protocol}.answers.rrname`]: answers.map((answer) => answer.name),
    },
    { 'dns.opcode': operation, 'dns.rrtype': typeCode(type), 'dns.rcode': isQuery ? undefined : responseCode },
  );
  return { ...view, record: () => readDnsMessage(message, protocol) };
}
