import type { Fact } from '../event.ts';
import { createOcsfEvent, type OcsfActivity, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

/** `activity_id` of Scan Activity. */
const ACTIVITIES: Readonly<Record<Fact<'probe.completed'>['data']['outcome'], OcsfActivity>> = {
  completed: [2, 'Completed'],
  unreachable: [2, 'Completed'],
  stopped: [3, 'Cancelled'],
  slowed: [3, 'Cancelled'],
};
const REFUSED: OcsfActivity = [3, 'Cancelled'];
/** `scan.type_id`: started by a person, or on a schedule. */
const MANUAL = { type_id: 1, type: 'Manual' } as const;
const SCHEDULED = { type_id: 2, type: 'Scheduled' } as const;

/** A run of probes is over: Scan Activity. */
export function probeCompleted(fact: Fact<'probe.completed'>, origin: OcsfOrigin): OcsfEvent {
  const { runId, ip, outcome, reason, probes, packets, startedAt, endedAt, occasion, policy } = fact.data;
  return createOcsfEvent('scan_activity', {
    activity: ACTIVITIES[outcome],
    time: fact.time,
    message: `Probes of ${ip}: ${outcome}${reason === '' ? '' : ` (${reason})`}, ${probes.length} probes, ${packets} packets`,
    origin,
    attributes: {
      scan: { uid: runId, name: `Probes of ${ip}`, ...(occasion === 'on-demand' ? MANUAL : SCHEDULED) },
      policy: { uid: policy, name: policy },
      start_time: startedAt,
      end_time: endedAt,
    },
  });
}

/** A device was not probed: Scan Activity that never began. */
export function probeRefused(fact: Fact<'probe.refused'>, origin: OcsfOrigin): OcsfEvent {
  const { runId, ip, reason, policy, occasion } = fact.data;
  return createOcsfEvent('scan_activity', {
    activity: REFUSED,
    time: fact.time,
    message: `${ip} was not probed: ${reason}`,
    origin,
    attributes: {
      scan: { uid: runId, name: `Probes of ${ip}`, ...(occasion === 'on-demand' ? MANUAL : SCHEDULED) },
      policy: policy === '' ? undefined : { uid: policy, name: policy },
    },
  });
}
