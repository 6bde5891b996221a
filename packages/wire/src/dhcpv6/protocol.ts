import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { EvidenceDraft } from '../protocol.ts';
import { parseDhcpv6 } from './parse.ts';
import type { Dhcpv6Record } from './types.ts';

export const dhcpv6 = defineDatagramRoom<Dhcpv6Record>({
  id: 'dhcpv6',
  title: 'DHCPv6',
  standards: ['RFC 8415 §8, §9, §11, §21', 'RFC 4704 §4 (client FQDN)'],
  usualPorts: [547, 546],
  isBoundToPorts: true,
  parse: parseDhcpv6,
  evidence: (record) => (record.isFromServer ? serverEvidence(record) : clientEvidence(record)),
});

function clientEvidence(record: Dhcpv6Record): readonly EvidenceDraft[] {
  // A relay passes the message on: it is about the client that the relay names, not about the relay.
  const about = record.peerAddress === undefined ? record.sentBy : { ip: record.peerAddress };
  return [
    ...draft('dhcpv6.duid', record.clientDuid, about),
    ...draft('dhcpv6.fqdn', record.fqdn, about),
    ...draft('dhcpv6.vendor-class', record.vendorClass, about),
    ...draft('dhcpv6.user-class', record.userClass, about),
    ...draft('dhcpv6.option-request', record.optionRequest, about),
  ];
}

/** Only a REPLY makes an address the client's (RFC 8415 §18.2.10.1): its identifier ties the address to the client. */
function serverEvidence(record: Dhcpv6Record): readonly EvidenceDraft[] {
  const isRelayed = record.peerAddress !== undefined;
  return [
    ...(isRelayed ? [] : draft('dhcp.server', record.serverDuid, record.sentBy)),
    ...(record.activity === 'reply'
      ? record.addresses.flatMap((ip) => draft('dhcpv6.duid', record.clientDuid, { ip }))
      : []),
  ];
}
