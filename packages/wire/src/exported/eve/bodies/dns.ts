import type { DnsMessageRecord, DnsResource } from '../../../dns/message-record.ts';
import { type EveBody, type EveMembers, eveText, present } from '../eve-event.ts';

/** Names of RFC 1035 §4.1.1 and RFC 2136 §2.2; those of later codes are numbers. */
const RESPONSE_CODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];
const FORMAT_VERSION = 3;
const RESPONSE = 0x8000;
const FLAGS = { aa: 0x0400, tc: 0x0200, rd: 0x0100, ra: 0x0080, z: 0x0040 } as const;
/** Types whose values are also listed by type. */
const GROUPED = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'NULL', 'PTR', 'SRV', 'TXT'];

/** @param side number of the message within the flow, from 0. @returns a query or an answer as EVE tells DNS from version 8 of Suricata on */
export function dnsBody(record: DnsMessageRecord, side: number): EveBody {
  const { activity, answers, authorities, additionals } = record;
  const members = {
    version: FORMAT_VERSION,
    type: activity === 'query' ? 'request' : 'response',
    tx_id: side,
    ...headMembers(record),
    ...present({
      queries: record.questions.map(({ name, type }) => ({ rrname: name, rrtype: type })),
      answers: answers.flatMap(resourceMembers),
      grouped: groupedValues(answers),
      authorities: authorities.flatMap(resourceMembers),
      additionals: additionals.filter(({ type }) => type !== 'OPT').flatMap(resourceMembers),
    }),
  };
  return { type: 'dns', members };
}

/** @returns what multicast names are asked for or announced; its types are in lower case there */
export function multicastDnsBody(record: DnsMessageRecord): EveBody {
  const { activity, id, questions, answers, authorities, additionals } = record;
  const members = {
    type: activity === 'query' ? 'request' : 'response',
    id,
    ...flagMembers(record.flags),
    ...present({
      queries: questions.map(({ name, type }) => ({ rrname: name, rrtype: type.toLowerCase() })),
      answers: answers.map(announcedMembers),
      authorities: authorities.map(announcedMembers),
      additionals: additionals.filter(({ type }) => type !== 'OPT').map(announcedMembers),
    }),
  };
  return { type: record.protocol, members };
}

function headMembers({ id, flags }: DnsMessageRecord): EveMembers {
  return {
    id,
    flags: flags.toString(16),
    ...flagMembers(flags),
    opcode: (flags >>> 11) & 15,
    rcode: responseCode(flags),
  };
}

/** @returns name of the response code, or its number */
export function responseCode(flags: number): string {
  const code = flags & 15;
  return RESPONSE_CODES[code] ?? String(code);
}

/** @returns the bits that are set, by their names */
export function flagMembers(flags: number): EveMembers {
  const set = Object.entries(FLAGS).filter(([, bit]) => (flags & bit) !== 0);
  return {
    ...((flags & RESPONSE) === 0 ? {} : { qr: true }),
    ...Object.fromEntries(set.map(([name]) => [name, true])),
  };
}

/** @returns one entry, or one for each text that a record holds */
export function resourceMembers({ name, type, timeToLiveSeconds, value, ...details }: DnsResource): EveMembers[] {
  const { soa, service, keyFingerprint, texts } = details;
  const head = { rrname: name, rrtype: type, ttl: timeToLiveSeconds };
  if (texts !== undefined) return texts.map((text) => ({ ...head, rdata: eveText(text) }));
  const hasParts = soa !== undefined || service !== undefined || keyFingerprint !== undefined;
  const members = {
    ...head,
    ...(hasParts || value === '' ? {} : { rdata: value }),
    ...(soa === undefined ? {} : { soa: authorityMembers(soa) }),
    ...(service === undefined ? {} : { srv: service }),
    ...(keyFingerprint === undefined ? {} : { sshfp: fingerprintMembers(keyFingerprint) }),
  };
  return [members];
}

function authorityMembers(soa: NonNullable<DnsResource['soa']>): EveMembers {
  const { server, mailbox, ...numbers } = soa;
  return { mname: server, rname: mailbox, ...numbers };
}

function fingerprintMembers({ algorithm, type, fingerprint }: NonNullable<DnsResource['keyFingerprint']>): EveMembers {
  return { fingerprint, algo: algorithm, type };
}

/** @returns values by their type */
export function groupedValues(resources: readonly DnsResource[]): EveMembers {
  const groups: Record<string, unknown[]> = {};
  for (const { type, value, service, texts } of resources) {
    if (!GROUPED.includes(type)) continue;
    groups[type] = [...(groups[type] ?? []), ...(texts?.map(eveText) ?? [service ?? value])];
  }
  return groups;
}

function announcedMembers(resource: DnsResource): EveMembers {
  const { name, type, value, service, texts } = resource;
  const told = texts?.map(eveText) ?? service ?? value;
  return { rrname: name, ...present({ [type.toLowerCase()]: told }) };
}
