import type { TelemetryRow } from '@sphinx/schema';

/** When the test rows begin. */
export const BASE_TIME = 1_790_000_000_000;

/** A flow of the modality 10.0.0.1 to the archive, `number` seconds after the base time. */
export function flow(
  number: number,
  change: Partial<TelemetryRow<'network_activity'>> = {},
): TelemetryRow<'network_activity'> {
  return {
    time: BASE_TIME + number * 1000,
    end_time: BASE_TIME + number * 1000 + 500,
    flow_id: `flow_${String(number).padStart(6, '0')}`,
    source_id: 'capture',
    is_sample: false,
    src_ip: '10.0.0.1',
    src_port: 40_000 + (number % 1000),
    src_mac: '02:00:00:00:00:01',
    dst_ip: '10.0.0.2',
    dst_port: 104,
    dst_mac: null,
    vlan_uid: null,
    transport: 'tcp',
    app_name: 'dicom',
    is_encrypted: false,
    bytes_out: 1000,
    bytes_in: 10,
    packets_out: 3,
    packets_in: 2,
    tcp_flags_out: 0x1b,
    tcp_flags_in: 0x1b,
    state: 'closed',
    packet_number: number + 1,
    ...change,
  };
}

/** An HL7 message on the wire. */
export function record(
  number: number,
  change: Partial<TelemetryRow<'protocol_activity'>> = {},
): TelemetryRow<'protocol_activity'> {
  return {
    time: BASE_TIME + number * 1000,
    flow_id: `flow_${String(number).padStart(6, '0')}`,
    source_id: 'capture',
    is_sample: false,
    src_ip: '10.0.0.3',
    dst_ip: '10.0.0.4',
    dst_port: 2575,
    app_name: 'hl7',
    activity: 'ADT^A01',
    details: '{"version":"2.5"}',
    packet_number: number + 1,
    ...change,
  };
}
