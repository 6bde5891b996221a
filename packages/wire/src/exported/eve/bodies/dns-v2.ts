import type { DnsMessageRecord } from '../../../dns/message-record.ts';
import { type EveBody, present } from '../eve-event.ts';
import { flagMembers, groupedValues, resourceMembers, responseCode } from './dns.ts';

const FORMAT_VERSION = 2;

/** @param side number of the message within the flow, from 0. @returns a query or an answer as EVE told DNS up to version 7 of Suricata */
export function dnsBodyV2(record: DnsMessageRecord, side: number): EveBody {
  const { activity, id, flags, questions, answers, authorities } = record;
  const [question] = questions;
  const asked = { rrname: question?.name, rrtype: question?.type };
  const opcode = (flags >>> 11) & 15;
  if (activity === 'query') {
    return { type: 'dns', members: { type: 'query', id, ...present(asked), tx_id: side, opcode } };
  }
  const members = {
    version: FORMAT_VERSION,
    type: 'answer',
    id,
    flags: flags.toString(16),
    ...flagMembers(flags),
    opcode,
    ...present(asked),
    rcode: responseCode(flags),
    ...present({
      answers: answers.flatMap(resourceMembers),
      grouped: groupedValues(answers),
      authorities: authorities.flatMap(resourceMembers),
    }),
  };
  return { type: 'dns', members };
}
