import type { Alert, AlertKind, AlertSubject } from '../alert.ts';
import type { Fact } from '../event.ts';
import { compact, createOcsfEvent, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;

/** OCSF `analytic.type_id` with its caption. */
const ANALYTIC_TYPES: Readonly<Record<AlertKind, readonly [number, string]>> = {
  'log-rule': [1, 'Rule'],
  'log-search': [7, 'Keyword Match'],
  anomaly: [3, 'Statistical'],
  decoy: [2, 'Behavioral'],
  honeytoken: [9, 'Exact Data Match'],
  outage: [2, 'Behavioral'],
};

/** OCSF `observable.type_id` with its caption. */
const OBSERVABLE_TYPES: Readonly<Record<AlertSubject['type'], readonly [number, string]>> = {
  hostname: [1, 'Hostname'],
  domain: [1, 'Hostname'],
  ip: [2, 'IP Address'],
  user: [4, 'User Name'],
  account: [4, 'User Name'],
  url: [6, 'URL String'],
  file: [7, 'File Name'],
  process: [9, 'Process Name'],
  asset: [10, 'Resource UID'],
  service: [99, 'Service'],
};

/** A log rule, an anomaly, a decoy or a honeytoken: Detection Finding with what it is about as observables. */
export function alertRaised(fact: Fact<'alert.raised'>, origin: OcsfOrigin): OcsfEvent {
  const alert = fact.data;
  return createOcsfEvent('detection_finding', {
    activity: [1, 'Create'],
    time: alert.time,
    message: alert.message,
    severity: alert.severity,
    origin,
    attributes: compact({
      finding_info: findingOf(alert),
      status_id: 1,
      status: 'New',
      is_alert: true,
      confidence_score: alert.confidence === undefined ? undefined : Math.round(alert.confidence * 100),
      count: alert.count,
      start_time: alert.time,
      end_time: alert.endTime,
      observables: alert.subjects.map(observableOf),
      evidences: alert.evidence.map(({ id, kind, time, summary, packet }) => ({
        uid: id,
        name: kind,
        data: compact({ time, summary, packet }),
      })),
    }),
  });
}

function findingOf({ id, kind, analytic, message, techniques, time, endTime, comparison }: Alert): Attributes {
  const [type_id, type] = ANALYTIC_TYPES[kind];
  return compact({
    uid: id,
    title: analytic.title,
    desc: comparison === undefined ? message : `${message} Expected: ${comparison.expected}. Seen: ${comparison.seen}.`,
    created_time: time,
    first_seen_time: time,
    last_seen_time: endTime,
    types: [kind],
    analytic: compact({ type_id, type, uid: analytic.id, name: analytic.title, version: analytic.version }),
    attacks: techniques.map((uid) => ({ technique: { uid } })),
  });
}

function observableOf({ role, type, value }: AlertSubject): Attributes {
  const [type_id, caption] = OBSERVABLE_TYPES[type];
  return { name: role, type_id, type: caption, value };
}
