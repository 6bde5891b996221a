import type { LogFields } from '../log-value.ts';

/** A line as it came in. */
export interface LogRecord {
  /** The line as the sender wrote it, without framing. */
  readonly raw: string;
  /** When it arrived, milliseconds since 1970. */
  readonly arrivedMs: number;
  /** Way in and sender, for example `syslog-udp/10.0.0.9`. */
  readonly source: string;
  /** Address of the sender; empty where there is none. */
  readonly senderIp: string;
  /** Fields that came ready: OTLP, EVTX. */
  readonly fields?: LogFields | undefined;
  /** Of fields that came ready, milliseconds since 1970. */
  readonly timeMs?: number | undefined;
  /** Id of the format that its source is known to write; told by content where absent. */
  readonly format?: string | undefined;
}

/** Columns of a row by name, as `log_activity` has them. */
export interface LogColumns {
  readonly format: string;
  readonly kind: string;
  readonly is_parsed: boolean;
  readonly class_uid: number;
  readonly activity: string;
  readonly severity: string;
  readonly status: string;
  readonly device_host: string;
  readonly device_ip: string;
  readonly product: string;
  readonly service: string;
  readonly actor_user: string;
  readonly target_user: string;
  readonly src_ip: string;
  readonly src_ip_key: string;
  readonly src_port: number | null;
  readonly src_host: string;
  readonly dst_ip: string;
  readonly dst_ip_key: string;
  readonly dst_port: number | null;
  readonly dst_host: string;
  readonly transport: string;
  readonly app_name: string;
  readonly rule_name: string;
  readonly url: string;
  readonly http_method: string;
  readonly http_status: number | null;
  readonly user_agent: string;
  readonly file_name: string;
  readonly process_name: string;
  readonly command_line: string;
  readonly object: string;
  readonly event_code: string;
  readonly bytes_out: number | null;
  readonly bytes_in: number | null;
  readonly message: string;
}

/** What became of a line. */
export interface LogReading {
  /** When it happened, milliseconds since 1970; when it arrived, where it does not tell. */
  readonly timeMs: number;
  readonly columns: LogColumns;
  /** All that it says, by its own names. */
  readonly fields: LogFields;
  /** What Sigma calls the log. */
  readonly logsource: {
    readonly product?: string | undefined;
    readonly category?: string | undefined;
    readonly service?: string | undefined;
  };
}
