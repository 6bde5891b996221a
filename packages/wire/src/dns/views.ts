import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import { type DnsResource, readDnsMessage } from './message-record.ts';
import { type DnsRecord, typeCode } from './parse.ts';

const RESERVED_FLAG = 0x0040;
/** The highest operation that is assigned: DSO (RFC 8490). */
const LAST_OPERATION = 6;
const RESPONSE_CODE = 0x0f;

/** What rules see of a DNS message: buffers `dns.*` as Suricata names them. */
export function dnsView(protocol: DnsRecord['protocol'], bytes: Uint8Array): TransactionView {
  const message = readDnsMessage(bytes, protocol);
  const { flags, questions, answers, authorities, additionals } = message;
  const isQuery = message.activity === 'query';
  const asked = questions.map(({ name }) => name);
  const operation = (flags >>> 11) & 0x0f;
  const types = [...questions, ...answers].flatMap(({ type }) => typeCode(type) ?? []);
  const view = transactionView(
    protocol,
    {
      [`${protocol}.${isQuery ? 'query' : 'response.rrname'}`]: isQuery
        ? asked
        : [...asked, ...[...answers, ...authorities, ...additionals].flatMap(allNamesOf)],
      [`${protocol}.queries.rrname`]: asked,
      [`${protocol}.answers.rrname`]: namesOf(answers),
      [`${protocol}.authorities.rrname`]: namesOf(authorities),
      [`${protocol}.additionals.rrname`]: namesOf(additionals),
    },
    { 'dns.opcode': operation, 'dns.rrtype': types, 'dns.rcode': isQuery ? undefined : flags & RESPONSE_CODE },
    [
      ...((flags & RESERVED_FLAG) === 0 ? [] : ['dns.z_flag_set']),
      ...(operation <= LAST_OPERATION ? [] : ['dns.invalid_opcode']),
    ],
  );
  return { ...view, record: () => message };
}

/** Name of a resource, and those in its data where they are names (RFC 1035 §3.3). */
function allNamesOf({ name, type, value, soa }: DnsResource): readonly string[] {
  if (soa !== undefined) return [name, soa.server, soa.mailbox];
  return NAMED_DATA.has(type) ? [name, value.replace(/^\d+ /, '')] : [name];
}

const NAMED_DATA = new Set(['CNAME', 'MX', 'NS', 'PTR']);

function namesOf(resources: readonly DnsResource[]): readonly string[] {
  return resources.map(({ name }) => name);
}
