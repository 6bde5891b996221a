import type { DhcpRecord } from '../../../dhcp/parse.ts';
import type { SnmpRecord } from '../../../snmp/protocol.ts';
import type { TftpRecord } from '../../../tftp/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';

/** Options that clients ask for by name (RFC 2132); others are left out. */
const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['1', 'subnet_mask'],
  ['3', 'router'],
  ['6', 'dns_server'],
  ['12', 'hostname'],
  ['15', 'domain'],
  ['35', 'arp_timeout'],
  ['42', 'ntp_server'],
  ['66', 'tftp_server_name'],
  ['67', 'bootfile_name'],
]);

export function dhcpBody(record: DhcpRecord): EveBody {
  const { activity, isReply, transactionId, clientMac, clientId, address, clientAddress } = record;
  const params = record.parameterList.split(',').flatMap((code) => PARAMETERS.get(code) ?? []);
  const members = {
    type: isReply ? 'reply' : 'request',
    id: transactionId,
    client_mac: clientMac,
    assigned_ip: isReply ? (address ?? '0.0.0.0') : '0.0.0.0',
    client_ip: clientAddress,
    ...(isReply ? { relay_ip: record.relay, next_server_ip: record.nextServer } : {}),
    dhcp_type: activity,
    ...present({
      // Kind of hardware, then its address (RFC 2132 §9.14).
      client_id: clientId.startsWith('01') ? clientId.slice(2).match(/../g)?.join(':') : '',
      hostname: record.hostname,
      vendor_class_identifier: record.vendorClass,
      params,
      lease_time: record.leaseSeconds,
      renewal_time: record.renewalSeconds,
      rebinding_time: record.rebindingSeconds,
      subnet_mask: record.subnetMask,
      routers: record.routers,
      dns_servers: record.nameServers,
    }),
  };
  return { type: 'dhcp', members };
}

const SNMP_VERSIONS = { '1': 1, '2c': 2, '3': 3 } as const;
const PDU_NAMES: ReadonlyMap<string, string> = new Map([
  ['get', 'get_request'],
  ['get-next', 'get_next_request'],
  ['set', 'set_request'],
  ['get-bulk', 'get_bulk_request'],
  ['inform', 'inform_request'],
  ['response', 'response'],
  ['trap', 'trap_v2'],
]);

/** A community is a password: only that a default one is used is told. */
export function snmpBody({ activity, version, community }: SnmpRecord): EveBody {
  const isDefault = community === 'public' || community === 'private';
  const members = present({
    version: SNMP_VERSIONS[version],
    pdu_type: PDU_NAMES.get(activity),
    community: isDefault ? community : undefined,
  });
  return { type: 'snmp', members };
}

export function tftpBody({ activity, file, mode }: TftpRecord): EveBody {
  return { type: 'tftp', members: { packet: activity === 'read-request' ? 'read' : 'write', file, mode } };
}
