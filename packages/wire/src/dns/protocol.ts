import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { EvidenceDraft } from '../protocol.ts';
import { type DnsAnswer, type DnsRecord, parseDns } from './parse.ts';

const SERVICE_NAME = /(_[a-z0-9-]+\._(?:tcp|udp))\.local$/i;

export const dns = defineDatagramRoom<DnsRecord>({
  id: 'dns',
  title: 'DNS',
  standards: ['RFC 1035 §4'],
  usualPorts: [53],
  parse: (payload) => parseDns(payload, 'dns'),
  evidence: (record) => {
    if (record.activity === 'query') return [];
    const kind = record.isRecursionAvailable ? 'recursive' : 'authoritative';
    return [
      ...draft('dns.server', kind, 'server'),
      ...record.answers.flatMap((answer) => addressDrafts(answer, 'dns.name')),
    ];
  },
});

export const mdns = defineDatagramRoom<DnsRecord>({
  id: 'mdns',
  title: 'Multicast DNS',
  standards: ['RFC 6762', 'RFC 6763'],
  usualPorts: [5353],
  isBoundToPorts: true,
  parse: (payload) => parseDns(payload, 'mdns'),
  evidence: (record) => (record.activity === 'query' ? [] : record.answers.flatMap(mdnsDrafts)),
});

export const llmnr = defineDatagramRoom<DnsRecord>({
  id: 'llmnr',
  title: 'Link-local multicast name resolution',
  standards: ['RFC 4795'],
  usualPorts: [5355],
  isBoundToPorts: true,
  parse: (payload) => parseDns(payload, 'llmnr'),
  evidence: (record) => (record.activity === 'query' ? [] : draft('llmnr.name', record.name.toLowerCase(), 'server')),
});

/** Host records are about the address they name; what is announced is about the sender, which a flow calls its client. */
function mdnsDrafts(answer: DnsAnswer): readonly EvidenceDraft[] {
  switch (answer.type) {
    case 'A':
      return addressDrafts(answer, 'mdns.name');
    case 'PTR':
    case 'SRV': {
      const service = SERVICE_NAME.exec(answer.name)?.[1]?.toLowerCase() ?? '';
      return draft('mdns.service', service.startsWith('_services') ? '' : service, 'client');
    }
    case 'TXT':
      return answer.value.split(';').flatMap((pair) => draft('mdns.txt', pair, 'client'));
    default:
      return [];
  }
}

function addressDrafts({ name, type, value }: DnsAnswer, attribute: string): readonly EvidenceDraft[] {
  return type === 'A' && value !== '' ? draft(attribute, name.toLowerCase(), { ip: value }) : [];
}
