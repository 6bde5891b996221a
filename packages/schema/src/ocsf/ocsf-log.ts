import type { TelemetryRow } from '../telemetry.ts';
import { ipOf } from './ocsf-device.ts';
import { compact, createOcsfEvent, OCSF_SEVERITIES, type OcsfClass, type OcsfEvent } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;
type LogRow = TelemetryRow<'log_activity'>;

/** Classes that rows of logs may be of: OCSF `class_uid` → class. Any other is a Base Event. */
const LOG_CLASSES: ReadonlyMap<number, OcsfClass> = new Map<number, OcsfClass>([
  [1007, 'process_activity'],
  [2004, 'detection_finding'],
  [3001, 'account_change'],
  [3002, 'authentication'],
  [4001, 'network_activity'],
  [4002, 'http_activity'],
  [4003, 'dns_activity'],
  [4014, 'tunnel_activity'],
  [6002, 'application_lifecycle'],
  [6005, 'datastore_activity'],
]);

/** Methods of RFC 9110 and RFC 5789, which OCSF names; others stay in the line itself. */
const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);

/** `class_uid` that a row of a log may have beside 0. */
export const LOG_CLASS_UIDS: readonly number[] = [...LOG_CLASSES.keys()];

/** One line of a log as an event of its class; what the class has no attribute for is in `unmapped`. */
export function logRow(row: LogRow): OcsfEvent {
  const className = LOG_CLASSES.get(row.class_uid) ?? 'base_event';
  const { log_id, source_id, is_sample, activity, severity } = row;
  return createOcsfEvent(className, {
    activity: activity === '' ? [0, 'Unknown'] : [99, activity],
    time: row.time,
    message: row.message,
    ...(Object.hasOwn(OCSF_SEVERITIES, severity) ? { severity: severity as keyof typeof OCSF_SEVERITIES } : {}),
    origin: {
      uid: log_id,
      correlation: source_id,
      feature: 'log-collection',
      code: row.event_code || 'log_activity',
      isSample: is_sample,
    },
    attributes: compact({ ...common(row), ...attributesOf(className, row) }),
  });
}

function common(row: LogRow): Attributes {
  const [status_id, status] =
    row.status === 'success' ? [1, 'Success'] : row.status === 'failure' ? [2, 'Failure'] : [0, 'Unknown'];
  return { raw_data: row.raw, status_id, status, unmapped: unmappedOf(row) };
}

function unmappedOf(row: LogRow): Attributes {
  const { format, kind, product, service, object, rule_name, file_name, fields } = row;
  return compact({ format, kind, product, service, object, rule: rule_name, file: file_name, fields });
}

function attributesOf(className: OcsfClass, row: LogRow): Attributes {
  switch (className) {
    case 'base_event':
      return {};
    case 'detection_finding':
      return { finding_info: { uid: row.log_id, title: row.rule_name || row.message || 'Detection' } };
    case 'account_change':
      return { user: userOf(row.target_user || row.actor_user) };
    case 'authentication':
      return {
        user: userOf(row.target_user || row.actor_user),
        service: { name: row.service || 'unknown' },
        src_endpoint: sourceOf(row),
      };
    case 'process_activity':
      return {
        actor: { user: userOf(row.actor_user) },
        device: { type_id: 0, type: 'Unknown', hostname: row.device_host || 'unknown' },
        process: compact({
          name: row.process_name || 'unknown',
          uid: row.log_id || 'unknown',
          cmd_line: row.command_line,
        }),
      };
    case 'application_lifecycle':
      return { app: { name: row.product || 'unknown' } };
    case 'datastore_activity':
      return {
        actor: { user: userOf(row.actor_user) },
        src_endpoint: sourceOf(row) ?? { name: 'unknown' },
        database: { name: row.object || 'unknown', type_id: 0, type: 'Unknown' },
      };
    case 'http_activity':
      return {
        http_request: compact({
          http_method: METHODS.has(row.http_method) ? row.http_method : undefined,
          url: row.url === '' ? undefined : { url_string: row.url },
          user_agent: row.user_agent,
        }),
        http_response: { code: row.http_status ?? 0 },
        src_endpoint: sourceOf(row),
        dst_endpoint: destinationOf(row),
      };
    default:
      return {
        src_endpoint: sourceOf(row) ?? { name: 'unknown' },
        dst_endpoint: destinationOf(row) ?? { name: 'unknown' },
        connection_info: compact({ direction_id: 0, direction: 'Unknown', protocol_name: row.transport }),
      };
  }
}

function userOf(name: string): Attributes {
  return { name: name || 'unknown' };
}

function sourceOf(row: LogRow): Attributes | undefined {
  return endpointOf(row.src_ip, row.src_port, row.src_host);
}

function destinationOf(row: LogRow): Attributes | undefined {
  return endpointOf(row.dst_ip, row.dst_port, row.dst_host);
}

function endpointOf(address: string, port: number | null, host: string): Attributes | undefined {
  const ip = ipOf(address)[0];
  if (ip === undefined && host === '') return undefined;
  const isPort = port !== null && port >= 0 && port <= 65_535;
  return compact({ ip, port: isPort ? port : undefined, name: ip === undefined ? host : undefined });
}
