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
/** What remains of `_services._dns-sd._udp.local`. */
const ALL_SERVICES = '_dns-sd._udp';

/** RFC 1035 §4, over UDP and, behind two bytes of length, over TCP (§4.2.2). */
export const dns = defineFramedRoom<DnsRecord>({
  id: 'dns',
  title: 'DNS',
  standards: ['RFC 1035 §4', 'RFC 7766 (over TCP)', 'RFC 8484 (over HTTP)'],
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
export function joinDns(
  query: DnsMessage | undefined,
  response: DnsMessage | undefined,
  durationMs: number | undefined,
): DnsRecord {
  const told = response ?? query;
  if (told === undefined) throw new Error('A transaction has at least one side.');
  const { name, type } = response?.questions === 0 && query !== undefined ? query.record : told.record;
  return { ...told.record, name, type, durationMs };
}

/** Who is asked directly answers from the end that was asked (RFC 6762 §5.4, §6.7); who announces to all begins the flow. */
interface MdnsRecord extends DnsRecord {
  readonly teller: 'client' | 'server';
}

export const mdns = defineDatagramRoom<MdnsRecord>({
  id: 'mdns',
  title: 'Multicast DNS',
  standards: ['RFC 6762', 'RFC 6763'],
  usualPorts: [5353],
  isBoundToPorts: true,
  parse(payload, direction) {
    const record = parseDns(payload, 'mdns')?.record;
    return record === undefined ? undefined : { ...record, teller: direction === 'to-server' ? 'client' : 'server' };
  },
  view: ({ protocol }, payload) => dnsView(protocol, payload),
  evidence: ({ activity, answers, teller }) =>
    activity === 'query' ? [] : answers.flatMap((answer) => mdnsDrafts(answer, teller)),
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

/** Host records are about the address they name; what is announced is about who tells it. */
function mdnsDrafts(answer: DnsAnswer, teller: MdnsRecord['teller']): readonly EvidenceDraft[] {
  switch (answer.type) {
    case 'A':
      return addressDrafts(answer, 'mdns.name');
    case 'PTR':
    case 'SRV': {
      const service = serviceOf(answer.name);
      // RFC 6763 §9: asked for all its services, it answers with their types.
      return draft('mdns.service', service === ALL_SERVICES ? serviceOf(answer.value) : service, teller);
    }
    case 'TXT':
      return answer.value.split(';').flatMap((pair) => draft('mdns.txt', pair, teller));
    default:
      return [];
  }
}

function serviceOf(name: string): string {
  return SERVICE_NAME.exec(name)?.[1]?.toLowerCase() ?? '';
}

function addressDrafts({ name, type, value }: DnsAnswer, attribute: string): readonly EvidenceDraft[] {
  return type === 'A' && value !== '' ? draft(attribute, name.toLowerCase(), { ip: value }) : [];
}
