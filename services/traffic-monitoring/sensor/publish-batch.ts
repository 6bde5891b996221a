import { type Conversation, createFact, type Fact, type HostObservation, type TelemetryRow } from '@sphinx/schema';
import type { FlowRecord, ObservedRecord } from '@sphinx/wire';
import { conversationKey } from './publication-policy.ts';

const SOURCE = 'traffic-monitoring';
const MICROS_PER_MS = 1000;

/** @returns facts, one per host and one per conversation, with ids that depend on their content only */
export function createObservationFacts(
  hosts: readonly HostObservation[],
  conversations: readonly Conversation[],
): Fact[] {
  const hostFacts = hosts.map((data) =>
    createFact('host.observed', {
      key: `host:${data.host.mac ?? data.host.ip ?? 'unknown'}`,
      time: data.evidence.reduce((latest, item) => Math.max(latest, item.lastSeen), 0),
      source: SOURCE,
      data,
    }),
  );
  const conversationFacts = conversations.map((data) =>
    createFact('conversation.observed', {
      key: `conversation:${conversationKey(data)}`,
      time: data.lastSeen,
      source: SOURCE,
      data,
    }),
  );
  return [...hostFacts, ...conversationFacts];
}

/** @returns the flow as a row of `network_activity` (OCSF Network Activity, class 4001) */
export function createFlowRow(
  flow: FlowRecord,
  source: { id: string; isSample: boolean },
): TelemetryRow<'network_activity'> {
  return {
    time: Math.floor(flow.firstSeenMicros / MICROS_PER_MS),
    end_time: Math.floor(flow.lastSeenMicros / MICROS_PER_MS),
    flow_id: flow.id,
    source_id: source.id,
    is_sample: source.isSample,
    src_ip: flow.clientIp,
    src_port: flow.clientPort,
    src_mac: flow.clientMac ?? null,
    dst_ip: flow.serverIp,
    dst_port: flow.serverPort,
    dst_mac: flow.serverMac ?? null,
    vlan_uid: flow.vlan ?? null,
    transport: flow.transport,
    app_name: flow.protocol,
    is_encrypted: flow.isEncrypted,
    bytes_out: flow.bytesToServer,
    bytes_in: flow.bytesToClient,
    packets_out: flow.packetsToServer,
    packets_in: flow.packetsToClient,
    tcp_flags_out: flow.tcpFlagsToServer,
    tcp_flags_in: flow.tcpFlagsToClient,
    state: flow.state,
    packet_number: flow.firstPacketNumber,
  };
}

/** @returns the record as a row of `protocol_activity`, its own fields as JSON */
export function createRecordRow(
  observed: ObservedRecord,
  source: { id: string; isSample: boolean },
): TelemetryRow<'protocol_activity'> {
  const { protocol, activity, ...details } = observed.record;
  return {
    time: Math.floor(observed.timeMicros / MICROS_PER_MS),
    flow_id: observed.flow.id,
    source_id: source.id,
    is_sample: source.isSample,
    src_ip: observed.flow.clientIp,
    dst_ip: observed.flow.serverIp,
    dst_port: observed.flow.serverPort,
    app_name: protocol,
    activity,
    details: JSON.stringify(details),
    packet_number: observed.packetNumber,
  };
}
