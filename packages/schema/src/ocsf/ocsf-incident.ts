import type { Fact } from '../event.ts';
import type { Incident, IncidentStatus, IncidentVerdict } from '../incident.ts';
import { compact, createOcsfEvent, type OcsfActivity, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;
type IncidentFact = Fact<'incident.opened'> | Fact<'incident.updated'> | Fact<'incident.closed'>;

const ACTIVITIES: Readonly<Record<IncidentFact['type'], OcsfActivity>> = {
  'incident.opened': [1, 'Create'],
  'incident.updated': [2, 'Update'],
  'incident.closed': [3, 'Close'],
};

/** OCSF `status_id` of Incident Finding with its caption. */
const STATUSES: Readonly<Record<IncidentStatus, readonly [number, string]>> = {
  new: [1, 'New'],
  'in-progress': [2, 'In Progress'],
  'on-hold': [3, 'On Hold'],
  closed: [5, 'Closed'],
};

/** OCSF `verdict_id` with its caption. */
const VERDICTS: Readonly<Record<IncidentVerdict, readonly [number, string]>> = {
  false: [1, 'False Positive'],
  true: [2, 'True Positive'],
  benign: [5, 'Benign'],
  test: [6, 'Test'],
  duplicate: [10, 'Duplicate'],
};

/** OCSF `priority_id` with its caption. */
const PRIORITIES: Readonly<Record<Incident['severity'], readonly [number, string]>> = {
  informational: [1, 'Low'],
  low: [1, 'Low'],
  medium: [2, 'Medium'],
  high: [3, 'High'],
  critical: [4, 'Critical'],
};

/** Whoever nobody is named stands for: OCSF asks for an assignee or a group. */
const NOBODY = { name: 'unassigned' };

/** An incident was opened, changed or closed: Incident Finding. */
export function incidentTold(fact: IncidentFact, origin: OcsfOrigin): OcsfEvent {
  const incident = fact.data;
  const [status_id, status] = STATUSES[incident.status];
  const [priority_id, priority] = PRIORITIES[incident.severity];
  const verdict = incident.verdict === null ? undefined : VERDICTS[incident.verdict];
  return createOcsfEvent('incident_finding', {
    activity: ACTIVITIES[fact.type],
    time: incident.openedAt,
    message: incident.title,
    severity: incident.severity,
    origin,
    profiles: ['incident'],
    attributes: compact({
      desc: incident.summary,
      status_id,
      status,
      priority_id,
      priority,
      verdict_id: verdict?.[0],
      verdict: verdict?.[1],
      assignee: incident.owner === null || incident.owner === '' ? undefined : { name: incident.owner },
      assignee_group: incident.owner === null || incident.owner === '' ? NOBODY : undefined,
      start_time: incident.firstSeen,
      end_time: incident.lastSeen,
      attacks: incident.techniques.filter((uid) => uid !== '').map((uid) => ({ technique: { uid } })),
      finding_info_list: [findingOf(incident)],
    }),
  });
}

function findingOf({ id, title, summary, analytics, openedAt, firstSeen, lastSeen }: Incident): Attributes {
  return compact({
    uid: id,
    title,
    desc: summary,
    created_time: openedAt,
    first_seen_time: firstSeen,
    last_seen_time: lastSeen,
    types: ['incident'],
    related_analytics: analytics.map(({ id: uid, title: name }) => compact({ type_id: 1, type: 'Rule', uid, name })),
  });
}
