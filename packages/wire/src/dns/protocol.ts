import { defineDatagramRoom, draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft } from '../protocol.ts';
import { HEADER_BYTES, recogniseDns } from './detect.ts';
import { type DnsAnswer, type DnsMessage, type DnsRecord, parseDns } from './parse.ts';
import { dnsView } from './views.ts';

const LENGTH_BYTES = 2;
const MAXIMUM_MESSAGE_BYTES = 16 * 1024;
const SERVICE_NAME = /(_[a-z0-9-]+\._(?:tcp|udp))\.local$/i;

/** RFC 1035 §4, over UDP and, behind two bytes of length, over TCP (§4.2.2). */
export const dns = defineFramedRoom<DnsRecord>({
  id: 'dns',
  title: 'DNS',
  standards: ['RFC 1035 §4', 'RFC 7766 (over TCP)'],
  transports: ['udp', 'tcp'],
  usualPorts: [53],
  headerBytes: HEADER_BYTES,
  maximumBytes: MAXIMUM_MESSAGE_BYTES,
  messageLength: (header, _direction, transport) => {
    if (transport === 'udp') return header.length;
    const length = ((header[0] ?? 0) << 8) | (header[1] ?? 0);
    return length < HEADER_BYTES ? undefined : LENGTH_BYTES + length;
  },
  recognise: (message, sample) => {
    const { transport, serverPort, clientPort } = sample;
    return recogniseDns(
      transport === 'tcp' ? message.subarray(LENGTH_BYTES) : message,
      serverPort === 53 || clientPort === 53,
      transport === 'udp',
    );
  },
  createReader: pairingReader<DnsMessage, DnsRecord>({
    parse: (message, _direction, { transport }) =>
      parseDns(transport === 'tcp' ? message.subarray(LENGTH_BYTES) : message, 'dns'),
    isRequest: ({ record }) => record.activity === 'query',
    keyOf: ({ id }) => id,
    join: joinDns,
    frames: (message, { byteLength }) => [['pdu', message.subarray(message.length - byteLength)]],
    view: ({ byteLength }, message) => dnsView('dns', message.subarray(message.length - byteLength)),
  }),
  evidence: (record) => {
    if (record.activity === 'query') return [];
    const kind = record.isRecursionAvailable ? 'recursive' : 'authoritative';
    return [
      ...draft('dns.server', kind, 'server'),
      ...record.answers.flatMap((answer) => addressDrafts(answer, 'dns.name')),
    ];
  },
});

/** A response repeats its question; a query is told by itself only where nobody answered it. */
function joinDns(query: DnsMessage | undefined, response: DnsMessage | undefined, durationMs: number | undefined) {
  const told = response ?? query;
  if (told === undefined) throw new Error('A transaction has at least one side.');
  const { name, type } = response?.questions === 0 && query !== undefined ? query.record : told.record;
  return { ...told.record, name, type, durationMs };
}

export const mdns = defineDatagramRoom<DnsRecord>({
  id: 'mdns',
  title: 'Multicast DNS',
  standards: ['RFC 6762', 'RFC 6763'],
  usualPorts: [5353],
  isBoundToPorts: true,
  parse: (payload) => parseDns(payload, 'mdns')?.record,
  view: ({ protocol }, payload) => dnsView(protocol, payload),
  evidence: (record) => (record.activity === 'query' ? [] : record.answers.flatMap(mdnsDrafts)),
});

export const llmnr = defineDatagramRoom<DnsRecord>({
  id: 'llmnr',
  title: 'Link-local multicast name resolution',
  standards: ['RFC 4795'],
  usualPorts: [5355],
  isBoundToPorts: true,
  parse: (payload) => parseDns(payload, 'llmnr')?.record,
  view: ({ protocol }, payload) => dnsView(protocol, payload),
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
