import type { Detection } from '../detection.ts';
import type { Fact } from '../event.ts';
import { compact, createOcsfEvent, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;

/** A rule matched traffic: Detection Finding with both ends and the packet as evidence. */
export function detectionFound(fact: Fact<'detection.found'>, origin: OcsfOrigin): OcsfEvent {
  const { rule, severity, time } = fact.data;
  return createOcsfEvent('detection_finding', {
    activity: [1, 'Create'],
    time,
    message: rule.title,
    severity,
    origin,
    attributes: {
      finding_info: findingOf(fact.data),
      status_id: 1,
      status: 'New',
      is_alert: true,
      evidences: [evidenceOf(fact.data)],
    },
  });
}

function findingOf({ id, rule, time }: Detection): Attributes {
  return compact({
    uid: id,
    title: rule.title,
    created_time: time,
    types: ['intrusion-detection'],
    analytic: compact({
      type_id: 1,
      type: 'Rule',
      uid: `${rule.gid}:${rule.sid}`,
      name: rule.title,
      version: String(rule.revision),
      category: rule.category || rule.class,
    }),
    attacks: rule.techniques.map((uid) => ({ version: ATTACK_VERSION, technique: { uid } })),
  });
}

/** Version of MITRE ATT&CK that the techniques of the own rules are from. */
const ATTACK_VERSION = '17';

function evidenceOf({ source, destination, transport, protocol, packet, rule }: Detection): Attributes {
  return compact({
    uid: `${rule.gid}:${rule.sid}`,
    name: rule.title,
    src_endpoint: endpointOf(source),
    dst_endpoint: endpointOf(destination),
    connection_info: { direction_id: 0, direction: 'Unknown', protocol_name: transport },
    data: compact({ protocol, packet }),
  });
}

function endpointOf({ ip, port }: { readonly ip: string; readonly port: number }): Attributes {
  return port === 0 ? { ip } : { ip, port };
}
