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
  /**
   * One line or event of somebody's own log, normalised; `fields` (JSON) and `raw` keep what it said itself. Of many OCSF
   * classes, which `class_uid` names.
   */
  log_activity: z.object({
    time: Timestamp,
    /** When it came in. OCSF `metadata.logged_time`. */
    logged_time: Timestamp,
    log_id: z.string(),
    /** Way in and sender, for example `syslog-udp/10.0.0.9`. */
    source_id: z.string(),
    is_sample: z.boolean(),
    /** Id of knowledge/log-formats; empty where no format fits. */
    format: z.string(),
    /** What retention goes by: `authentication`, `audit`, `network`, `web` … */
    kind: z.string(),
    is_parsed: z.boolean(),
    class_uid: z.int(),
    activity: z.string(),
    severity: z.string(),
    /** `success`, `failure` or empty. */
    status: z.string(),
    device_host: z.string(),
    device_ip: z.string(),
    product: z.string(),
    service: z.string(),
    actor_user: z.string(),
    target_user: z.string(),
    src_ip: z.string(),
    /** Address as 32 hexadecimal digits (IPv4 mapped into IPv6), so that networks are ranges. */
    src_ip_key: z.string(),
    src_port: z.int().nullable(),
    src_host: z.string(),
    dst_ip: z.string(),
    dst_ip_key: z.string(),
    dst_port: z.int().nullable(),
    dst_host: z.string(),
    transport: z.string(),
    app_name: z.string(),
    rule_name: z.string(),
    url: z.string(),
    http_method: z.string(),
    http_status: z.int().nullable(),
    user_agent: z.string(),
    file_name: z.string(),
    process_name: z.string(),
    command_line: z.string(),
    object: z.string(),
    event_code: z.string(),
    bytes_out: z.int().nullable(),
    bytes_in: z.int().nullable(),
    message: z.string(),
    fields: z.string(),
    raw: z.string(),
  }),
} as const;

export type TelemetryTable = keyof typeof TELEMETRY;
export type TelemetryRow<T extends TelemetryTable> = z.infer<(typeof TELEMETRY)[T]>;
