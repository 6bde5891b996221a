import { z } from 'zod';
import { Timestamp } from './evidence.ts';

/**
 * Telemetry tables of the event store: table → row. Telemetry may be dropped under load, and every drop is counted.
 * Column names follow OCSF attributes, flattened with underscores.
 */
export const TELEMETRY = {
  /** OCSF Network Activity (4001): one finished or long-running flow. */
  network_activity: z.object({
    time: Timestamp,
    end_time: Timestamp,
    flow_id: z.string(),
    source_id: z.string(),
    is_sample: z.boolean(),
    src_ip: z.string(),
    src_port: z.int(),
    src_mac: z.string().nullable(),
    dst_ip: z.string(),
    dst_port: z.int(),
    dst_mac: z.string().nullable(),
    vlan_uid: z.int().nullable(),
    transport: z.string(),
    app_name: z.string(),
    is_encrypted: z.boolean(),
    bytes_out: z.int(),
    bytes_in: z.int(),
    packets_out: z.int(),
    packets_in: z.int(),
    tcp_flags_out: z.int(),
    tcp_flags_in: z.int(),
    state: z.string(),
    packet_number: z.int(),
  }),
  /** One application-layer record (DNS query, HTTP exchange, DICOM association …); details as JSON. */
  protocol_activity: z.object({
    time: Timestamp,
    flow_id: z.string(),
    source_id: z.string(),
    is_sample: z.boolean(),
    src_ip: z.string(),
    dst_ip: z.string(),
    dst_port: z.int(),
    app_name: z.string(),
    activity: z.string(),
    details: z.string(),
    packet_number: z.int(),
  }),
  /** OCSF Network File Activity (4010): one file that crossed the network, sent from `src_ip`. Names as policy allows. */
  file_activity: z.object({
    time: Timestamp,
    end_time: Timestamp,
    file_id: z.string(),
    flow_id: z.string(),
    source_id: z.string(),
    is_sample: z.boolean(),
    src_ip: z.string(),
    src_port: z.int(),
    dst_ip: z.string(),
    dst_port: z.int(),
    app_name: z.string(),
    /** `upload` to the server, `download` to the client. */
    activity: z.string(),
    /** Whole name of programs and scripts, else `*` with the ending. */
    name: z.string(),
    extension: z.string(),
    declared_type: z.string(),
    /** By content; id of knowledge/file-types. */
    type: z.string(),
    media_type: z.string(),
    category: z.string(),
    is_mismatch: z.boolean(),
    is_clinical: z.boolean(),
    size: z.int(),
    is_whole: z.boolean(),
    lost_bytes: z.int(),
    md5: z.string(),
    sha1: z.string(),
    sha256: z.string(),
    /** `matched` a rule, `clean`, or `unscanned`: its bytes were not held, or there was no time. */
    verdict: z.string(),
    /** Names of the YARA rules that matched, as JSON. */
    rules: z.string(),
    is_kept: z.boolean(),
    details: z.string(),
    packet_number: z.int(),
  }),
} as const;

export type TelemetryTable = keyof typeof TELEMETRY;
export type TelemetryRow<T extends TelemetryTable> = z.infer<(typeof TELEMETRY)[T]>;
