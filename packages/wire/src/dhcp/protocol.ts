import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { EvidenceDraft } from '../protocol.ts';
import { type DhcpRecord, parseDhcp } from './parse.ts';

export const dhcp = defineDatagramRoom<DhcpRecord>({
  id: 'dhcp',
  title: 'DHCP',
  standards: ['RFC 2131', 'RFC 2132', 'RFC 4702'],
  usualPorts: [67, 68],
  parse: parseDhcp,
  evidence: dhcpEvidence,
});

function dhcpEvidence(record: DhcpRecord): readonly EvidenceDraft[] {
  const { clientMac, address } = record;
  const isAnswer = record.activity === 'ack' || record.activity === 'offer';
  // A server's message names the client by its link address; only an ACK makes the address the client's.
  const client = { mac: clientMac, ...(address === undefined || record.activity === 'offer' ? {} : { ip: address }) };
  if (isAnswer) {
    return [
      ...(record.activity === 'ack' ? draft('dhcp.address', address ?? '', client) : []),
      ...draft(
        'dhcp.server',
        record.serverId ?? '',
        record.serverId === undefined ? 'server' : { ip: record.serverId },
      ),
    ];
  }
  return [
    ...draft('dhcp.hostname', record.hostname, client),
    ...draft('dhcp.fqdn', record.fqdn, client),
    ...draft('dhcp.vendor-class', record.vendorClass, client),
    ...draft('dhcp.parameter-list', record.parameterList, client),
    ...draft('dhcp.client-id', record.clientId, client),
  ];
}
